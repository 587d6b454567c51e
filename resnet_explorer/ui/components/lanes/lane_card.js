// One lane in the row: letter, title, sentence, size, and what stands on its trunk.
import { html } from "../shared/vendor/preact.js";
import { startDrag } from "./lane_drag.js";
import { letter, titleOf } from "./lane.js";
import { move } from "./lane_moves.js";
import { Swatch } from "../shared/swatch.js";
import { onTrunk, tokens } from "./sentence.js";
import { amount, count, t } from "../shared/words.js";

export function LaneCard({ lane, open, pick }) {
  const name = titleOf(lane, t);
  const moveKeys = (event) => {
    const step = event.altKey ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : 0;
    if (!step) return;
    event.preventDefault();
    const button = event.currentTarget;
    move(lane.slot, step);
    requestAnimationFrame(() => button.focus());
  };
  return html`<li
    class=${`lane ${open ? "open" : ""} ${lane.pending ? "pending" : ""}`}
    data-slot=${lane.slot}
    style=${`--lane: var(--lane-${lane.slot})`}
    onClick=${(event) => event.target.closest("button") || pick()}
  >
    <div class="lane-top">
      <span class="grip" title=${t("Drag to reorder")} onPointerDown=${(event) => startDrag(event, lane.slot)}>
        <${Swatch} slot=${lane.slot} />
      </span>
      <button
        type="button"
        class="lane-title"
        aria-expanded=${open}
        aria-controls="lane-panel"
        aria-label=${t("Lane {letter}, {name}: edit", { letter: letter(lane.slot), name })}
        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
        onClick=${pick}
        onKeyDown=${moveKeys}
      >
        ${name}
      </button>
      <span class="chevron" aria-hidden="true">${open ? "▴" : "▾"}</span>
    </div>
    ${lane.answer ? html`<${Reading} lane=${lane} />` : html`<${Blank} lane=${lane} />`}
  </li>`;
}

function Reading({ lane }) {
  const { answer } = lane;
  return html`<p class="lane-sentence" title=${answer.block}><${Sentence} answer=${answer} /></p>
    ${lane.error ? html`<p class="lane-name on-trunk" title=${lane.error.message}>${lane.error.message}</p>` : html`<p class="lane-name">${answer.name.split(/[:;]/)[0]}${fieldsOf(lane)}</p>`}
    <p class="lane-reading"><span class="params">${t("{n} parameters (with BN)", { n: count(answer.params) })}</span></p>
    <p class="lane-reading">
      ${t("{n} MACs", { n: amount(answer.macs) })} · <${Trunk} trunk=${answer.trunk} />
    </p>`;
}

// Before the first answer: the space it will take, or why there is none.
function Blank({ lane }) {
  if (lane.error) return html`<p class="lane-wrong">${lane.error.message}</p>`;
  return html`<p class="lane-sentence"> </p>
    <p class="lane-name">${lane.name}</p>
    <p class="lane-reading"> </p>
    <p class="lane-reading"> </p>`;
}

function fieldsOf(lane) {
  const shown = Object.entries(lane.fields).map(([name, value]) => `${name} ${value}`);
  return shown.length ? ` · ${shown.join(" · ")}` : "";
}

export function Trunk({ trunk }) {
  if (trunk.exact) return html`<span>${t("trunk: clean")}</span>`;
  const ops = trunk.ops.length > 3 ? `${trunk.ops.slice(0, 2).join(" ")} …` : trunk.ops.join(" ");
  return html`<span title=${trunk.verdict}>${t("trunk:")} <span class="on-trunk">${ops}</span></span>`;
}

// The sentence, with the words that stand between two additions in the warning tone.
function Sentence({ answer }) {
  const words = tokens(answer.block).map((token) => token.text);
  const marked = onTrunk(words);
  return words.map((word, place) => html`<span key=${place} class=${marked[place] ? "on-trunk" : ""}>${word}</span> `);
}
