// The arguments of one chip, edited in place: a control for each, made from the word's parameters.
import { html, useEffect, useLayoutEffect, useRef } from "../shared/vendor/preact.js";
import { readWord, spellWord } from "./block_text.js";
import { t } from "../shared/words.js";

export function Arguments({ text, known, anchor, set, remove, close }) {
  const root = useRef(null);
  const typed = readWord(text, known);
  useLayoutEffect(() => place(root.current, anchor()));
  useEffect(() => {
    root.current.querySelector("input, select, button")?.focus();
    const outside = (event) => root.current?.contains(event.target) || event.target.closest?.(".chips") || close();
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  const keys = (event) => {
    if (event.key !== "Escape" && !(event.key === "Enter" && event.target.tagName === "INPUT")) return;
    event.preventDefault();
    event.target.blur();
    close();
  };
  const change = (name, value) => set(spellWord(typed.word, { ...typed.values, [name]: value }));
  return html`<div class="arguments" ref=${root} role="dialog" aria-label=${t("Arguments of {word}", { word: text })} onKeyDown=${keys}>
    <p class="note">${typed ? typed.word.meaning : t("This word is not known.")}</p>
    ${typed?.word.parameters.map((parameter) => html`<${Argument} key=${parameter.name} parameter=${parameter} value=${typed.values[parameter.name]} change=${(value) => change(parameter.name, value)} />`)}
    <div class="arguments-end">
      <button type="button" class="quiet" onClick=${remove}>${t("Remove")}</button>
      <button type="button" class="quiet" onClick=${close}>${t("Done")}</button>
    </div>
  </div>`;
}

function Argument({ parameter, value, change }) {
  return html`<label class="argument"><span class="mono">${parameter.name}</span> <${Control} parameter=${parameter} value=${value} change=${change} /></label>`;
}

function Control({ parameter, value, change }) {
  const { kind, choices } = parameter;
  if (kind === "switch") {
    const on = ["true", "yes", "on"].includes(value);
    return html`<input type="checkbox" aria-label=${parameter.name} checked=${on} onChange=${(event) => change(String(event.target.checked))} />`;
  }
  if (kind === "choice") {
    return html`<select aria-label=${parameter.name} onChange=${(event) => change(event.target.value)}>
      ${choices.map((choice) => html`<option value=${choice} selected=${choice === value}>${choice}</option>`)}
    </select>`;
  }
  const number = kind === "whole" ? { type: "number", min: 0, step: 1 } : { type: "text", inputmode: "decimal" };
  return html`<input class="field" aria-label=${parameter.name} ...${number} value=${value} onChange=${(event) => change(event.target.value.trim() || parameter.default)} />`;
}

// Under its chip, and within the frame.
function place(element, chip) {
  if (!element || !chip) return;
  const frame = element.parentElement.getBoundingClientRect();
  const box = chip.getBoundingClientRect();
  const left = Math.min(box.left - frame.left, frame.width - element.offsetWidth);
  element.style.left = `${Math.max(0, left)}px`;
  element.style.top = `${box.bottom - frame.top + 6}px`;
}
