// The row of lanes: always there, slim; the focused lane opens its panel below, and on scroll one line stays.
import { html, render, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { LaneCard } from "./lane_card.js";
import { LanePanel } from "./lane_panel.js";
import { add } from "./lane_actions.js";
import { createLane, requestOf, SLOTS, titleOf, valueOf } from "./lane.js";
import { Swatch } from "../shared/swatch.js";
import { createStore, Store, useStore } from "./store.js";
import { Toolbar } from "./toolbar.js";
import { t } from "../shared/words.js";

const NARROW = "(max-width: 820px)";
let mounted = 0;

// The value is the list of lanes; null draws nothing until lanes come. It is emitted once its answers are there.
export function mount({ element, props, trigger, server }) {
  let emitted = "";
  let selected = 0;
  let drafted = "";
  let drawn = Promise.resolve();
  let turn = 0;
  // what is typed, before it is known what it is: who draws it need not wait for that, and is waited for
  const draft = (lanes) => {
    const text = JSON.stringify(lanes.map(requestOf));
    if (text === drafted) return;
    drafted = text;
    const waits = [];
    const detail = { lanes: lanes.map(valueOf), waitFor: (promise) => waits.push(promise) };
    element.dispatchEvent(new CustomEvent("lanes-draft", { bubbles: true, detail }));
    drawn = Promise.allSettled(waits).then(() => new Promise((painted) => setTimeout(painted)));
  };
  const draw = (state) => {
    render(html`<${Store.Provider} value=${store}><${Lanes} state=${state} /></${Store.Provider}>`, element);
    draft(state.lanes);
    if (state.selected === selected) return;
    selected = state.selected;
    trigger("select", { lane: selected });
    element.dispatchEvent(new CustomEvent("lane-select", { bubbles: true, detail: selected }));
  };
  const emit = async (lanes) => {
    const text = JSON.stringify(lanes.map(valueOf));
    const mine = ++turn;
    await drawn;
    if (mine === turn && text !== emitted) props.value = JSON.parse((emitted = text));
  };
  const store = createStore({ id: `lanes-${mounted++}`, catalog: JSON.parse(props.catalog), ask: server.lane_outlines, draw, emit });
  const take = () => {
    const text = JSON.stringify(props.value);
    if (!props.value?.length || text === emitted) return;
    emitted = text;
    turn += 1;
    selected = props.value[0].slot;
    store.put({ lanes: props.value.map((lane) => createLane(lane.slot, lane)), selected });
    document.querySelector(".still")?.remove();
  };
  document.addEventListener("keydown", (event) => undoKeys(event, element, store));
  return take;
}

// Ctrl+Z wherever the focus is, but in another row of lanes.
function undoKeys(event, element, store) {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !"zy".includes(key)) return;
  if (!element.contains(event.target.closest?.(".lanes-row") ?? element)) return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) store.redo();
  else store.undo();
}

export function Lanes({ state }) {
  const store = useStore();
  const [open, setOpen] = useState(false);
  const row = useRef(null);
  const lane = state.lanes.find((each) => each.slot === state.selected) ?? state.lanes[0];
  const focus = (slot) => store.update((draft) => (draft.selected = slot), { undoable: false });
  const pick = (slot) => {
    setOpen(!(open && lane.slot === slot));
    focus(slot);
  };
  const close = () => {
    setOpen(false);
    row.current.querySelector(`[data-slot="${lane.slot}"] .lane-title`)?.focus();
  };
  useEffect(() => {
    // on a phone the panel is a sheet over the view that a tab opens
    const turn = (event) => event.target.closest("[role=tab]") && matchMedia(NARROW).matches && setOpen(false);
    document.addEventListener("click", turn);
    return () => document.removeEventListener("click", turn);
  }, []);
  return html`<section class="lanes-row" data-part="lanes" aria-label=${t("Lanes")} onKeyDown=${({ key }) => key === "Escape" && open && close()}>
    <${Toolbar} lanes=${state.lanes} />
    <ol class="row" ref=${row} style=${`--count: ${state.lanes.length}`}>
      ${state.lanes.map((each) => html`<${LaneCard} key=${each.slot} lane=${each} open=${open && each === lane} pick=${() => pick(each.slot)} />`)}
      ${state.lanes.length < SLOTS &&
      html`<li class="add"><button type="button" aria-label=${t("Add a lane")} title=${t("Add a lane")} onClick=${() => add(store, lane)}>+</button></li>`}
    </ol>
    ${open && html`<${LanePanel} lane=${lane} lanes=${state.lanes} close=${close} />`}
    <${Folded} lanes=${state.lanes} row=${row} pick=${focus} />
  </section>`;
}

// The row in one line, over the page, once the row itself has left the screen: nothing below it moves.
function Folded({ lanes, row, pick }) {
  const [away, setAway] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => setAway(!entry.isIntersecting && entry.boundingClientRect.top < 0));
    watch.observe(row.current);
    return () => watch.disconnect();
  }, []);
  if (!away) return null;
  const back = (slot) => {
    pick(slot);
    row.current.scrollIntoView({ block: "center" });
    row.current.querySelector(`[data-slot="${slot}"] .lane-title`)?.focus();
  };
  return html`<nav class="folded" aria-label=${t("Lanes, in one line")}>
    ${lanes.map(
      (lane) => html`<button type="button" key=${lane.slot} onClick=${() => back(lane.slot)}>
        <${Swatch} slot=${lane.slot} width=${18} /> <span>${titleOf(lane)}</span>
      </button>`,
    )}
  </nav>`;
}
