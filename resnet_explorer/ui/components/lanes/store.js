// The lanes of one editor, their history, and what is known of each: the newest text wins, the last good answer stays.
import { createContext, useContext } from "../shared/vendor/preact.js";
import { createHistory } from "./history.js";
import { argumentsOf, createLane, requestOf, specOf } from "./lane.js";
import { t } from "../shared/words.js";

const MOST_KNOWN = 400;
const AGAIN_MS = 3000;
// what is known of the text of a lane: the answer, or the error
export const known = new Map();
export const Store = createContext(null);
export const useStore = () => useContext(Store);

// `ask` gives the answers for a list of lanes, `draw` shows a state, `emit` gets lanes whose answers are all there.
export function createStore({ id, catalog, ask, draw, emit }) {
  const history = createHistory();
  let state = { lanes: [], selected: 0 };
  let asking = false;

  // Change a draft of the state; `kind` joins changes of one sort, such as those of one slider, to one undo.
  function update(change, { undoable = true, kind = "" } = {}) {
    const before = state.lanes.map(requestOf);
    const draft = { ...state, lanes: state.lanes.map((lane) => ({ ...lane, fields: { ...lane.fields } })) };
    change(draft);
    if (undoable && JSON.stringify(draft.lanes.map(requestOf)) !== JSON.stringify(before)) history.keep(before, kind);
    put(draft);
  }

  // Change one lane by its slot.
  function edit(slot, change, options) {
    update((draft) => draft.lanes.filter((lane) => lane.slot === slot).forEach(change), options);
  }

  function travel(lanes) {
    if (!lanes) return;
    const now = new Map(state.lanes.map((lane) => [lane.slot, lane]));
    put({ ...state, lanes: lanes.map((lane) => ({ ...(now.get(lane.slot) ?? createLane(lane.slot)), ...lane })) });
  }

  function put(draft) {
    state = { ...draft, lanes: draft.lanes.map(settle) };
    draw(state);
    if (state.lanes.some((lane) => lane.pending)) askPending();
    else emit(state.lanes);
  }

  // A lane with what is known about its text; while an answer is under way it keeps its last good one.
  function settle(lane) {
    const text = specOf(lane);
    const { error = null, answer } = known.get(text) ?? {};
    if (answer) return { ...lane, pending: false, error, answer, spec: text };
    return { ...lane, pending: !error, error: error ?? lane.error, spec: lane.answer ? lane.spec : "" };
  }

  // One call at a time for all lanes that have no answer yet; what is typed meanwhile is asked in the next one.
  async function askPending() {
    if (asking) return;
    asking = true;
    const { lanes } = state;
    const pending = lanes.filter((lane) => lane.pending);
    const answers = await answersTo(pending);
    asking = false;
    if (known.size > MOST_KNOWN) known.clear();
    pending.forEach((lane, place) => known.set(specOf(lane), answers[place]));
    if (answers.some(({ passing }) => passing)) setTimeout(() => askAgain(pending), AGAIN_MS);
    follow(lanes.map(settle));
  }

  // A slider that sweeps is followed: what it has passed meanwhile is shown, too.
  function follow(passed) {
    const newer = new Map(passed.map((lane) => [lane.slot, lane]));
    if (passed.every((lane) => !lane.error && !lane.pending)) emit(passed);
    put({ ...state, lanes: state.lanes.map((lane) => ({ ...lane, answer: newer.get(lane.slot)?.answer ?? lane.answer, spec: newer.get(lane.slot)?.spec ?? lane.spec })) });
  }

  async function answersTo(lanes) {
    try {
      return (await ask(lanes.map(argumentsOf))).map((answer) => (answer.error ? { error: answer.error } : { answer }));
    } catch {
      const error = { message: t("The server does not answer; is it still running?"), suggestions: [] };
      return lanes.map(() => ({ error, passing: true }));
    }
  }

  function askAgain(lanes) {
    lanes.forEach((lane) => known.delete(specOf(lane)));
    put(state);
  }

  return {
    id,
    catalog,
    get: () => state,
    put,
    update,
    edit,
    undo: () => travel(history.back(state.lanes.map(requestOf))),
    redo: () => travel(history.forth(state.lanes.map(requestOf))),
    canUndo: history.canGoBack,
    canRedo: history.canGoForth,
  };
}
