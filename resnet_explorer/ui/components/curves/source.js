// The stream of what runs report, once for all who listen: the runs that any of them wants, from the last event that all of
// them have. It mends itself where it left off.
const AGAIN_MS = 2000;
const EVENTS = ["rows", "curves", "points"];

// `want` begins or changes what somebody wants: `runs`, those of them that it wants `whole`, `after` which event, and the
// `address` of the stream. `send` gets every message of the stream, and its state as {state}. Without runs it gets no more.
export function createSource() {
  const listeners = new Map();
  const missing = new Set();
  let source = null;
  let cursor = 0;
  let again = 0;

  function want(send, wish) {
    if (wish.runs.length) listeners.set(send, wish);
    else listeners.delete(send);
    if (!listeners.size) return close();
    if (!wish.runs.length) return undefined;
    for (const run of wish.whole) missing.add(run);
    // what another has already comes to it again, and changes nothing
    if (wish.after) cursor = Math.min(cursor || wish.after, wish.after);
    return open(wish.address);
  }

  function open(address) {
    close();
    const runs = [...new Set([...listeners.values()].flatMap((wish) => wish.runs))].sort();
    const query = new URLSearchParams({ runs: runs.join(","), after: cursor });
    const whole = runs.filter((run) => missing.has(run));
    if (cursor && whole.length) query.set("whole", whole.join(","));
    source = new EventSource(`${address}?${query}`);
    source.onopen = () => tell({ state: "live" });
    // the browser would try again by itself, but gives up where the server answers something else for a while
    source.onerror = () => {
      close();
      tell({ state: "lost" });
      again = setTimeout(open, AGAIN_MS, address);
    };
    for (const event of EVENTS) source.addEventListener(event, pass);
  }

  function pass({ type: event, data, lastEventId }) {
    const id = Number(lastEventId);
    const value = JSON.parse(data);
    if (event === "curves") missing.delete(value.run);
    cursor = id || cursor;
    tell({ event, value, id });
  }

  function tell(message) {
    for (const send of listeners.keys()) send(message);
  }

  function close() {
    clearTimeout(again);
    source?.close();
    source = null;
  }

  return { want };
}
