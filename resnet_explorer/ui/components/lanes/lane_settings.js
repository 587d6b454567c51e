// What can be set besides the unit: the family with the numbers in its name, and the fields under "more".
import { html } from "../shared/vendor/preact.js";
import { citation, Control, isOn } from "./controls.js";
import { placeOfError } from "./lane.js";
import { Mend } from "./mend.js";
import { readName, stopsOf, turned } from "./network_name.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Size({ lane }) {
  const store = useStore();
  const { families } = store.catalog;
  const network = readName(lane.name, families);
  const { family, values } = network ?? { family: { name: lane.name, knobs: [] } };
  const turn = (knob) => (value) => store.edit(lane.slot, (draft) => (draft.name = turned(network, knob, value)), { kind: `${lane.slot}-${knob}` });
  return html`<div class="size">
    ${placeOfError(lane) === "name" && html`<p class="wrong" role="alert">${lane.error.message} <${Mend} lane=${lane} /></p>`}
    <${Control}
      kind="select"
      label="Family"
      about=${network ? citation(family) : ""}
      choices=${[...(network ? [] : [lane.name]), ...families.map(({ name }) => name)]}
      titles=${Object.fromEntries(families.map(({ name, label }) => [name, label]))}
      value=${family.name}
      set=${(name) => changeFamily(store, lane, name)}
    />
    ${family.knobs.map((knob) => html`<${Control}
      ...${knob}
      key=${`${family.name}-${knob.name}`}
      choices=${stopsOf(knob, values)}
      value=${values[knob.name]}
      set=${turn(knob.name)}
    />`)}
  </div>`;
}

// A family brings its own unit; an ordering that was chosen on purpose goes along where it can.
function changeFamily(store, lane, name) {
  const { families } = store.catalog;
  const family = families.find((each) => each.name === name);
  if (!family) return;
  const depth = readName(lane.name, families)?.values.depth;
  const deep = depth && family.knobs.some((knob) => knob.kind === "slider");
  const chosen = lane.unit && lane.unit !== lane.answer?.own && lane.answer?.ordering === lane.unit;
  store.edit(lane.slot, (draft) => {
    draft.name = deep ? turned(readName(family.example, families), "depth", depth) : family.example;
    draft.unit = chosen && family.free ? lane.unit : "";
    draft.fields = {};
    draft.title = draft.title === lane.name ? "" : draft.title;
  });
}

export function Fields({ lane }) {
  const store = useStore();
  const { fields, rules } = store.catalog;
  const own = { width: "1", ...lane.answer?.fields };
  const set = (name) => (value) => store.edit(lane.slot, (draft) => assign(draft.fields, name, value, own[name]), { kind: `${lane.slot}-${name}` });
  const wrong = (name) => (placeOfError(lane) === name ? lane.error.message : "");
  const control = (field) => html`<${Control}
    ...${field}
    key=${field.name}
    value=${{ ...own, ...lane.fields }[field.name] ?? ""}
    set=${set(field.name)}
    wrong=${wrong(field.name)}
  />`;
  return html`<div class="more-fields">
    ${fields.map(control)}
    <fieldset class="rules">
      <legend>${t("Pre-activation rules")}</legend>
      ${rules.map(control)}
    </fieldset>
  </div>`;
}

// What equals the family's own value is not said, so that the link stays short.
function assign(fields, name, value, own) {
  const same = !(name in fields) && (own === value || (value === "on" && isOn(own)) || (value === "off" && own === "false"));
  delete fields[name];
  if (!same && !(name === "width" && value === "1")) fields[name] = value;
}
