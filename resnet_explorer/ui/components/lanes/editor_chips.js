// The words of a unit as chips: arrows move, Alt+arrows or Space and arrows reorder, Delete removes, Enter opens.
import { html, useRef, useState } from "../shared/vendor/preact.js";
import { announce } from "../shared/announce.js";
import { Arguments } from "./editor_arguments.js";
import { dragChip } from "./drag.js";
import { isMerge, onTrunk, readWord } from "./block_text.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

// The chip before the caret is the one that keys act on; `mark` is where a dragged word would go, or -1.
export function Chips({ id, words, caret, setCaret, mark, setMark, write }) {
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
  const grab = () => {
    setGrabbed(grabbed ? null : words);
    say(grabbed ? "{word} put down." : "{word} lifted; arrows move it, Space puts it down, Escape puts it back.", current);
  };
  const letGo = () => {
    write(grabbed);
    setGrabbed(null);
  };
  const keys = (event) => {
    const step = STEPS[event.key];
    const acts = {
      Home: () => focus(0),
      End: () => focus(words.length - 1),
      Delete: () => remove(current),
      Backspace: () => remove(current),
      Enter: () => setOpen(current),
      Escape: grabbed && letGo,
      " ": grab,
    };
    const go = () => (event.altKey || grabbed ? move(current, current + step) : focus(current + step));
    const act = step ? go : acts[event.key];
    if (!act || !words.length) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const trunk = onTrunk(words);
  const [gap, before, after] = mark < 0 ? [caret, "caret", "caret-after"] : [mark, "before", "after"];
  const classesOf = (word, place) => [
    isMerge(word) && "merge",
    trunk[place] && "trunk",
    !readWord(word, known) && "unknown",
    grabbed && place === current && "grabbed",
    place === gap && before,
    place === words.length - 1 && place < gap && after,
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
    onPointerDown=${(event) => dragChip(event, list.current, {
      skip: place,
      mark: (at) => setMark(at < place ? at : at + 1),
      drop: (at) => (at < 0 ? remove(place) : move(place, at)),
    })}
  >${word}</li>`;
  return html`<div class="chips-frame">
    <ul class="chips" id=${id} ref=${list} role="listbox" aria-orientation="horizontal" aria-label=${t("Words of the unit")} onKeyDown=${keys}>
      ${words.map(chip)}
    </ul>
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
