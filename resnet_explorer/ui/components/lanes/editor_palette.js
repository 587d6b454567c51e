// The words to choose from, in groups; a click puts one at the caret, a drag anywhere.
import { html } from "../shared/vendor/preact.js";
import { dragChip } from "./drag.js";
import { isMerge, readWord } from "./block_text.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Palette({ insert, setMark, list }) {
  const { palette, words: known } = useStore().catalog;
  const chip = (word) => html`<button
    type="button"
    key=${word}
    class=${`chip ${isMerge(word) ? "merge" : ""}`}
    title=${readWord(word, known).word.meaning}
    aria-label=${t("Add {word}", { word })}
    onClick=${() => insert(word)}
    onPointerDown=${(event) => dragChip(event, document.getElementById(list), {
      mark: setMark,
      drop: (place) => place >= 0 && insert(word, place),
    })}
  >${word}</button>`;
  const group = ([label, words]) => html`<div class="palette-group" key=${label} role="group" aria-label=${t(label)}>
    <span class="faint" aria-hidden="true">${t(label)}</span> ${words.map(chip)}
  </div>`;
  return html`<div class="palette" role="group" aria-label=${t("Words to add")}>${Object.entries(palette).map(group)}</div>`;
}
