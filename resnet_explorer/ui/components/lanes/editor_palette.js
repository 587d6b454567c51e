// The words to choose from, in groups; a click puts one at the caret, a drag anywhere.
import { html } from "../shared/vendor/preact.js";
import { dragChip } from "./drag.js";
import { isMerge, readWord } from "./block_text.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

const GROUPS = {
  weights: "Weights",
  normalisation: "Normalisation",
  activation: "Activation",
  merge: "Merge",
  other: "Other",
};

export function Palette({ insert, setMark, list }) {
  const { palette, words: known } = useStore().catalog;
  return html`<div class="palette" role="group" aria-label=${t("Words to add")}>
    ${Object.entries(palette).map(
      ([group, words]) => html`<div class="palette-group" key=${group} role="group" aria-label=${t(GROUPS[group])}>
        <span class="faint" aria-hidden="true">${t(GROUPS[group])}</span>
        ${words.map((word) => html`<${Word} key=${word} word=${word} known=${known} insert=${insert} setMark=${setMark} list=${list} />`)}
      </div>`,
    )}
  </div>`;
}

function Word({ word, known, insert, setMark, list }) {
  return html`<button
    type="button"
    class=${`chip ${isMerge(word) ? "merge" : ""}`}
    title=${meaningOf(word, known)}
    aria-label=${t("Add {word}", { word })}
    onClick=${() => insert(word)}
    onPointerDown=${(event) => dragChip(event, document.getElementById(list), { mark: setMark, drop: (place) => place >= 0 && insert(word, place) })}
  >${word}</button>`;
}

export function meaningOf(word, known) {
  if (word === "|") return t("The fork: what stands before it belongs to branch and shortcut both.");
  return readWord(word, known)?.word.meaning ?? "";
}
