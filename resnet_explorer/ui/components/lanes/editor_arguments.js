// The arguments of one chip, edited in place: a control for each, made from the word's parameters.
import { html, useLayoutEffect, useRef } from "../shared/vendor/preact.js";
import { readWord, spellWord } from "./block_text.js";
import { Control } from "./controls.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

// A popover of the chip: the browser places it, closes it with Escape or a press outside, and gives the focus back.
export function Arguments({ text, chip, set, remove, close }) {
  const root = useRef(null);
  const typed = readWord(text, useStore().catalog.words);
  useLayoutEffect(() => root.current.showPopover({ source: chip }), []);
  const control = (parameter) => html`<${Control}
    ...${parameter}
    key=${parameter.name}
    value=${typed.values[parameter.name]}
    set=${(value) => set(spellWord(typed.word, { ...typed.values, [parameter.name]: value || parameter.default }))}
  />`;
  return html`<dialog
    popover="auto"
    class="arguments"
    ref=${root}
    aria-label=${t("Arguments of {word}", { word: text })}
    onToggle=${(event) => event.newState === "closed" && close()}
    onKeyDown=${(event) => event.key === "Escape" && event.stopPropagation()}
  >
    <form method="dialog" novalidate onSubmit=${() => root.current.hidePopover()}>
      <p class="note">${typed ? typed.word.meaning : t("This word is not known.")}</p>
      ${typed?.word.parameters.map(control)}
      <div class="arguments-end">
        <button type="button" class="quiet" onClick=${remove}>${t("Remove")}</button>
        <button class="quiet">${t("Done")}</button>
      </div>
    </form>
  </dialog>`;
}
