// The words of a unit as chips: arrows move, Alt+arrows or Space and arrows reorder, Delete removes, Enter opens.
import { html, useLayoutEffect, useRef, useState } from "../shared/vendor/preact.js";
import { announce } from "../shared/announce.js";
import { Arguments } from "./editor_arguments.js";
import { dragChip } from "./drag.js";
import { isMerge, onTrunk, readWord } from "./block_text.js";
import { meaningOf } from "./editor_palette.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Chips({ id, words, caret, setCaret, mark, setMark, write }) {
  const { words: known } = useStore().catalog;
  const list = useRef(null);
  const [active, setActive] = useState(0);
  const [grabbed, setGrabbed] = useState(null);
  const [open, setOpen] = useState(-1);
  const wanted = useRef(-1);
  const current = Math.min(active, words.length - 1);
  useLayoutEffect(() => {
    if (wanted.current < 0) return;
    chipAt(list.current, wanted.current)?.focus();
    wanted.current = -1;
  });
  const go = (place) => {
    const next = Math.max(0, Math.min(words.length - 1, place));
    setActive(next);
    setCaret(next + 1);
    wanted.current = next;
  };
  const move = (from, to) => {
    if (to < 0 || to >= words.length || from === to) return;
    write(moved(words, from, to));
    go(to);
    announce(t("{word} is now {place} of {count}.", { word: words[from], place: to + 1, count: words.length }));
  };
  const remove = (place) => {
    write(words.filter((_, each) => each !== place));
    setOpen(-1);
    go(Math.min(place, words.length - 2));
    announce(t("{word} removed.", { word: words[place] }));
  };
  const keys = (event) => {
    const act = keyed(event, { current, words, grabbed, go, move, remove, setGrabbed, setOpen, write });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const trunk = onTrunk(words);
  return html`<div class="chips-frame">
    <ul class="chips" id=${id} ref=${list} role="listbox" aria-orientation="horizontal" aria-label=${t("Words of the unit")} onKeyDown=${keys}>
      ${words.map((word, place) => html`<${Chip}
        key=${place}
        word=${word}
        label=${t("{word}, {place} of {count}", { word, place: place + 1, count: words.length })}
        meaning=${meaningOf(word, known)}
        classes=${[trunk[place] && "trunk", isMerge(word) && "merge", word !== "|" && !readWord(word, known) && "unknown", grabbed !== null && place === current && "grabbed", mark >= 0 ? mark === place && "before" : caret === place && "caret", mark < 0 && caret === words.length && place === caret - 1 && "caret-after", mark >= words.length && place === words.length - 1 && "after"]}
        tabindex=${place === current ? 0 : -1}
        selected=${place === current}
        pick=${() => (go(place), setOpen(open === place ? -1 : place))}
        drag=${(event) => dragChip(event, list.current, { skip: place, mark: (at) => setMark(at >= place && at >= 0 ? at + 1 : at), drop: (at) => (at < 0 ? remove(place) : move(place, at)) })}
      />`)}
    </ul>
    ${open >= 0 && open < words.length && html`<${Arguments}
      key=${open}
      text=${words[open]}
      known=${known}
      anchor=${() => chipAt(list.current, open)}
      set=${(text) => write(words.map((word, place) => (place === open ? text : word)))}
      remove=${() => remove(open)}
      close=${() => (setOpen(-1), chipAt(list.current, open)?.focus())}
    />`}
  </div>`;
}

function Chip({ word, label, meaning, classes, tabindex, selected, pick, drag }) {
  return html`<li
    role="option"
    class=${["chip", ...classes.filter(Boolean)].join(" ")}
    aria-selected=${selected}
    aria-label=${label}
    title=${meaning}
    tabindex=${tabindex}
    onClick=${pick}
    onPointerDown=${drag}
  >${word}</li>`;
}

function keyed({ key, altKey }, { current, words, grabbed, go, move, remove, setGrabbed, setOpen, write }) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[key];
  if (step) return altKey || grabbed !== null ? () => move(current, current + step) : () => go(current + step);
  if (key === "Escape" && grabbed !== null) return () => (write(grabbed), setGrabbed(null));
  const acts = {
    Home: () => go(0),
    End: () => go(words.length - 1),
    Delete: () => remove(current),
    Backspace: () => remove(current),
    Enter: () => setOpen(current),
    " ": () => grab(words, current, grabbed, setGrabbed),
  };
  return words.length ? acts[key] : null;
}

function grab(words, current, grabbed, setGrabbed) {
  setGrabbed(grabbed === null ? words : null);
  const text = grabbed === null ? "{word} lifted; arrows move it, Space puts it down, Escape puts it back." : "{word} put down.";
  announce(t(text, { word: words[current] }));
}

function moved(words, from, to) {
  const rest = words.filter((_, place) => place !== from);
  return [...rest.slice(0, to), words[from], ...rest.slice(to)];
}

function chipAt(list, place) {
  return list?.querySelectorAll("[role=option]")[place];
}
