// The controls of a lane, drawn as Python describes them: a kind, a label, what it means, choices and bounds.
import { html } from "../shared/vendor/preact.js";
import { t } from "../shared/words.js";

export const isOn = (value) => ["on", "true", "yes"].includes(value);
export const citation = ({ author, year }) => `${author} ${t("et al.")} ${year}`;

// `set` gets the new value as text; `wrong` says what is wrong with the one there is.
export function Control({ titles = {}, choices = [], about = "", ...rest }) {
  const Kind = { buttons: Buttons, slider: ExactSlider }[rest.kind] ?? Field;
  return html`<${Kind} titles=${titles} choices=${choices} about=${t(about)} ...${rest} />`;
}

function Buttons({ label, choices, titles, about, value, set }) {
  const button = (choice) => html`<button
    type="button"
    key=${choice}
    aria-pressed=${choice === value}
    title=${t(titles[choice] ?? about)}
    onClick=${() => set(choice)}
  >${choice}</button>`;
  return html`<fieldset class="choices">
    <legend>${t(label)}</legend>
    ${choices.map(button)}
  </fieldset>`;
}

function Field({ wrong = "", ...control }) {
  const { label, about } = control;
  return html`<label class="labelled" title=${about}>
    <span>${t(label)}</span>
    <${Input} ...${control} wrong=${wrong} />
    <small class=${wrong ? "wrong" : ""}>${wrong || about}</small>
  </label>`;
}

function Input({ kind, name, label, about, wrong, choices, titles, value, set, smallest = 0, most, step }) {
  const change = (event) => set(event.target.value.trim());
  const said = { "aria-label": t(label), "aria-description": wrong || about, "aria-invalid": Boolean(wrong) };
  if (kind === "switch") {
    const turn = (event) => set(choices[event.target.checked ? 0 : 1]);
    return html`<input type="checkbox" role="switch" ...${said} checked=${isOn(value)} onChange=${turn} />`;
  }
  if (kind === "select") {
    const option = (choice) => html`<option value=${choice} selected=${choice === value}>${t(titles[choice] ?? "") || choice}</option>`;
    return html`<select ...${said} onChange=${change}>${choices.map(option)}</select>`;
  }
  const list = `${name}-choices`;
  const sort = kind === "number" ? { type: "number", min: smallest, max: most, step, list } : { inputmode: kind === "decimal" ? kind : "text" };
  const classes = `field ${kind === "sentence" ? "mono" : ""}`;
  return html`<input class=${classes} spellcheck="false" autocomplete="off" ...${said} ...${sort} value=${value} onChange=${change} />
    ${kind === "number" && html`<datalist id=${list}>${choices.map((choice) => html`<option value=${choice} />`)}</datalist>`}`;
}

// A slider with a field for the values between its stops, where there are any.
function ExactSlider({ choices, about, ...control }) {
  return html`<div class="labelled depth" title=${about}>
    <${Slider} ...${control} stops=${choices} />
    ${control.most && html`<${Input} ...${control} kind="number" label="Depth, exactly" about="" choices=${[]} />`}
  </div>`;
}

// Stops at legal depths only.
export function Slider({ label, stops, value, set, mixed = false }) {
  const all = stops.includes(value) ? stops : [...stops, value].sort((one, two) => one - two);
  return html`<label class="slider">
    <span>${t(label)}</span>
    <input
      type="range"
      max=${all.length - 1}
      value=${all.indexOf(value)}
      aria-valuetext=${mixed ? t("several depths") : t("{n} layers", { n: value })}
      onInput=${(event) => set(all[event.target.value])}
    />
    <output>${mixed ? t("several") : value}</output>
  </label>`;
}
