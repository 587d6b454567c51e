// The row of lanes: always there, slim; the focused lane opens its panel below, and on scroll one line stays.
import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { LaneCard } from "./lane_card.js";
import { LanePanel } from "./lane_panel.js";
import { titleOf } from "./lane.js";
import { Sample } from "./sample.js";
import { change, focused } from "./store.js";
import { Toolbar } from "./toolbar.js";
import { SLOTS } from "./lane.js";
import { add } from "./lane_moves.js";
import { t } from "./words.js";

export function Lanes({ state }) {
  const [open, setOpen] = useState(false);
  const row = useRef(null);
  const lane = focused(state);
  const pick = (slot) => {
    setOpen(!(open && lane.slot === slot));
    focus(slot);
  };
  return html`<section class="lanes" data-part="lanes" aria-label=${t("Lanes")}>
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
  </section>`;
}

function focus(slot) {
  change((draft) => (draft.settings.lane = String(slot)), { undoable: false });
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
        <${Sample} slot=${lane.slot} width=${18} /> <span>${titleOf(lane, t)}</span>
      </button>`,
    )}
  </nav>`;
}
