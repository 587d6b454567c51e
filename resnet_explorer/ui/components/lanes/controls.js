// The controls that the parts of a panel share: a choice of few as buttons, a text or number with what it means below.
import { html } from "../shared/vendor/preact.js";

export function Choices({ label, values, now, set, title = () => "" }) {
  return html`<fieldset class="choices">
    <legend>${label}</legend>
    ${values.map((value) => html`<button type="button" key=${value} aria-pressed=${value === now} title=${title(value)} onClick=${() => set(value)}>${value}</button>`)}
  </fieldset>`;
}

export function Field({ label, about = "", wrong = "", set, children, mono = false, ...input }) {
  return html`<label class="labelled" title=${about}>
    <span>${label}</span>
    <input class=${`field ${mono ? "mono" : ""}`} spellcheck="false" autocomplete="off" aria-invalid=${Boolean(wrong)} ...${input} onChange=${(event) => set(event.target.value.trim())} />
    ${children}
    <small class=${wrong ? "wrong" : ""}>${wrong || about}</small>
  </label>`;
}
