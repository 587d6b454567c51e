// A lane's family and the numbers in its name.
import { html } from "../shared/vendor/preact.js";
import { Choices, Field } from "./controls.js";
import { placeOfError } from "./lane.js";
import { DepthSlider } from "./depth_slider.js";
import { Mend } from "./mend.js";
import { nameOf, nearestStop, readName, stopsOf, turned } from "./network_name.js";
import { useStore } from "./store.js";
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
const KNOBS = { depth: "Depth", k: "Width k", groups: "Groups", width: "Width", scale: "Splits", scheme: "Scheme" };

export function Size({ lane }) {
  const store = useStore();
  const { families } = store.catalog;
  const network = readName(lane.name, families);
  const set = (knob) => (value) => store.edit(lane.slot, (draft) => (draft.name = turned(network, knob.name, value)), { kind: `${lane.slot}-${knob.name}` });
  return html`<div class="size">
    ${placeOfError(lane) === "name" && html`<p class="wrong" role="alert">${lane.error.message} <${Mend} lane=${lane} /></p>`}
    <label class="labelled">
      <span>${t("Family")}</span>
      <select aria-label=${t("Family")} onChange=${(event) => changeFamily(store, lane, event.target.value)}>
        ${!network && html`<option value="" selected>${lane.name}</option>`}
        ${families.map((family) => html`<option value=${family.name} selected=${family === network?.family}>${t(FAMILY_NAMES[family.name] ?? family.name)}</option>`)}
      </select>
      <small>${network ? `${network.family.paper.split(",")[0]} ${t("et al.")} ${network.family.year}` : ""}</small>
    </label>
    ${network?.family.knobs.map((knob) => html`<${Knob} key=${`${network.family.name}-${knob.name}`} knob=${knob} network=${network} set=${set(knob)} />`)}
  </div>`;
}

function Knob({ knob, network, set }) {
  const value = network.values[knob.name];
  const stops = stopsOf(network, knob.name);
  const label = t(KNOBS[knob.name] ?? knob.name);
  const bounds = { type: "number", min: knob.smallest, max: knob.most, step: knob.step || 1, value };
  if (knob.name === "depth" && stops.length > 6) {
    return html`<div class="labelled depth" title=${t(knob.meaning)}>
      <${DepthSlider} label=${label} stops=${stops} value=${value} set=${set} />
      ${knob.most > 0 && html`<input class="field exact" aria-label=${t("Depth, exactly")} ...${bounds} onChange=${(event) => exact(event, network, set)} />`}
    </div>`;
  }
  if (!knob.most) return html`<${Choices} label=${label} values=${stops} now=${value} set=${set} title=${() => t(knob.meaning)} />`;
  return html`<${Field} label=${label} about=${t(knob.meaning)} ...${bounds} list=${`stops-${knob.name}`} set=${(text) => Number(text) >= 1 && set(String(Math.floor(Number(text))))}>
    <datalist id=${`stops-${knob.name}`}>${stops.map((stop) => html`<option value=${stop} />`)}</datalist>
  </${Field}>`;
}

// a depth that does not exist goes to the nearest that does
function exact(event, network, set) {
  const wanted = Number(event.target.value);
  const depth = wanted > 0 ? nearestStop(network, wanted) : network.values.depth;
  event.target.value = depth;
  set(depth);
}

// A family brings its own unit; an ordering that was chosen on purpose goes along where it can.
function changeFamily(store, lane, name) {
  const { families } = store.catalog;
  const family = families.find((each) => each.name === name);
  if (!family) return;
  const depth = readName(lane.name, families)?.values.depth;
  const example = readName(family.example, families);
  const free = family.knobs.some((knob) => knob.name === "depth" && (knob.most || knob.other));
  const chosen = lane.unit && lane.unit !== lane.answer?.own && lane.answer?.ordering === lane.unit && family.knobs.length > 0;
  store.edit(lane.slot, (draft) => {
    draft.name = depth && free ? nameOf(family, { ...example.values, depth: nearestStop(example, depth) }) : family.example;
    draft.unit = chosen && !["horesnet", "vgg"].includes(name) ? lane.unit : "";
    draft.fields = {};
    draft.title = draft.title === lane.name ? "" : draft.title;
  });
}
