// The controls of a network's size: a depth slider that stops at legal depths only, and the family's other knobs.
import { html } from "../shared/vendor/preact.js";
import { t } from "../shared/words.js";

export function DepthSlider({ label, stops, value, set, mixed = false }) {
  const all = stops.includes(value) ? stops : [...stops, value].sort((one, two) => one - two);
  const place = all.indexOf(value);
  const text = mixed ? t("several") : value;
  return html`<label class="slider">
    <span>${label}</span>
    <input
      type="range"
      min="0"
      max=${all.length - 1}
      step="1"
      value=${place}
      aria-valuetext=${mixed ? t("several depths") : t("{n} layers", { n: value })}
      onInput=${(event) => set(all[Number(event.target.value)])}
    />
    <output>${text}</output>
  </label>`;
}
