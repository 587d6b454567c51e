// The state of the page, its history, and the lanes' answers: the newest text wins, the last good answer stays.
import { useEffect, useState } from "../components/shared/vendor/preact.js";
import { createHistory } from "../components/lanes/history.js";
import { argumentsOf, requestOf as asked, createLane, letter, ORDERINGS, specOf } from "../components/lanes/lane.js";
import { ask } from "./server.js";
import { t } from "../components/shared/words.js";

export { letter };

const MOST_KNOWN = 400;
const AGAIN_MS = 3000;
const history = createHistory();
const listeners = new Set();
const known = new Map();
const inflight = new Set();
let state = {
  lanes: ORDERINGS.map((unit, slot) => createLane(slot, { unit })),
  view: "structure",
  hide: [],
  theme: "auto",
  language: "en",
  settings: {},
};

export function get() {
  return state;
}

export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useStore() {
  const [current, setCurrent] = useState(state);
  useEffect(() => {
    setCurrent(state);
    return subscribe(() => setCurrent(state));
  }, []);
  return current;
}

// Change a draft of the state; `kind` joins changes of one sort, such as those of one slider, to one undo.
export function change(edit, { undoable = true, kind = "" } = {}) {
  const before = snapshot();
  const draft = copy(state);
  edit(draft);
  const changed = JSON.stringify(draft.lanes.map(asked)) !== JSON.stringify(before);
  if (undoable && changed) history.keep(before, kind);
  put(draft);
}

export function undo() {
  travel(history.back(snapshot()));
}

export function redo() {
  travel(history.forth(snapshot()));
}

export const canUndo = () => history.canGoBack();
export const canRedo = () => history.canGoForth();

// The lane that the panel and the single-lane parts of a view show.
export function focused(current = state) {
  return current.lanes.find((lane) => String(lane.slot) === current.settings.lane) ?? current.lanes[0];
}

function travel(lanes) {
  if (!lanes) return;
  const now = new Map(state.lanes.map((lane) => [lane.slot, lane]));
  put({ ...state, lanes: lanes.map((lane) => ({ ...(now.get(lane.slot) ?? createLane(lane.slot)), ...lane })) });
}

function snapshot() {
  return state.lanes.map(asked);
}

function copy(current) {
  const lanes = current.lanes.map((lane) => ({ ...lane, fields: { ...lane.fields } }));
  return { ...current, lanes, hide: [...current.hide], settings: { ...current.settings } };
}

function put(draft) {
  state = { ...draft, lanes: draft.lanes.map(settle) };
  for (const listener of [...listeners]) listener(state);
  for (const lane of state.lanes) if (lane.pending) fetchAnswer(lane);
}

// A lane with what is known about its text; while an answer is under way it keeps its last good one.
function settle(lane) {
  const text = specOf(lane);
  const found = known.get(text);
  if (!found) return { ...lane, pending: true, spec: lane.answer ? lane.spec : lane.error ? "" : text };
  if (found.error) return { ...lane, pending: false, error: found.error, spec: lane.answer ? lane.spec : "" };
  return { ...lane, pending: false, error: null, answer: found.answer, spec: text };
}

// One question a slot at a time: while a slider sweeps, only the newest text waits.
async function fetchAnswer(lane) {
  const text = specOf(lane);
  if (inflight.has(lane.slot)) return;
  inflight.add(lane.slot);
  const found = await outline(lane);
  inflight.delete(lane.slot);
  if (known.size > MOST_KNOWN) known.clear();
  known.set(text, found);
  if (found.passing) setTimeout(() => askAgain(text), AGAIN_MS);
  put(state);
}

function askAgain(text) {
  known.delete(text);
  put(state);
}

async function outline(lane) {
  const column = lane.unit.indexOf(";") + 1;
  if (column) return { error: { message: t("unknown character ';' at column {column}", { column }), column, suggestion: "" } };
  try {
    return { answer: await ask("outline", argumentsOf(lane)) };
  } catch (error) {
    const { message, column, suggestion, passing } = error;
    return { error: { message, column, suggestion }, passing };
  }
}
