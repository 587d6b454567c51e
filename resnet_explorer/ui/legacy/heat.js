// Gradient flow while the lanes learn: one heat map a lane, unit by step, all on one scale.
import { html } from "../components/shared/vendor/preact.js";
import { HeatMap } from "./heat_map.js";
import { savePictures, saveTable } from "./heat_save.js";
import { channels, decadesOf, KINDS, raised } from "./heat_scale.js";
import { choice, choose } from "./train_settings.js";
import { Radios } from "./train_figure.js";
import { t } from "../components/shared/words.js";

const MEANINGS = {
  gradients: "norm of the gradient of the loss by the tensor between two units, of the step's own batch",
  moments: "mean of the squares of the tensor between two units",
  responses: "standard deviation of what the branch gives before the addition, after its last BN",
};

export function Heat({ state, lines, points, choices }) {
  const kind = KINDS[choice(state.settings, "train_heat")] ? choice(state.settings, "train_heat") : "gradients";
  const wanted = choice(state.settings, "train_seed");
  const seeds = [...new Set(lines.flatMap((line) => line.runs.map((run) => run.seed)))].sort((one, two) => one - two);
  const maps = lines.map((line) => ({ line, run: line.runs.find((run) => String(run.seed) === wanted) ?? line.runs[0] }));
  // a run that diverged takes the ends of the others' scale
  const sound = maps.filter(({ run }) => run.code !== "nonfinite");
  const range = decadesOf((sound.length ? sound : maps).flatMap(({ run }) => points.get(run.run)?.flows ?? []), kind);
  const shades = (choices?.shades ?? []).map(channels);
  return html`<section class="train-heat" aria-label=${t("Gradient flow while they learn")}>
    <div class="train-head">
      <h2>${t("Gradient flow while they learn")}</h2>
      <span data-part="controls" class="train-right">
        ${seeds.length > 1 && html`<label>${t("Seed")} <select value=${wanted || String(seeds[0])} onChange=${(event) => choose("train_seed", event.target.value)}>${seeds.map((seed) => html`<option key=${seed} value=${seed}>${seed}</option>`)}</select></label>`}
        <${Radios} name="train_heat" label=${t("Quantity")} options=${KINDS} now=${kind} cls="choice" />
      </span>
    </div>
    <div class="heats">
      ${maps.map(({ line, run }) => html`<${HeatMap} key=${line.key} line=${line} run=${run} points=${points.get(run.run)} kind=${kind} range=${range} shades=${shades} theme=${state.theme} />`)}
    </div>
    <div class="heat-foot">
      <${Scale} range=${range} shades=${choices?.shades ?? []} kind=${kind} />
      <span class="chart-files">
        ${["SVG", "PNG"].map((form) => html`<button type="button" class="quiet" key=${form} disabled=${!range} aria-label=${t("Download {form} of the heat maps", { form })} onClick=${(event) => savePictures(event.target.closest("section"), form.toLowerCase(), legend(kind, range))}>${form}</button>`)}
        <button type="button" class="quiet" disabled=${!range} aria-label=${t("Download {form} of the heat maps", { form: "CSV" })} onClick=${() => saveTable(maps, points, kind)}>CSV</button>
      </span>
    </div>
    <p class="chart-caption">${`${KINDS[kind]}: ${t(MEANINGS[kind])}. ${t("Steps to the right, units downward from the input; one scale for all lanes; 0 or not finite in the warning tone.")}`}</p>
  </section>`;
}

// From the lowest to the highest decade, with a number at each whole one.
function Scale({ range, shades, kind }) {
  if (!range) return html`<div class="heat-scale"> </div>`;
  const [low, high] = range;
  const whole = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, at) => Math.ceil(low) + at);
  const step = Math.ceil(whole.length / 6);
  return html`<div class="heat-scale" role="img" aria-label=${legend(kind, range)}>
    <i style=${`background:linear-gradient(to right, ${shades.join(", ")})`}></i>
    ${whole.filter((_, at) => at % step === 0).map((at) => html`<span key=${at} style=${`left:${(100 * (at - low)) / (high - low)}%`}>10${raised(at)}</span>`)}
  </div>`;
}

function legend(kind, range) {
  return range ? `${KINDS[kind]}, 10${raised(range[0])} – 10${raised(range[1])}` : "";
}
