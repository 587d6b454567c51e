// Asks for the flow of all lanes when the question changes, and keeps what is known while the answer comes.
import { useEffect, useReducer, useRef } from "./vendor/preact.js";
import { broken, listen } from "./gradient_stream.js";
import { mixed } from "./gradient_mix.js";

// a slider that moves asks again before this is over
const PAUSE = 40;
// lanes that are still being spelled out are waited for, but not for ever
const PATIENCE = 160;
const EMPTY = { figure: null, base: null, fresh: false, done: 0, of: 0, waiting: false, failures: {}, summary: null, error: "" };

export function useFlow(question, pending) {
  const [flow, tell] = useReducer(reduce, EMPTY);
  const running = useRef(null);
  const key = question && JSON.stringify(question);
  useEffect(() => {
    if (!question) return;
    const timer = setTimeout(() => {
      running.current?.abort();
      running.current = new AbortController();
      begin(question, tell, running.current.signal);
    }, pending ? PATIENCE : PAUSE);
    return () => clearTimeout(timer);
  }, [key, pending]);
  useEffect(() => () => running.current?.abort(), []);
  return flow;
}

async function begin(question, tell, signal) {
  tell({ event: "asked", slots: question.lanes.map((lane) => lane.slot) });
  try {
    await listen("stream/gradient", question, tell, signal);
  } catch (error) {
    if (!signal.aborted) tell({ event: "broken", error: broken(error) });
  }
}

// `base` is the last whole figure: its lanes stand faded until they are computed anew.
function reduce(flow, line) {
  switch (line.event) {
    case "asked":
      return { ...flow, base: flow.figure, slots: line.slots, fresh: false, done: 0, of: 0, waiting: false, failures: {}, error: "" };
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
      return { ...flow, done: flow.of, base: null, fresh: true, summary: line };
    case "broken":
      return { ...flow, error: line.error, waiting: false };
    default:
      return flow;
  }
}
