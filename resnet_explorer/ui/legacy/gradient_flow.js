// Asks for the flow of all lanes when the question changes, and keeps what is known while the answer comes.
import { useEffect, useReducer, useRef } from "../components/shared/vendor/preact.js";
import { broken, listen } from "./gradient_stream.js";
import { mixed } from "../components/figure/older.js";

// a burst of changes is one question
const PAUSE = 40;
// lanes that are still being spelled out are waited for, but not for ever
const PATIENCE = 160;
// while a slider sweeps, a question that has shown nothing yet may go on for so long
const GRACE = 250;
const EMPTY = { figure: null, base: null, fresh: false, done: 0, of: 0, waiting: false, failures: {}, summary: null, settled: false, error: "" };

export function useFlow(question, pending) {
  const [flow, tell] = useReducer(reduce, EMPTY);
  const asking = useRef(null);
  asking.current ??= createAsking(tell);
  const key = question && JSON.stringify(question);
  useEffect(() => {
    if (question) asking.current.ask(question, pending);
  }, [key, pending]);
  useEffect(() => asking.current.stop, []);
  return flow;
}

// One question at a time, the newest; `since` is when the first one that waits began to wait.
function createAsking(tell) {
  let timer = 0;
  let since = 0;
  let now = { key: "", abort: null, begun: 0, shown: true };

  function begin(question, key) {
    now.abort?.abort();
    since = 0;
    const mine = (now = { key, abort: new AbortController(), begun: performance.now(), shown: false });
    const hear = (line) => {
      mine.shown ||= line.event === "figure" && line.done >= question.lanes.length;
      tell(line);
    };
    tell({ event: "asked", slots: question.lanes.map((lane) => lane.slot) });
    listen("stream/gradient", question, hear, mine.abort.signal).then(
      () => (mine.shown = true),
      (error) => {
        mine.shown = true;
        if (!mine.abort.signal.aborted) tell({ event: "broken", error: broken(error) });
      },
    );
  }

  return {
    ask(question, pending) {
      clearTimeout(timer);
      const key = JSON.stringify(question);
      if (key === now.key) return;
      const moment = performance.now();
      since ||= moment;
      const due = Math.max(since + (pending ? PATIENCE : PAUSE), now.shown ? 0 : now.begun + GRACE);
      timer = setTimeout(() => begin(question, key), Math.max(0, due - moment));
    },
    stop() {
      clearTimeout(timer);
      now.abort?.abort();
    },
  };
}

// `base` is the last whole figure: its lanes stand faded until they are computed anew.
function reduce(flow, line) {
  switch (line.event) {
    case "asked":
      return { ...flow, base: flow.figure, slots: line.slots, fresh: false, settled: false, done: 0, of: 0, waiting: false, failures: {}, error: "" };
    case "waiting":
      return { ...flow, waiting: true };
    case "begun":
      return { ...flow, of: line.of, waiting: false };
    case "failed":
      return { ...flow, failures: { ...flow.failures, [line.slot]: line.error } };
    case "measured":
      return { ...flow, done: line.done };
    case "figure":
      return { ...flow, done: line.done, figure: mixed(JSON.parse(line.figure), flow.base, flow.slots), fresh: true };
    case "done":
      return { ...flow, done: flow.of, base: null, fresh: true, settled: true, summary: line };
    case "broken":
      return { ...flow, error: line.error, waiting: false };
    default:
      return flow;
  }
}
