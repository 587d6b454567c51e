// A unit as chips and as text, two views of one sentence; what is wrong with it stands below.
import { html, useState } from "../shared/vendor/preact.js";
import { Chips } from "./editor_chips.js";
import { Palette } from "./editor_palette.js";
import { ORDERINGS, placeOfError } from "./lane.js";
import { Mend } from "./mend.js";
import { tokens } from "./block_text.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Editor({ lane }) {
  const store = useStore();
  const [caret, setCaret] = useState(null);
  const [mark, setMark] = useState(-1);
  const id = `${store.id}-${lane.slot}`;
  const text = textOf(lane);
  const words = tokens(text).map((token) => token.text);
  const place = Math.min(caret ?? words.length, words.length);
  const write = (sentence, kind = "") => store.edit(lane.slot, (draft) => (draft.unit = sentence || " "), { kind: kind && `${lane.slot}-${kind}` });
  const insert = (word, at = place) => {
    write([...words.slice(0, at), word, ...words.slice(at)].join(" "));
    setCaret(at + 1);
  };
  return html`<div class="editor">
    <h3>${t("Unit")} <small>${t("what one residual unit does, in order; after the + stands what is on the trunk")}</small></h3>
    <${Chips} id=${`${id}-chips`} words=${words} caret=${place} setCaret=${setCaret} mark=${mark} setMark=${setMark} write=${(next) => write(next.join(" "))} />
    <input
      class="field mono sentence"
      aria-label=${t("The unit as a sentence")}
      aria-invalid=${placeOfError(lane) === "unit"}
      aria-describedby=${`${id}-wrong`}
      spellcheck="false"
      autocomplete="off"
      autocapitalize="off"
      maxlength="400"
      value=${text}
      onInput=${(event) => write(event.target.value, "text")}
      onBlur=${() => callByName(store, lane)}
    />
    <div class="editor-wrong" id=${`${id}-wrong`} aria-live="polite"><${Wrong} lane=${lane} text=${text} /></div>
    <${Palette} insert=${insert} setMark=${setMark} list=${`${id}-chips`} />
  </div>`;
}

// What the chips show: what was typed, or the sentence that a name stands for.
function textOf({ unit, answer }) {
  return unit && !ORDERINGS.includes(unit) ? unit.trimStart() : (answer?.block ?? "");
}

// A sentence that has a name is called by it once nobody types any more.
function callByName(store, { slot, answer, error, pending, unit }) {
  if (error || pending || !unit || ORDERINGS.includes(unit)) return;
  store.edit(slot, (draft) => (draft.unit = answer.ordering || answer.block), { undoable: false });
}

function Wrong({ lane, text }) {
  const { error } = lane;
  if (placeOfError(lane) !== "unit") return html`<p class="note">${lane.answer?.trunk.verdict ?? ""}</p>`;
  const start = error.column - 1;
  const end = start + (tokens(text).find((word) => word.column === error.column)?.text.length ?? 1);
  return html`<p class="wrong">${error.message} <${Mend} lane=${lane} /></p>
    ${start >= 0 && text.length > start && html`<p class="mono where" aria-hidden="true">${text.slice(0, start)}<mark>${text.slice(start, end)}</mark>${text.slice(end)}</p>`}`;
}
