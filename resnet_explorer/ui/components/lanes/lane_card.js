// One lane in the row: letter, title, sentence, size, and what stands on its trunk.
import { html } from "../shared/vendor/preact.js";
import { dragLane } from "./drag.js";
import { Mend } from "./mend.js";
import { letter, titleOf } from "./lane.js";
import { move, placeOf } from "./lane_actions.js";
import { useStore } from "./store.js";
import { Swatch } from "../shared/swatch.js";
import { onTrunk, tokens } from "./block_text.js";
import { amount, count, t } from "../shared/words.js";

const TRUNK = "The trunk is the path on which the additions stand. It is clean if nothing else stands on it.";
const LANE = "A lane is one network. Its letter, colour and dash mean it in every figure. Drag to reorder.";

export function LaneCard({ lane, open, pick }) {
  const store = useStore();
  const { slot } = lane;
  const name = titleOf(lane);
  const moveKeys = (event) => {
    const step = event.altKey ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : 0;
    if (!step) return;
    event.preventDefault();
    const button = event.currentTarget;
    move(store, slot, placeOf(store, slot) + step);
    button.focus();
  };
  return html`<li
    class=${`lane ${open ? "open" : ""} ${lane.pending ? "pending" : ""}`}
    data-slot=${slot}
    style=${`--lane: var(--lane-${slot})`}
    onClick=${(event) => event.target.closest("button") || pick()}
  >
    <div class="lane-top">
      <span class="grip" title=${t(LANE)} onPointerDown=${(event) => dragLane(event, (place) => move(store, slot, place))}>
        <${Swatch} slot=${slot} />
      </span>
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
      >
        ${name}
      </button>
      <span class="chevron" aria-hidden="true">${open ? "▴" : "▾"}</span>
    </div>
    ${lane.answer ? html`<p class="lane-sentence"><${Sentence} block=${lane.answer.block} /></p>` : !lane.error && html`<p class="lane-sentence"></p>`}
    ${lane.error ? html`<p class="lane-wrong">${lane.error.message} ${!open && html`<${Mend} lane=${lane} />`}</p>` : html`<p class="lane-name">${lane.answer?.name.split(/[:;]/)[0] ?? lane.name}${fieldsOf(lane)}</p>`}
    ${lane.answer ? html`<${Size} answer=${lane.answer} />` : !lane.error && html`<div class="lane-blank"></div>`}
  </li>`;
}

function Size({ answer }) {
  return html`<p class="lane-reading"><span class="params">${t("{n} parameters (with BN)", { n: count(answer.params) })}</span></p>
    <p class="lane-reading">${t("{n} MACs", { n: amount(answer.macs) })} · <${Trunk} trunk=${answer.trunk} /></p>`;
}

function fieldsOf(lane) {
  return Object.entries(lane.fields).map(([name, value]) => ` · ${name} ${value}`).join("");
}

function Trunk({ trunk }) {
  if (trunk.exact) return html`<span title=${t(TRUNK)}>${t("trunk: clean")}</span>`;
  const ops = trunk.ops.length > 3 ? `${trunk.ops.slice(0, 2).join(" ")} …` : trunk.ops.join(" ");
  return html`<span title=${`${trunk.verdict} ${t(TRUNK)}`}>${t("trunk:")} <span class="on-trunk">${ops}</span></span>`;
}

// The sentence, with the words that stand between two additions in the warning tone.
function Sentence({ block }) {
  const words = tokens(block).map((token) => token.text);
  const marked = onTrunk(words);
  return words.map((word, place) => html`<span key=${place} class=${marked[place] ? "on-trunk" : ""}>${word}</span> `);
}
