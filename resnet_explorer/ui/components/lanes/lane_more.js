// Everything else that can be set: shortcuts, sentences around the unit, sizes, the three pre-activation rules.
import { html } from "../shared/vendor/preact.js";
import { placeOfError } from "./lane.js";
import { edit } from "./lane_moves.js";
import { t } from "../shared/words.js";

const SENTENCES = [
  ["stem", "Stem", "what stands before the first unit"],
  ["skip", "Skip", "what stands on every shortcut"],
  ["down", "Down", "what stands on a shortcut where the shape changes"],
  ["head", "Head", "what stands after the last unit"],
];
const NUMBERS = [
  ["classes", "Classes"],
  ["image", "Image side"],
];
const RULES = [
  ["share", "share", "where the shape changes, branch and shortcut share the leading activation"],
  ["bare", "bare", "the first unit drops its leading activation if the stem ends with the same"],
  ["close", "close", "the head starts with the unit's leading activation"],
];

export function More({ lane }) {
  const now = { ...(lane.answer?.fields ?? {}), ...lane.fields };
  const set = (name, value) => edit(lane.slot, (draft) => assign(draft.fields, name, value, lane), { kind: `${lane.slot}-${name}` });
  return html`<div class="more-fields">
    <${Choice} label=${t("Shortcut")} name="shortcut" values=${["A", "B", "C"]} about=${SHORTCUTS} now=${now.shortcut} set=${set} />
    <${Text} label=${t("Width, times")} name="width" about=${t("every width times this, such as 2 or 1/2")} value=${lane.fields.width ?? "1"} set=${set} lane=${lane} />
    ${SENTENCES.map(([name, label, about]) => html`<${Text} key=${name} label=${t(label)} name=${name} about=${t(about)} value=${now[name] ?? ""} set=${set} lane=${lane} mono=${true} />`)}
    ${NUMBERS.map(([name, label]) => html`<${Text} key=${name} label=${t(label)} name=${name} about="" value=${now[name] ?? ""} set=${set} lane=${lane} />`)}
    <${Choice} label=${t("Stride at")} name="stride_at" values=${["spatial", "first"]} about=${STRIDES} now=${now.stride_at} set=${set} />
    <fieldset class="rules">
      <legend>${t("Pre-activation rules")}</legend>
      ${RULES.map(([name, label, about]) => html`<label key=${name} title=${t(about)}>
        <input type="checkbox" role="switch" aria-label=${t(label)} checked=${on(now[name])} onChange=${(event) => set(name, event.target.checked ? "on" : "off")} />
        <span>${t(label)}</span> <small>${t(about)}</small>
      </label>`)}
    </fieldset>
  </div>`;
}

const SHORTCUTS = { A: "zeros for new channels", B: "a 1×1 convolution where the shape changes", C: "a 1×1 convolution on every shortcut" };
const STRIDES = { spatial: "the first convolution larger than 1×1 takes the stride", first: "the first convolution takes the stride" };

function on(value) {
  return ["on", "true", "yes"].includes(value);
}

// What equals the family's own value is not said, so that the link stays short.
function assign(fields, name, value, lane) {
  const before = fields[name];
  delete fields[name];
  const own = lane.answer?.fields[name];
  const same = before === undefined && (own === value || (on(own) && on(value)) || (own === "false" && value === "off"));
  const plainWidth = name === "width" && value === "1";
  if (!same && !plainWidth) fields[name] = value;
}

function Choice({ label, name, values, about, now, set }) {
  return html`<fieldset class="choices">
    <legend>${label}</legend>
    ${values.map((value) => html`<button type="button" aria-pressed=${value === now} title=${t(about[value])} onClick=${() => set(name, value)}>${value}</button>`)}
  </fieldset>`;
}

function Text({ label, name, about, value, set, lane, mono = false }) {
  const wrong = placeOfError(lane) === name;
  return html`<label class="labelled" title=${about}>
    <span>${label}</span>
    <input
      class=${`field ${mono ? "mono" : ""}`}
      value=${value}
      spellcheck="false"
      autocomplete="off"
      aria-invalid=${wrong}
      onChange=${(event) => set(name, event.target.value.trim())}
    />
    <small class=${wrong ? "wrong" : ""}>${wrong ? lane.error.message : about}</small>
  </label>`;
}
