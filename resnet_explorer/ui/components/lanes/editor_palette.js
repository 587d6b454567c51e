// The words to choose from, in groups; a click puts one at the caret, a drag anywhere.
import { html } from "../shared/vendor/preact.js";
import { startDrag } from "./editor_drag.js";
import { isMerge, readWord } from "./sentence.js";
import { t } from "../shared/words.js";

const GROUPS = {
  weights: "Weights",
  normalisation: "Normalisation",
  activation: "Activation",
  merge: "Merge",
  other: "Other",
};

export function Palette({ known, insert, setMark, slot }) {
  return html`<div class="palette" role="group" aria-label=${t("Words to add")}>
    ${Object.entries(known.palette).map(
      ([group, words]) => html`<div class="palette-group" key=${group} role="group" aria-label=${t(GROUPS[group])}>
        <span class="faint" aria-hidden="true">${t(GROUPS[group])}</span>
        ${words.map((word) => html`<${Word} key=${word} word=${word} known=${known.words} insert=${insert} setMark=${setMark} slot=${slot} />`)}
      </div>`,
    )}
  </div>`;
}

function Word({ word, known, insert, setMark, slot }) {
  const meaning = word === "|" ? t("The fork: what stands before it belongs to branch and shortcut both.") : readWord(word, known)?.word.meaning;
  const drag = (event) =>
    startDrag(event, document.getElementById(`chips-${slot}`), { mark: setMark, drop: (place) => place >= 0 && insert(word, place) });
  return html`<button
    type="button"
    class=${`chip ${isMerge(word) ? "merge" : ""}`}
    title=${meaning}
    aria-label=${t("Add {word}", { word })}
    onClick=${() => insert(word)}
    onPointerDown=${drag}
  >${word}</button>`;
}
