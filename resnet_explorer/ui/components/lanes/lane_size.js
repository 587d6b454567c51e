// A lane's family and the numbers in its name.
import { html } from "../shared/vendor/preact.js";
import { placeOfError } from "./lane.js";
import { edit } from "./lane_moves.js";
import { DepthSlider } from "./lane_knobs.js";
import { nameOf, nearestStop, readName, stopsOf, turned } from "./names.js";
import { useFamilies } from "./toolbar.js";
import { t } from "../shared/words.js";

const FAMILY_NAMES = {
  "cifar-basic": "CIFAR, basic",
  "cifar-bottleneck": "CIFAR, bottleneck",
  imagenet: "ImageNet",
  wrn: "Wide ResNet",
  resnext: "ResNeXt",
  res2net: "Res2Net",
  res2next: "Res2NeXt",
  horesnet: "HO-ResNet",
  unipose: "UniPose",
  vgg: "VGG",
};

export function Size({ lane }) {
  const families = useFamilies();
  const found = readName(lane.name, families);
  const set = (name, kind) => edit(lane.slot, (draft) => (draft.name = name), { kind });
  return html`<div class="size">
    ${placeOfError(lane) === "name" && html`<p class="wrong">${lane.error.message}</p>`}
    <label class="labelled">
      <span>${t("Family")}</span>
      <select aria-label=${t("Family")} value=${found?.family.name ?? ""} onChange=${(event) => changeFamily(lane, families, event.target.value)}>
        ${found ? null : html`<option value="">${lane.name}</option>`}
        ${families.map((family) => html`<option value=${family.name} selected=${family === found?.family}>${t(FAMILY_NAMES[family.name] ?? family.name)}</option>`)}
      </select>
      <small>${found ? `${found.family.paper.split(",")[0]} ${t("et al.")} ${found.family.year}` : ""}</small>
    </label>
    ${found?.family.knobs.map((knob) => html`<${Knob} key=${`${found.family.name}-${knob.name}`} knob=${knob} found=${found} set=${(value) => set(turned(found, knob.name, value), `${lane.slot}-${knob.name}`)} />`)}
  </div>`;
}

function Knob({ knob, found, set }) {
  const value = found.values[knob.name];
  const stops = stopsOf(found, knob.name);
  const label = KNOBS[knob.name] ?? knob.name;
  if (knob.name === "depth" && stops.length > 6) {
    return html`<div class="labelled depth" title=${t(knob.meaning)}>
      <${DepthSlider} label=${t("Depth")} stops=${stops} value=${value} set=${set} />
      ${knob.most > 0 && html`<input class="field exact" type="number" aria-label=${t("Depth, exactly")} min=${knob.smallest} max=${knob.most} step=${knob.step} value=${value} onChange=${(event) => exact(event, found, set)} />`}
    </div>`;
  }
  if (knob.most) return html`<${Numbers} label=${t(label)} knob=${knob} value=${value} stops=${stops} set=${set} />`;
  return html`<${Choices} label=${t(label)} knob=${knob} value=${value} stops=${stops} set=${set} />`;
}

const KNOBS = { depth: "Depth", k: "Width k", groups: "Groups", width: "Width", scale: "Splits", scheme: "Scheme" };

// a depth that does not exist goes to the nearest that does
function exact(event, found, set) {
  const wanted = Number(event.target.value);
  const depth = wanted > 0 ? nearestStop(found, wanted) : found.values.depth;
  event.target.value = depth;
  set(depth);
}

function Numbers({ label, knob, value, stops, set }) {
  return html`<label class="labelled" title=${t(knob.meaning)}>
    <span>${label}</span>
    <input class="field" type="number" min=${knob.smallest} max=${knob.most} value=${value} list=${`stops-${knob.name}`} onChange=${(event) => Number(event.target.value) >= 1 && set(String(Math.floor(Number(event.target.value))))} />
    <datalist id=${`stops-${knob.name}`}>${stops.map((stop) => html`<option value=${stop} />`)}</datalist>
    <small>${t(knob.meaning)}</small>
  </label>`;
}

function Choices({ label, knob, value, stops, set }) {
  return html`<fieldset class="choices" title=${t(knob.meaning)}>
    <legend>${label}</legend>
    ${stops.map((stop) => html`<button type="button" aria-pressed=${stop === value} onClick=${() => set(stop)}>${stop}</button>`)}
  </fieldset>`;
}

// A family brings its own unit; an ordering that was chosen on purpose goes along where it can.
function changeFamily(lane, families, name) {
  const family = families.find((each) => each.name === name);
  if (!family) return;
  const before = readName(lane.name, families);
  const example = readName(family.example, families);
  const depth = before?.values.depth;
  const free = family.knobs.find((knob) => knob.name === "depth" && (knob.most || knob.other));
  const chosen = lane.unit && lane.unit !== lane.answer?.own && lane.answer?.ordering === lane.unit && family.knobs.length > 0;
  const carried = chosen && !["horesnet", "vgg"].includes(name);
  edit(lane.slot, (draft) => {
    draft.name = depth && free ? nameOf(family, { ...example.values, depth: nearestStop(example, depth) }) : family.example;
    draft.unit = carried ? lane.unit : "";
    draft.fields = {};
    draft.title = draft.title === lane.name ? "" : draft.title;
  });
}
