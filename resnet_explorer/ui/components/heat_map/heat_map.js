// Gradient flow while the lines learn: one heat map each, unit by step, all on one scale.
import { html, render } from "../shared/vendor/preact.js";
import { follow, points } from "../curves/stream.js";
import { Files } from "../shared/download.js";
import { filled, tableOf } from "./files.js";
import { Map } from "./map.js";
import { decadesOf, raised } from "./scale.js";
import { t } from "../shared/words.js";

export function mount({ element, props, server }) {
  return follow({ element, props }, (value, lines) => {
    const maps = lines.map((line) => {
      const run = line.runs.find(({ seed }) => String(seed) === value.seed) ?? line.runs[0];
      return { line, run, flows: points.get(run.run)?.flows ?? [] };
    });
    render(html`<${HeatMaps} ...${value} maps=${maps} shades=${props.shades} server=${server} />`, element);
  });
}

function HeatMaps({ maps, kind, name, meaning, first, shades, server }) {
  // a run that diverged takes the ends of the others' scale
  const sound = maps.filter(({ run }) => run.code !== "nonfinite");
  const range = decadesOf((sound.length ? sound : maps).flatMap(({ flows }) => flows), kind);
  const legend = range ? `${name}, 10${raised(range[0])} – 10${raised(range[1])}` : "";
  const written = (form) => server.write_heat_maps({ maps: filled(maps, kind), low: range[0], high: range[1], legend, format: { PNG: "svg" }[form] ?? form.toLowerCase() });
  const make = (form) => (form === "CSV" ? tableOf(maps, kind, first) : written(form));
  return html`<div class="heats">${maps.map((map) => html`<${Map} key=${map.line.key} ...${{ ...map, kind, name, first, range, shades }} />`)}</div>
    <div class="heat-foot">
      <${Scale} ...${{ range, shades, legend }} />
      <${Files} forms=${["SVG", "PNG", "TikZ", "PDF", "CSV"]} ready=${range ? undefined : []} make=${make} name="training-flow" label="Download {form} of the heat maps" />
    </div>
    <p class="chart-caption">${name}: ${t(meaning)}.${" "}
      ${t("Steps to the right, units downward from the input; one scale for all lanes; 0 or not finite in the warning tone.")}
    </p>`;
}

// From the lowest to the highest decade, with a number at each whole one.
function Scale({ range, shades, legend }) {
  if (!range) return html`<div class="heat-scale"></div>`;
  const [low, high] = range;
  const whole = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, at) => Math.ceil(low) + at);
  const step = Math.ceil(whole.length / 6);
  const mark = (at) => html`<span key=${at} style=${`left:${(100 * (at - low)) / (high - low)}%`}>10${raised(at)}</span>`;
  return html`<div class="heat-scale" role="img" aria-label=${legend}>
    <i style=${`background:linear-gradient(to right, ${shades.map((shade) => `rgb(${shade})`)})`}></i>
    ${whole.filter((_, at) => at % step === 0).map(mark)}
  </div>`;
}
