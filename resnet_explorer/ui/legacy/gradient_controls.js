// The controls of the gradient view: metric above the figure, the conditions of the probe beside it.
import { html } from "../components/shared/vendor/preact.js";
import { Images } from "./gradient_images.js";
import { choice, choose } from "./gradient_settings.js";
import { t } from "../components/shared/words.js";

const BATCHES = ["2", "4", "8", "16", "32", "64"];

export function Metrics({ settings, choices }) {
  const now = choice(settings, "metric");
  return html`<fieldset class="flow-metrics" data-part="controls" aria-label=${t("Metric")}>
    ${(choices?.metrics ?? []).map(
      ({ name, label, meaning }) => html`<label key=${name} title=${meaning}>
        <input type="radio" name="flow-metric" value=${name} checked=${name === now} aria-label=${`${label}: ${meaning}`} onChange=${() => choose("metric", name)} />
        ${label}
      </label>`,
    )}
  </fieldset>`;
}

export function Conditions({ settings, choices, images, setImages }) {
  if (!choices) return null;
  const seeds = Array.from({ length: choices.most_seeds }, (_, i) => String(i + 1));
  const source = choice(settings, "source");
  return html`<section class="flow-conditions" data-part="controls" aria-label=${t("Conditions")}>
    <h2>${t("Conditions")}</h2>
    <div class="flow-controls">
      <${Pick} settings=${settings} name="seeds" label=${t("Seeds")} options=${seeds.map(same)} />
      <${Pick} settings=${settings} name="batch" label=${t("Batch")} options=${BATCHES.map(same)} />
      <${Pick} settings=${settings} name="source" label=${t("Input")} options=${[["noise", t("Gaussian noise")], ["shapes", t("drawn shapes")], ["images", t("my images")]]} />
      ${source === "images" && html`<${Images} images=${images} set=${setImages} />`}
      <${Pick} settings=${settings} name="init" label=${t("Initialisation")} options=${choices.inits.map(named)} />
      <p class="about">${meaning(choices.inits, choice(settings, "init"))}</p>
      <${Pick} settings=${settings} name="norm" label=${t("Batch normalisation")} options=${[["on", t("on")], ["off", t("off")]]} />
      <${Pick} settings=${settings} name="loss" label=${t("Loss")} options=${choices.losses.map(({ name, meaning }) => [name, meaning])} />
      <${Pick} settings=${settings} name="across" label=${t("Horizontal axis")} options=${[["unit", t("unit by unit")], ["fraction", t("fraction of the depth")]]} />
      <label class="wide">
        <input type="checkbox" checked=${choice(settings, "theory") === "on"} onChange=${(event) => choose("theory", event.target.checked ? "on" : "off")} />
        ${t("Theory as a thin line")}
      </label>
    </div>
  </section>`;
}

function Pick({ settings, name, label, options }) {
  const now = choice(settings, name);
  const known = options.some(([value]) => value === now) ? options : [...options, same(now)];
  return html`<label for=${`flow-${name}`}>${label}</label>
    <select id=${`flow-${name}`} value=${now} onChange=${(event) => choose(name, event.target.value)}>
      ${known.map(([value, text]) => html`<option key=${value} value=${value} selected=${value === now}>${text}</option>`)}
    </select>`;
}

const same = (value) => [value, value];
const named = ({ name }) => [name, name];

function meaning(entries, name) {
  return entries.find((entry) => entry.name === name)?.meaning ?? "";
}
