// The controls of a lane, drawn as Python describes them: a kind, a label, what it means, choices and bounds.
import { html } from "../shared/vendor/preact.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export const isOn = (value) => ["on", "true", "yes"].includes(value);
export const citation = ({ author, year }) => `${author} ${t("et al.")} ${year}`;

// `set` gets the new value as text; `wrong` says what is wrong with the one there is. A name of the language is its own label.
export function Control({ kind, name, label, about = "", wrong = "", ...rest }) {
  const control = { kind, name, label: label ? t(label) : name, about: t(about), wrong, titles: {}, choices: [], ...rest };
  if (kind === "buttons") return Buttons(control);
  if (kind === "slider") return ExactSlider(control);
  return html`<label class="labelled" title=${control.about}>
    <span>${control.label}</span>
    ${Input(control)}
    <small class=${wrong && "wrong"}>${wrong || control.about}</small>
  </label>`;
}

function Buttons({ label, choices, titles, about, value, set }) {
  const button = (choice) => html`<button
    type="button"
    key=${choice}
    aria-pressed=${choice === value}
    title=${t(titles[choice] ?? about)}
    onClick=${() => set(choice)}
  >${choice}</button>`;
  return html`<fieldset class="choices"><legend>${label}</legend> ${choices.map(button)}</fieldset>`;
}

function Input({ kind, name, label, about, wrong, choices, titles, value, set, smallest = 0, most, step }) {
  const change = (event) => set(event.target.value.trim());
  const said = { "aria-label": label, "aria-description": wrong || about, "aria-invalid": Boolean(wrong) };
  if (kind === "switch") {
    const turn = (event) => set(choices[event.target.checked ? 0 : 1]);
    return html`<input type="checkbox" role="switch" ...${said} checked=${isOn(value)} onChange=${turn} />`;
  }
  if (kind === "select") {
    const all = choices.includes(value) ? choices : [value, ...choices];
    const option = (choice) => html`<option value=${choice} selected=${choice === value}>${t(titles[choice] ?? "") || choice}</option>`;
    return html`<select ...${said} onChange=${change}>${all.map(option)}</select>`;
  }
  const list = choices.length ? `${name}-choices` : undefined;
  const sort = kind === "number" ? { type: "number", min: smallest, max: most, step } : { inputmode: kind === "decimal" ? kind : "text" };
  const classes = `field ${kind === "sentence" ? "mono" : ""}`;
  return html`<input class=${classes} spellcheck="false" autocomplete="off" ...${said} ...${sort} list=${list} value=${value} onChange=${change} />
    ${list && html`<datalist id=${list}>${choices.map((choice) => html`<option value=${choice} />`)}</datalist>`}`;
}

// A slider, and a field for what lies between its stops where that is legal.
function ExactSlider({ choices, about, ...control }) {
  return html`<div class="labelled depth" title=${about}>
    <${Slider} ...${control} stops=${choices} />
    ${control.most && Input({ ...control, kind: "number", label: t("Depth, exactly"), choices: [] })}
  </div>`;
}

// Stops at legal depths only.
export function Slider({ label, stops, value, set, mixed = false }) {
  const all = stops.includes(value) ? stops : [...stops, value].sort((one, two) => one - two);
  const spoken = mixed ? t("several depths") : t("{n} layers", { n: value });
  const slide = (event) => set(all[event.target.value]);
  return html`<label class="slider">
    <span>${label}</span>
    <input type="range" max=${all.length - 1} value=${all.indexOf(value)} aria-valuetext=${spoken} onInput=${slide} />
    <output>${mixed ? t("several") : value}</output>
  </label>`;
}

// One press for each lane that would be right in the place of a wrong one.
export function Mend({ lane: { slot, error } }) {
  const { edit } = useStore();
  const button = ({ text, lane }) => html`<button type="button" class="use" onClick=${() => edit(slot, (draft) => Object.assign(draft, lane))}>
    ${t("use {word}", { word: text })}
  </button> `;
  return error.mends?.map(button);
}
