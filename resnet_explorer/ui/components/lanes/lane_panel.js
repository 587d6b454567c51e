// The focused lane, opened: ordering, unit, size, and everything else under "more".
import { html } from "../shared/vendor/preact.js";
import { Editor } from "./editor.js";
import { letter, placeOfError, SLOTS, titleOf } from "./lane.js";
import { duplicate, move, placeOf, remove } from "./lane_actions.js";
import { Fields, Orderings, Size } from "./lane_settings.js";
import { Swatch } from "../shared/swatch.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function LanePanel({ lane, lanes, close }) {
  const store = useStore();
  const wrong = !["", "name", "unit"].includes(placeOfError(lane));
  return html`<div
    class="panel"
    id=${`${store.id}-panel`}
    role="group"
    aria-label=${t("Lane {letter}", { letter: letter(lane.slot) })}
    style=${`--lane: var(--lane-${lane.slot})`}
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
  const { slot, title } = lane;
  const place = placeOf(store, slot);
  const button = (label, disabled, act) => html`<button type="button" class="quiet" disabled=${disabled} onClick=${act}>${t(label)}</button>`;
  const rename = (event) => store.edit(slot, (draft) => (draft.title = event.target.value), { kind: `title-${slot}` });
  const name = t("Name of lane {letter}", { letter: letter(slot) });
  return html`<div class="panel-top">
    <${Swatch} slot=${slot} />
    <input class="field rename" aria-label=${name} value=${title} placeholder=${titleOf({ ...lane, title: "" })} maxlength="40" onInput=${rename} />
    <div class="panel-actions" data-part="controls">
      ${button("Move left", place === 0, () => move(store, slot, place - 1))}
      ${button("Move right", place === lanes.length - 1, () => move(store, slot, place + 1))}
      ${button("Duplicate", lanes.length >= SLOTS, () => duplicate(store, lane))}
      ${button("Remove", lanes.length === 1, () => remove(store, lane))}
    </div>
    <button type="button" class="quiet close" onClick=${close}>${t("Close")}</button>
  </div>`;
}
