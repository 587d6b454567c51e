// The focused lane, opened: ordering, unit, size, and everything else under "more".
import { html, useState } from "../shared/vendor/preact.js";
import { Editor } from "./editor.js";
import { letter, placeOfError, SLOTS, titleOf } from "./lane.js";
import { More } from "./lane_more.js";
import { duplicate, edit, move, remove } from "./lane_moves.js";
import { Orderings } from "./lane_orderings.js";
import { Size } from "./lane_size.js";
import { Swatch } from "../shared/swatch.js";
import { t } from "../shared/words.js";

export function LanePanel({ lane, state, close }) {
  const [opened, setMore] = useState(false);
  const more = opened || Boolean(lane.error && !["name", "unit"].includes(placeOfError(lane)));
  const leave = (event) => event.key === "Escape" && !event.defaultPrevented && (event.preventDefault(), close());
  const name = letter(lane.slot);
  return html`<div
    class="panel"
    id="lane-panel"
    role="group"
    aria-label=${t("Lane {letter}", { letter: name })}
    style=${`--lane: var(--lane-${lane.slot})`}
    onKeyDown=${leave}
  >
    <${Top} lane=${lane} state=${state} close=${close} />
    <div class="panel-columns">
      <section data-part="controls"><${Orderings} lane=${lane} /></section>
      <section data-part="editor"><${Editor} key=${lane.slot} lane=${lane} /></section>
      <section data-part="controls">
        <${Size} lane=${lane} />
        <button type="button" class="quiet disclose" aria-expanded=${more} onClick=${() => setMore(!more)}>${t("More")} ${more ? "▴" : "▾"}</button>
      </section>
    </div>
    ${more && html`<section data-part="controls"><${More} lane=${lane} /></section>`}
  </div>`;
}

function Top({ lane, state, close }) {
  const place = state.lanes.findIndex((each) => each.slot === lane.slot);
  const full = state.lanes.length >= SLOTS;
  return html`<div class="panel-top">
    <${Swatch} slot=${lane.slot} />
    <input
      class="field rename"
      aria-label=${t("Name of lane {letter}", { letter: letter(lane.slot) })}
      value=${lane.title}
      placeholder=${titleOf({ ...lane, title: "" }, t)}
      maxlength="40"
      onInput=${(event) => edit(lane.slot, (draft) => (draft.title = event.target.value), { kind: `title-${lane.slot}` })}
    />
    <div class="panel-actions" data-part="controls">
      <button type="button" class="quiet" disabled=${place === 0} onClick=${() => move(lane.slot, -1)}>${t("Move left")}</button>
      <button type="button" class="quiet" disabled=${place === state.lanes.length - 1} onClick=${() => move(lane.slot, 1)}>${t("Move right")}</button>
      <button type="button" class="quiet" disabled=${full} onClick=${() => duplicate(lane)}>${t("Duplicate")}</button>
      <button type="button" class="quiet" disabled=${state.lanes.length === 1} onClick=${() => remove(lane)}>${t("Remove")}</button>
    </div>
    <button type="button" class="quiet" onClick=${close}>${t("Close")}</button>
  </div>`;
}
