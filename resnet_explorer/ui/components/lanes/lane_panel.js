// The focused lane, opened: ordering, unit, size, and everything else under "more".
import { html } from "../shared/vendor/preact.js";
import { Editor } from "./editor.js";
import { letter, placeOfError, SLOTS, titleOf } from "./lane.js";
import { duplicate, move, placeOf, remove } from "./lane_actions.js";
import { Orderings } from "./lane_orderings.js";
import { Fields, Size } from "./lane_settings.js";
import { Swatch } from "../shared/swatch.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function LanePanel({ lane, lanes, close }) {
  const wrong = !["", "name", "unit"].includes(placeOfError(lane));
  const leave = (event) => event.key === "Escape" && !event.defaultPrevented && (event.preventDefault(), close());
  return html`<div
    class="panel"
    id=${`${useStore().id}-panel`}
    role="group"
    aria-label=${t("Lane {letter}", { letter: letter(lane.slot) })}
    style=${`--lane: var(--lane-${lane.slot})`}
    onKeyDown=${leave}
  >
    <${Top} lane=${lane} lanes=${lanes} close=${close} />
    <div class="panel-columns">
      <section data-part="controls"><${Orderings} lane=${lane} /></section>
      <section data-part="editor"><${Editor} key=${lane.slot} lane=${lane} /></section>
      <section data-part="controls"><${Size} lane=${lane} /></section>
    </div>
    <details data-part="controls" class="more" open=${wrong || undefined}>
      <summary class="quiet">${t("More")}</summary>
      <${Fields} lane=${lane} />
    </details>
  </div>`;
}

function Top({ lane, lanes, close }) {
  const store = useStore();
  const place = placeOf(store, lane.slot);
  const actions = [
    ["Move left", place === 0, () => move(store, lane.slot, place - 1)],
    ["Move right", place === lanes.length - 1, () => move(store, lane.slot, place + 1)],
    ["Duplicate", lanes.length >= SLOTS, () => duplicate(store, lane)],
    ["Remove", lanes.length === 1, () => remove(store, lane)],
  ];
  return html`<div class="panel-top">
    <${Swatch} slot=${lane.slot} />
    <input
      class="field rename"
      aria-label=${t("Name of lane {letter}", { letter: letter(lane.slot) })}
      value=${lane.title}
      placeholder=${titleOf({ ...lane, title: "" })}
      maxlength="40"
      onInput=${(event) => store.edit(lane.slot, (draft) => (draft.title = event.target.value), { kind: `title-${lane.slot}` })}
    />
    <div class="panel-actions" data-part="controls">
      ${actions.map(([label, disabled, act]) => html`<button type="button" class="quiet" key=${label} disabled=${disabled} onClick=${act}>${t(label)}</button>`)}
    </div>
    <button type="button" class="quiet close" onClick=${close}>${t("Close")}</button>
  </div>`;
}
