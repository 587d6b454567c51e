// Remembers the states to go back to; changes of one kind in quick succession are one step.
const MOST = 200;
const TOGETHER_MS = 1200;

export function createHistory() {
  const past = [];
  const future = [];
  let last = { kind: "", time: 0 };

  function keep(before, kind, now = Date.now()) {
    const joined = kind && kind === last.kind && now - last.time < TOGETHER_MS;
    last = { kind, time: now };
    future.length = 0;
    if (joined) return;
    past.push(before);
    if (past.length > MOST) past.shift();
  }

  function move(from, to, current) {
    if (!from.length) return null;
    to.push(current);
    last = { kind: "", time: 0 };
    return from.pop();
  }

  return {
    keep,
    back: (current) => move(past, future, current),
    forth: (current) => move(future, past, current),
    canGoBack: () => past.length > 0,
    canGoForth: () => future.length > 0,
  };
}
