// Everything else that can be set: shortcuts, sentences around the unit, sizes, the three pre-activation rules.
import { html } from "../shared/vendor/preact.js";
import { Choices, Field } from "./controls.js";
import { placeOfError } from "./lane.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

const TEXTS = [
  ["width", "Width, times", "every width times this, such as 2 or 1/2"],
  ["stem", "Stem", "what stands before the first unit"],
  ["skip", "Skip", "what stands on every shortcut"],
  ["down", "Down", "what stands on a shortcut where the shape changes"],
  ["head", "Head", "what stands after the last unit"],
  ["classes", "Classes", ""],
  ["image", "Image side", ""],
];
const PLAIN = ["width", "classes", "image"];
const SHORTCUTS = { A: "zeros for new channels", B: "a 1×1 convolution where the shape changes", C: "a 1×1 convolution on every shortcut" };
const STRIDES = { spatial: "the first convolution larger than 1×1 takes the stride", first: "the first convolution takes the stride" };
const RULES = [
  ["share", "where the shape changes, branch and shortcut share the leading activation"],
  ["bare", "the first unit drops its leading activation if the stem ends with the same"],
  ["close", "the head starts with the unit's leading activation"],
];

export function Fields({ lane }) {
  const store = useStore();
  const now = { ...lane.answer?.fields, width: "1", ...lane.fields };
  const set = (name) => (value) => store.edit(lane.slot, (draft) => assign(draft.fields, name, value, lane.answer?.fields[name]), { kind: `${lane.slot}-${name}` });
  const wrong = placeOfError(lane);
  return html`<div class="more-fields">
    <${Choices} label=${t("Shortcut")} values=${["A", "B", "C"]} title=${(value) => t(SHORTCUTS[value])} now=${now.shortcut} set=${set("shortcut")} />
    ${TEXTS.map(([name, label, about]) => html`<${Field} key=${name} label=${t(label)} about=${t(about)} value=${now[name] ?? ""} set=${set(name)} wrong=${wrong === name && lane.error.message} mono=${!PLAIN.includes(name)} />`)}
    <${Choices} label=${t("Stride at")} values=${["spatial", "first"]} title=${(value) => t(STRIDES[value])} now=${now.stride_at} set=${set("stride_at")} />
    <fieldset class="rules">
      <legend>${t("Pre-activation rules")}</legend>
      ${RULES.map(([name, about]) => html`<label key=${name} title=${t(about)}>
        <input type="checkbox" role="switch" aria-label=${t(name)} checked=${on(now[name])} onChange=${(event) => set(name)(event.target.checked ? "on" : "off")} />
        <span>${t(name)}</span> <small>${t(about)}</small>
      </label>`)}
    </fieldset>
  </div>`;
}

function on(value) {
  return ["on", "true", "yes"].includes(value);
}

// What equals the family's own value is not said, so that the link stays short.
function assign(fields, name, value, own) {
  const before = fields[name];
  delete fields[name];
  const same = before === undefined && (own === value || (on(own) && on(value)) || (own === "false" && value === "off"));
  if (!same && !(name === "width" && value === "1")) fields[name] = value;
}
