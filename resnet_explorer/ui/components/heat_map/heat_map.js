// Gradient flow while the lines learn: one heat map each, unit by step, all on one scale.
import { html, render } from "../shared/vendor/preact.js";
import { listen, points, rows } from "../curves/stream.js";
import { savePictures, saveTable } from "./save.js";
import { Map } from "./map.js";
import { channels, decadesOf, KINDS, raised } from "./scale.js";
import { t } from "../shared/words.js";

const MEANINGS = {
  gradients: "norm of the gradient of the loss by the tensor between two units, of the step's own batch",
  moments: "mean of the squares of the tensor between two units",
  responses: "standard deviation of what the branch gives before the addition, after its last BN",
};

export function mount({ element, props, watch }) {
  const shades = JSON.parse(props.shades);
  let value = { lines: [], kind: "gradients", seed: "" };
  const draw = () => {
    const maps = value.lines.map((line) => {
      const run = line.runs.find((each) => String(each.seed) === value.seed) ?? line.runs[0];
      return { line: { ...line, title: [t(line.name), line.depth].filter(Boolean).join(" ") }, run: { ...run, ...rows.get(run.run) } };
    });
    render(html`<${HeatMaps} maps=${maps} kind=${value.kind} shades=${shades} element=${element} />`, element);
  };
  const watched = listen(element, draw);
  const take = () => {
    if (!props.value) return;
    value = JSON.parse(props.value);
    watched(value.lines.flatMap((line) => line.runs.map((run) => run.run)));
    draw();
  };
  watch("value", take);
  take();
}

function HeatMaps({ maps, kind, shades, element }) {
  // a run that diverged takes the ends of the others' scale
  const sound = maps.filter(({ run }) => run.code !== "nonfinite");
  const range = decadesOf((sound.length ? sound : maps).flatMap(({ run }) => points.get(run.run)?.flows ?? []), kind);
  const colours = shades.map(channels);
  const legend = range ? `${KINDS[kind]}, 10${raised(range[0])} – 10${raised(range[1])}` : "";
  const file = (form, keep) => html`<button type="button" class="quiet" key=${form} disabled=${!range} aria-label=${t("Download {form} of the heat maps", { form })} onClick=${keep}>${form}</button>`;
  return html`<div class="heats">
      ${maps.map(({ line, run }) => html`<${Map} key=${line.key} line=${line} run=${run} flows=${points.get(run.run)?.flows ?? []} kind=${kind} range=${range} shades=${colours} />`)}
    </div>
    <div class="heat-foot">
      <${Scale} range=${range} shades=${shades} legend=${legend} />
      <span class="chart-files">
        ${["SVG", "PNG"].map((form) => file(form, () => savePictures(element, form.toLowerCase(), legend)))}
        ${file("CSV", () => saveTable(maps, points, kind))}
      </span>
    </div>
    <p class="chart-caption">${`${KINDS[kind]}: ${t(MEANINGS[kind])}. ${t("Steps to the right, units downward from the input; one scale for all lanes; 0 or not finite in the warning tone.")}`}</p>`;
}

// From the lowest to the highest decade, with a number at each whole one.
function Scale({ range, shades, legend }) {
  if (!range) return html`<div class="heat-scale"></div>`;
  const [low, high] = range;
  const whole = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, at) => Math.ceil(low) + at);
  const step = Math.ceil(whole.length / 6);
  return html`<div class="heat-scale" role="img" aria-label=${legend}>
    <i style=${`background:linear-gradient(to right, ${shades.join(", ")})`}></i>
    ${whole.filter((_, at) => at % step === 0).map((at) => html`<span key=${at} style=${`left:${(100 * (at - low)) / (high - low)}%`}>10${raised(at)}</span>`)}
  </div>`;
}
