// One lane in the row: letter, title, sentence, size, and what stands on its trunk.
import { html } from "../shared/vendor/preact.js";
import { dragLane } from "./drag.js";
import { Mend } from "./controls.js";
import { letter, placeOfError, titleOf } from "./lane.js";
import { move, placeOf } from "./lane_actions.js";
import { useStore } from "./store.js";
import { Swatch } from "../shared/swatch.js";
import { kindOf, wordsOf } from "./block_text.js";
import { amount, count, t } from "../shared/words.js";

const TRUNK = "The trunk is the path on which the additions stand. It is clean if nothing else stands on it.";
const LANE = "A lane is one network. Its letter, colour and dash mean it in every figure. Drag to reorder.";

export function LaneCard({ lane, open, pick }) {
  const store = useStore();
  const { slot, answer, error, pending } = lane;
  const name = titleOf(lane);
  const sentence = wordsOf(answer?.block ?? "").map((word) => html`<span class=${kindOf(word)}>${word}</span> `);
  const about = [answer?.name.split(/[:;]/)[0] ?? lane.name, ...Object.entries(lane.fields).map((field) => field.join(" "))];
  // where the panel is open, it offers the same beside the name and the unit
  const mends = !open || !["name", "unit"].includes(placeOfError(lane));
  const drag = (event) => dragLane(event, (place) => move(store, slot, place));
  const moveKeys = (event) => {
    const step = event.altKey && { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const button = event.currentTarget;
    move(store, slot, placeOf(store, slot) + step);
    button.focus();
  };
  return html`<li
    class=${`lane ${open ? "open" : ""} ${pending ? "pending" : ""}`}
    data-slot=${slot}
    style=${`--lane: var(--lane-${slot})`}
    onClick=${(event) => event.target.closest("button") || pick()}
  >
    <div class="lane-top">
      <span class="grip" title=${t(LANE)} onPointerDown=${drag}><${Swatch} slot=${slot} /></span>
      <button
        type="button"
        class="lane-title"
        title=${name}
        aria-expanded=${open}
        aria-controls=${`${store.id}-panel`}
        aria-label=${t("Lane {letter}, {name}: edit", { letter: letter(slot), name })}
        aria-description=${t(LANE)}
        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
        onClick=${pick}
        onKeyDown=${moveKeys}
      >${name}</button>
    </div>
    ${(answer || !error) && html`<p class="lane-sentence">${sentence}</p>`}
    ${error && html`<p class="lane-wrong">${error.message} ${mends && html`<${Mend} lane=${lane} />`}</p>`}
    ${!error && html`<p class="lane-name">${about.join(" · ")}</p>`}
    ${answer && html`<${Size} answer=${answer} />`}
  </li>`;
}

function Size({ answer: { params, macs, trunk } }) {
  const ops = trunk.ops.length > 3 ? [...trunk.ops.slice(0, 2), "…"] : trunk.ops;
  const stands = trunk.exact ? t("trunk: clean") : html`${t("trunk:")} <span class="on-trunk">${ops.join(" ")}</span>`;
  const title = trunk.exact ? t(TRUNK) : `${trunk.verdict} ${t(TRUNK)}`;
  return html`<p class="lane-reading"><span class="params">${t("{n} parameters (with BN)", { n: count(params) })}</span></p>
    <p class="lane-reading">${t("{n} MACs", { n: amount(macs) })} · <span title=${title}>${stands}</span></p>`;
}
