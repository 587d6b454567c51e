// A unit as chips and as text, two views of one sentence; below stand what is wrong with it and the words to add.
import { html, useRef, useState } from "../shared/vendor/preact.js";
import { announce } from "../shared/announce.js";
import { kindOf, readWord, wordsOf } from "./block_text.js";
import { Mend } from "./controls.js";
import { dragChip } from "./drag.js";
import { Arguments } from "./editor_arguments.js";
import { ORDERINGS, placeOfError } from "./lane.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export function Editor({ lane }) {
  const { id, edit } = useStore();
  const [caret, setCaret] = useState(null);
  const [mark, setMark] = useState(-1);
  const [list, wrong] = [`${id}-${lane.slot}-chips`, `${id}-${lane.slot}-wrong`];
  const text = textOf(lane);
  const words = wordsOf(text);
  const place = Math.min(caret ?? words.length, words.length);
  const write = (next, options) => edit(lane.slot, (draft) => (draft.unit = next.join(" ") || " "), options);
  const insert = (word, at = place) => {
    write(words.toSpliced(at, 0, word));
    setCaret(at + 1);
  };
  return html`<div class="editor">
    <h3>${t("Unit")} <small>${t("what one residual unit does, in order; after the + stands what is on the trunk")}</small></h3>
    <${Chips} id=${list} words=${words} caret=${place} setCaret=${setCaret} mark=${mark} setMark=${setMark} write=${write} />
    <input
      class="field mono sentence"
      aria-label=${t("The unit as a sentence")}
      aria-invalid=${placeOfError(lane) === "unit"}
      aria-describedby=${wrong}
      spellcheck="false"
      autocomplete="off"
      autocapitalize="off"
      maxlength="400"
      value=${text}
      onInput=${(event) => write([event.target.value], { kind: `${lane.slot}-text` })}
      onBlur=${() => callByName(edit, lane)}
    />
    <div class="editor-wrong" id=${wrong} aria-live="polite"><${Wrong} lane=${lane} /></div>
    <${Palette} insert=${insert} setMark=${setMark} list=${list} />
  </div>`;
}

// What the chips show: what was typed, or the sentence that a name stands for.
function textOf({ unit, answer }) {
  return unit && !ORDERINGS.includes(unit) ? unit.trimStart() : (answer?.block ?? "");
}

// A sentence that has a name is called by it once nobody types any more.
function callByName(edit, { slot, answer, error, pending, unit }) {
  if (error || pending || !unit || ORDERINGS.includes(unit)) return;
  edit(slot, (draft) => (draft.unit = answer.ordering || answer.block), { undoable: false });
}

function Wrong({ lane }) {
  if (placeOfError(lane) !== "unit") return html`<p class="note">${lane.answer?.trunk.verdict}</p>`;
  const { message, marked } = lane.error;
  return html`<p class="wrong">${message} <${Mend} lane=${lane} /></p>
    ${marked && html`<p class="mono where" aria-hidden="true">${marked[0]}<mark>${marked[1]}</mark>${marked[2]}</p>`}`;
}

// Arrows move, Alt+arrows or Space and arrows reorder, Delete removes, Enter opens.
// The chip before the caret is the one that keys act on; `mark` is where a dragged word would go, or -1.
function Chips({ id, words, caret, setCaret, mark, setMark, write }) {
  const { words: known } = useStore().catalog;
  const list = useRef(null);
  const [grabbed, setGrabbed] = useState(null);
  const [open, setOpen] = useState(-1);
  const current = Math.max(0, caret - 1);
  const focus = (place) => list.current.children[Math.max(0, Math.min(words.length - 1, place))]?.focus();
  const say = (text, place, values) => announce(t(text, { word: words[place], ...values }));
  const move = (from, to) => {
    if (to < 0 || to >= words.length || from === to) return;
    write(words.toSpliced(from, 1).toSpliced(to, 0, words[from]));
    focus(to);
    say("{word} is now {place} of {count}.", from, { place: to + 1, count: words.length });
  };
  const remove = (place) => {
    setOpen(-1);
    write(words.toSpliced(place, 1));
    focus(Math.min(place, words.length - 2));
    say("{word} removed.", place);
  };
  const putBack = () => {
    write(grabbed);
    setGrabbed(null);
  };
  const grab = () => {
    setGrabbed(grabbed ? null : words);
    say(grabbed ? "{word} put down." : "{word} lifted; arrows move it, Space puts it down, Escape puts it back.", current);
  };
  const keys = (event) => {
    const step = STEPS[event.key];
    const acts = {
      Home: () => focus(0),
      End: () => focus(words.length - 1),
      Delete: () => remove(current),
      Backspace: () => remove(current),
      Enter: () => setOpen(current),
      Escape: grabbed && putBack,
      " ": grab,
    };
    const go = () => (event.altKey || grabbed ? move(current, current + step) : focus(current + step));
    const act = step ? go : acts[event.key];
    if (!act || !words.length) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  // a chip's place among the others as a place among all
  const gapOf = (place) => (at) => setMark(at < place ? at : at + 1);
  const classesOf = (word, place) => [
    kindOf(word),
    !readWord(word, known) && "unknown",
    grabbed && place === current && "grabbed",
    mark < 0 ? place === caret - 1 && "caret" : place === mark - 1 && "gap",
  ];
  const chip = (word, place) => html`<li
    role="option"
    key=${place}
    class=${["chip", ...classesOf(word, place).filter(Boolean)].join(" ")}
    aria-selected=${place === current}
    aria-label=${t("{word}, {place} of {count}", { word, place: place + 1, count: words.length })}
    title=${readWord(word, known)?.word.meaning}
    tabindex=${place === current ? 0 : -1}
    onFocus=${() => setCaret(place + 1)}
    onClick=${() => (focus(place), setOpen(open === place ? -1 : place))}
    onPointerDown=${(event) => dragChip(event, list.current, gapOf(place), (at) => (at < 0 ? remove(place) : move(place, at)))}
  >${word}</li>`;
  return html`<div class="chips-frame">
    <ul
      class=${mark === 0 ? "chips gap" : "chips"}
      id=${id}
      ref=${list}
      role="listbox"
      aria-orientation="horizontal"
      aria-label=${t("Words of the unit")}
      onKeyDown=${keys}
    >${words.map(chip)}</ul>
    ${open >= 0 && open < words.length && html`<${Arguments}
      key=${open}
      text=${words[open]}
      chip=${list.current.children[open]}
      set=${(text) => write(words.with(open, text))}
      remove=${() => remove(open)}
      close=${() => setOpen((now) => (now === open ? -1 : now))}
    />`}
  </div>`;
}

// In groups; a click puts a word at the caret, a drag anywhere.
function Palette({ insert, setMark, list }) {
  const { palette, words: known } = useStore().catalog;
  const drop = (word) => (place) => place >= 0 && insert(word, place);
  const chip = (word) => html`<button
    type="button"
    key=${word}
    class=${`chip ${kindOf(word)}`}
    title=${readWord(word, known).word.meaning}
    aria-label=${t("Add {word}", { word })}
    onClick=${() => insert(word)}
    onPointerDown=${(event) => dragChip(event, document.getElementById(list), setMark, drop(word))}
  >${word}</button>`;
  const group = ([label, words]) => html`<div class="palette-group" key=${label} role="group" aria-label=${t(label)}>
    <span class="faint" aria-hidden="true">${t(label)}</span> ${words.map(chip)}
  </div>`;
  return html`<div class="palette" role="group" aria-label=${t("Words to add")}>${Object.entries(palette).map(group)}</div>`;
}
