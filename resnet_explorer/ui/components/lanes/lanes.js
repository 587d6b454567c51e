// The row of lanes: always there, slim; the focused lane opens its panel below, and on scroll one line stays.
import { html, render, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { LaneCard } from "./lane_card.js";
import { LanePanel } from "./lane_panel.js";
import { asked, createLane, SLOTS, titleOf } from "./lane.js";
import { Swatch } from "../shared/swatch.js";
import { connectCatalog } from "./catalog.js";
import { Keys } from "./keys.js";
import { change, connect, focused, get, put, subscribe, useStore } from "./store.js";
import { Toolbar } from "./toolbar.js";
import { add } from "./lane_moves.js";
import { t } from "../shared/words.js";

// The value is the list of lanes as a link has them; null draws nothing until lanes come.
export function mount({ element, props, trigger, server, watch }) {
  connect(server.lane_outline);
  connectCatalog(server.lane_catalog);
  let known = "";
  const take = () => {
    if (!props.value?.length || JSON.stringify(props.value) === known) return;
    known = JSON.stringify(props.value);
    put({ ...get(), lanes: props.value.map((lane) => createLane(lane.slot, lane)), selected: props.value[0].slot });
    if (element.childElementCount) return;
    render(html`<${Lanes} />`, element);
    document.querySelector(".still")?.remove();
  };
  let selected = get().selected;
  subscribe((state) => {
    const lanes = state.lanes.map(asked);
    const text = JSON.stringify(lanes);
    if (text !== known && !state.lanes.some((lane) => lane.pending)) {
      known = text;
      props.value = lanes;
    }
    if (state.selected === selected) return;
    selected = state.selected;
    trigger("select", { lane: selected });
    element.dispatchEvent(new CustomEvent("lane-select", { bubbles: true, detail: selected }));
  });
  watch("value", take);
  take();
}

function Lanes() {
  const state = useStore();
  const [open, setOpen] = useState(false);
  const row = useRef(null);
  const lane = focused(state);
  const pick = (slot) => {
    setOpen(!(open && lane.slot === slot));
    focus(slot);
  };
  return html`<section class="lanes-row" data-part="lanes" aria-label=${t("Lanes")}>
    <${Toolbar} state=${state} />
    <ol class="row" ref=${row} style=${`--count: ${state.lanes.length}`}>
      ${state.lanes.map(
        (each) =>
          html`<${LaneCard} key=${each.slot} lane=${each} open=${open && each === lane} pick=${() => pick(each.slot)} />`,
      )}
      ${state.lanes.length < SLOTS &&
      html`<li class="add"><button type="button" aria-label=${t("Add a lane")} title=${t("Add a lane")} onClick=${() => add(lane)}>+</button></li>`}
    </ol>
    ${open && html`<${LanePanel} lane=${lane} state=${state} close=${() => setOpen(false)} />`}
    <${Folded} state=${state} row=${row} pick=${focus} />
    <${Keys} />
  </section>`;
}

function focus(slot) {
  change((draft) => (draft.selected = slot), { undoable: false });
}

// The row in one line, over the page, once the row itself has left the screen: nothing below it moves.
function Folded({ state, row, pick }) {
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
    ${state.lanes.map(
      (lane) => html`<button type="button" key=${lane.slot} onClick=${() => back(lane.slot)}>
        <${Swatch} slot=${lane.slot} width=${18} /> <span>${titleOf(lane, t)}</span>
      </button>`,
    )}
  </nav>`;
}
