// Remembers the states to go back to; changes of one kind in quick succession are one step.
const MOST = 200;
const TOGETHER_MS = 1200;

export function createHistory() {
  const past = [];
  const future = [];
  let last = { kind: "", time: 0 };
  const mover = (from, to) => (current) => {
    if (!from.length) return null;
    to.push(current);
    last = { kind: "", time: 0 };
    return from.pop();
  };
  return {
    keep(before, kind) {
      const joined = kind && kind === last.kind && Date.now() - last.time < TOGETHER_MS;
      last = { kind, time: Date.now() };
      future.length = 0;
      if (!joined) past.push(before);
      if (past.length > MOST) past.shift();
    },
    back: mover(past, future),
    forth: mover(future, past),
    canGoBack: () => past.length > 0,
    canGoForth: () => future.length > 0,
  };
}
