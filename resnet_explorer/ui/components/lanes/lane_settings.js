// What can be set besides the sentence: the ordering by its name, the family with its numbers, and the fields under "more".
import { html } from "../shared/vendor/preact.js";
import { citation, Control, isOn, Mend } from "./controls.js";
import { placeOfError } from "./lane.js";
import { readName, stopsOf, turned } from "./network_name.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

// The named orderings, each with its paper and the published CIFAR-10 errors.
export function Orderings({ lane: { slot, answer } }) {
  const { id, catalog, edit } = useStore();
  if (answer && !answer.orderings) return html`<p class="note">${t("This family has one unit of its own.")}</p>`;
  const offered = catalog.orderings.filter(({ name }) => name !== "plain" || !answer || answer.plain);
  const row = ({ name, errors, ...paper }) => {
    const chosen = name === answer?.ordering;
    return html`<tr key=${name} class=${chosen ? "chosen" : ""} onClick=${() => edit(slot, (draft) => (draft.unit = name))} role="presentation">
      <td><label><input type="radio" name=${`${id}-ordering-${slot}`} checked=${chosen} />${t(name)}</label></td>
      <td class="faint">${citation(paper)}</td>
      ${errors.map((error) => html`<td class="number">${error}</td>`)}
    </tr>`;
  };
  return html`<table class="orderings" role="radiogroup" aria-label=${t("Ordering")}>
    <thead role="presentation">
      <tr role="presentation">
        <th>${t("Ordering")}</th>
        <th>${t("Paper")}</th>
        <th class="number" colspan="2" title=${t("test error of ResNet-110 and ResNet-164, from the papers")}>${t("CIFAR-10 error %, published")}</th>
      </tr>
      <tr role="presentation"><th></th><th></th>${["110", "164"].map((n) => html`<th class="number">${t("depth {n}", { n })}</th>`)}</tr>
    </thead>
    <tbody role="presentation">${offered.map(row)}</tbody>
  </table>`;
}

export function Size({ lane }) {
  const store = useStore();
  const network = readName(lane.name, store.catalog.families);
  const { family, values } = network ?? { family: { name: lane.name, knobs: [] } };
  const about = network ? citation(family) : "";
  const knob = ({ name, ...control }) => html`<${Control}
    ...${control}
    key=${`${family.name}-${name}`}
    name=${name}
    choices=${stopsOf(control, values)}
    value=${values[name]}
    set=${(value) => setPart(store, lane, name, (draft) => (draft.name = turned(network, name, value)))}
  />`;
  return html`<div class="size">
    ${placeOfError(lane) === "name" && html`<p class="wrong" role="alert">${lane.error.message} <${Mend} lane=${lane} /></p>`}
    <${Control} ...${store.catalog.family} about=${about} value=${family.name} set=${(name) => changeFamily(store, lane, name)} />
    ${family.knobs.map(knob)}
  </div>`;
}

// A family brings its own unit; an ordering that was chosen on purpose goes along where it can.
function changeFamily(store, lane, name) {
  const { families } = store.catalog;
  const family = families.find((each) => each.name === name);
  const depth = readName(lane.name, families)?.values.depth;
  const deep = depth && family.knobs.some(({ kind }) => kind === "slider");
  const chosen = lane.unit !== lane.answer?.own && lane.unit === lane.answer?.ordering;
  store.edit(lane.slot, (draft) => {
    draft.name = deep ? turned(readName(family.example, families), "depth", depth) : family.example;
    draft.unit = chosen && family.free ? lane.unit : "";
    draft.fields = {};
    if (draft.title === lane.name) draft.title = "";
  });
}

// Changes of one part in quick succession are one undo.
const setPart = (store, { slot }, part, change) => store.edit(slot, change, { kind: `${slot}-${part}` });

export function Fields({ lane }) {
  const store = useStore();
  const { fields, rules } = store.catalog;
  const own = { width: "1", ...lane.answer?.fields };
  const control = ({ name, ...rest }) => html`<${Control}
    ...${rest}
    key=${name}
    value=${lane.fields[name] ?? own[name] ?? ""}
    set=${(value) => setPart(store, lane, name, (draft) => assign(draft.fields, name, value, own[name]))}
    wrong=${placeOfError(lane) === name ? lane.error.message : ""}
  />`;
  return html`<div class="more-fields">
    ${fields.map(control)}
    <fieldset class="rules"><legend>${t("Pre-activation rules")}</legend> ${rules.map(control)}</fieldset>
  </div>`;
}

// What equals the family's own value is not said, so that the link stays short.
function assign(fields, name, value, own) {
  const spelled = { true: "on", false: "off" }[own] ?? own;
  const same = value === spelled && (name === "width" || !(name in fields));
  delete fields[name];
  if (!same) fields[name] = value;
}
