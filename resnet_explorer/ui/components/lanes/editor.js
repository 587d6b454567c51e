// A unit as chips and as text, two views of one sentence; what is wrong with it stands below.
import { html, useEffect, useState } from "../shared/vendor/preact.js";
import { Chips } from "./editor_chips.js";
import { Palette } from "./editor_palette.js";
import { ORDERINGS, placeOfError } from "./lane.js";
import { edit } from "./lane_moves.js";
import { join, mend, tokens } from "./sentence.js";
import { catalog } from "./catalog.js";
import { t } from "../shared/words.js";

export function Editor({ lane }) {
  const known = useVocabulary();
  const [caret, setCaret] = useState(null);
  const [mark, setMark] = useState(-1);
  const text = sentenceOf(lane);
  const words = tokens(text).map((token) => token.text);
  const place = Math.min(caret ?? words.length, words.length);
  const write = (sentence, kind = "") => edit(lane.slot, (draft) => (draft.unit = sentence || " "), { kind: kind && `${lane.slot}-${kind}` });
  const insert = (word, at = place) => {
    write(join([...words.slice(0, at), word, ...words.slice(at)]));
    setCaret(at + 1);
  };
  const chips = { words, known: known.words, caret: place, setCaret, mark, setMark, write: (next) => write(join(next)) };
  return html`<div class="editor">
    <h3 id=${`unit-${lane.slot}`}>${t("Unit")}</h3>
    <${Chips} ...${chips} slot=${lane.slot} />
    <input
      class="field mono sentence"
      aria-label=${t("The unit as a sentence")}
      aria-invalid=${placeOfError(lane) === "unit"}
      aria-describedby=${`wrong-${lane.slot}`}
      spellcheck="false"
      autocomplete="off"
      autocapitalize="off"
      maxlength="400"
      value=${text}
      onInput=${(event) => write(event.target.value, "text")}
      onBlur=${() => settle(lane)}
    />
    <${Wrong} lane=${lane} text=${text} write=${write} />
    <${Palette} known=${known} insert=${insert} setMark=${setMark} slot=${lane.slot} />
  </div>`;
}

// What the chips show: what was typed, or the sentence that a name stands for.
function sentenceOf({ unit, answer }) {
  return unit && !ORDERINGS.includes(unit) ? unit.trimStart() : (answer?.block ?? "");
}

// A sentence that has a name is called by it once nobody types any more.
function settle(lane) {
  const { answer, error, pending, unit } = lane;
  if (error || pending || !unit || ORDERINGS.includes(unit)) return;
  edit(lane.slot, (draft) => (draft.unit = answer.ordering || answer.block), { undoable: false });
}

function Wrong({ lane, text, write }) {
  const { error } = lane;
  const here = placeOfError(lane) === "unit";
  const end = error?.column ? error.column - 1 + (tokens(text).find((word) => word.column === error.column)?.text.length ?? 1) : 0;
  return html`<div class="editor-wrong" id=${`wrong-${lane.slot}`} aria-live="polite">
    ${error && here
      ? html`<p class="wrong">
          ${error.message}
          ${error.suggestion &&
          html` <button type="button" class="use" onClick=${() => write(mend(text, error.column, error.suggestion))}>
            ${t("use {word}", { word: error.suggestion })}
          </button>`}
        </p>
        ${error.column > 0 && text.length >= error.column && html`<p class="mono where" aria-hidden="true">${text.slice(0, error.column - 1)}<mark>${text.slice(error.column - 1, end)}</mark>${text.slice(end)}</p>`}`
      : html`<p class="note">${lane.answer?.trunk.verdict ?? ""}</p>`}
  </div>`;
}

const NOTHING = { words: [], palette: {} };

function useVocabulary() {
  const [known, setKnown] = useState(NOTHING);
  useEffect(() => {
    catalog().then(setKnown, () => {});
  }, []);
  return known;
}
