// The big slider: one depth for all lanes, at legal depths only, answered as it moves.
import { html } from "../components/shared/vendor/preact.js";
import { readName, stopsOf } from "../components/lanes/network_name.js";
import { setDepth, useFamilies } from "./depths.js";
import { t } from "../components/shared/words.js";

export function BigDepth({ lanes }) {
  const families = useFamilies();
  const deep = lanes.map((lane) => readName(lane.name, families)).filter((found) => found?.values.depth && stopsOf(found));
  const here = deep[0]?.values.depth ?? "56";
  const stops = deep.length ? placed(stopsOf(deep[0]), here) : [here];
  const same = new Set(deep.map((found) => found.values.depth)).size <= 1;
  const set = (event) => setDepth(stops[Number(event.target.value)], families);
  return html`<div class="flow-depth" data-part="controls">
    <label for="flow-depth">${t("Depth")}</label>
    <input
      id="flow-depth"
      type="range"
      min="0"
      max=${stops.length - 1}
      step="1"
      value=${stops.indexOf(here)}
      disabled=${!deep.length}
      aria-valuetext=${same ? t("{n} layers", { n: here }) : t("several depths")}
      onInput=${set}
    />
    <output for="flow-depth" data-mixed=${!same}>${same ? here : t("several")}</output>
    <div class="flow-stops" aria-hidden="true"><span>${stops[0]}</span><span>${stops[stops.length - 1]}</span></div>
  </div>`;
}

function placed(stops, here) {
  return stops.includes(here) ? stops : [...stops, here].sort((one, two) => one - two);
}
