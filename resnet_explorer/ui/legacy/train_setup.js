// What will be trained: data, recipe, seeds, every other field one press away, and the button.
import { html, useState } from "../components/shared/vendor/preact.js";
import { announce } from "../components/shared/announce.js";
import { letter } from "../components/lanes/lane.js";
import { askedOf, useCheck } from "./train_check.js";
import { lineOf } from "./train_lanes.js";
import { learn } from "./train_runs.js";
import { trained } from "./train_says.js";
import { choice, choose, chooseAll, fieldsOf, owner, seedsOf, setField } from "./train_settings.js";
import { ask } from "./server.js";
import { t } from "../components/shared/words.js";

const FOLDER = "imagefolder";
const COUNTS = ["1", "3", "5"];

export function Setup({ state, choices }) {
  const [open, setOpen] = useState(false);
  const check = useCheck(state);
  const { settings } = state;
  const recipe = choices?.recipes.find((each) => each.name === choice(settings, "train_recipe")) ?? choices?.recipes[0];
  const changed = Object.keys(fieldsOf(choice(settings, "train_set"))).length;
  return html`<section class="train-setup" data-part="controls" aria-label=${t("What will be trained")} data-checked=${check.settled ? "yes" : "no"}>
    <div class="train-line">
      <${Sets} settings=${settings} choices=${choices} />
      <label>${t("Recipe")} <select id="train-recipe" value=${recipe?.name} onChange=${(event) => choose("train_recipe", event.target.value)}>
        ${(choices?.recipes ?? []).map(({ name }) => html`<option key=${name} value=${name} selected=${name === recipe?.name}>${name}</option>`)}
      </select></label>
      <${Seeds} settings=${settings} />
      <button type="button" class="quiet" aria-expanded=${open} aria-controls="train-fields" onClick=${() => setOpen(!open)}>${changed ? t("More, {n} changed", { n: changed }) : t("More")} ${open ? "▴" : "▾"}</button>
      <${Press} state=${state} check=${check} />
    </div>
    <p class="train-about">${recipe?.meaning ?? " "}${check.settled && trained(check.lanes) ? html`<br />${capital(trained(check.lanes))}.` : html`<br /> `}</p>
    ${check.error && html`<p class="wrong" role="alert">${check.error}</p>`}
    ${open && recipe && html`<${Fields} settings=${settings} choices=${choices} recipe=${recipe} />`}
    <${Refused} lanes=${state.lanes} check=${check} />
  </section>`;
}

function Sets({ settings, choices }) {
  const now = choice(settings, "train_data");
  const [name, path] = now.startsWith(`${FOLDER}:`) ? [FOLDER, now.slice(FOLDER.length + 1)] : [now, ""];
  const pick = (value) => choose("train_data", value === FOLDER ? `${FOLDER}:` : value);
  const meaning = choices?.data.find((each) => each.name === name)?.meaning;
  return html`<label title=${meaning}>${t("Data")} <select id="train-data" value=${name} onChange=${(event) => pick(event.target.value)}>
      ${(choices?.data ?? []).map((each) => html`<option key=${each.name} value=${each.name} selected=${each.name === name} title=${each.meaning}>${each.name}${each.download ? ` (${each.download})` : ""}</option>`)}
    </select></label>
    ${name === FOLDER && html`<label>${t("Folder or archive")} <input class="field" type="text" value=${path} placeholder="train/CLASS/*.jpg" onChange=${(event) => choose("train_data", `${FOLDER}:${event.target.value.trim()}`)} /></label>`}`;
}

function Seeds({ settings }) {
  const now = choice(settings, "train_seeds");
  const listed = !COUNTS.includes(now);
  return html`<label>${t("Seeds")} <select id="train-seeds" value=${listed ? "list" : now} onChange=${(event) => choose("train_seeds", event.target.value === "list" ? "0,1" : event.target.value)}>
      ${COUNTS.map((n) => html`<option key=${n} value=${n} selected=${n === now}>${n}</option>`)}
      <option value="list" selected=${listed}>${t("a list")}</option>
    </select></label>
    ${listed && html`<label class="train-seeds"><span class="unseen">${t("Seeds, as a list")}</span><input class="field" type="text" inputmode="numeric" value=${now} onChange=${(event) => choose("train_seeds", commas(event.target.value))} /></label>`}`;
}

function commas(text) {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  return parts.length === 1 ? `${parts[0]},` : parts.join(",");
}

function Press({ state, check }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const seeds = seedsOf(choice(state.settings, "train_seeds"));
  const fine = state.lanes.filter((_, place) => check.lanes[place] && !check.lanes[place].error);
  const n = check.settled ? fine.length : state.lanes.length;
  const press = async () => {
    setBusy(true);
    setWrong("");
    await launch(fine, seeds, state.settings).catch((error) => setWrong(error.message));
    setBusy(false);
  };
  const lanes = n === 1 ? t("Train 1 lane") : t("Train {n} lanes", { n });
  return html`<span class="train-press">
    <button type="button" class="primary" disabled=${busy || !check.settled || !n || !seeds.length} onClick=${press}>
      ${seeds.length > 1 ? t("{lanes}, {seeds} seeds: {runs} runs", { lanes, seeds: seeds.length, runs: n * seeds.length }) : lanes}
    </button>
    ${wrong && html`<span class="wrong" role="alert">${wrong}</span>`}
  </span>`;
}

async function launch(lanes, seeds, settings) {
  const asked = { networks: lanes.map(lineOf), seeds, slots: lanes.map((lane) => lane.slot), owner: owner(), ...askedOf(settings) };
  const { group, runs } = await ask("train", asked);
  learn(runs);
  chooseAll({ group: group.slice(0, 10), runs: "", train_off: "", train_seed: "" });
  announce(t("{n} runs are launched.", { n: runs.length }));
}

// Every field with its meaning; one that differs from the recipe says what the recipe has.
function Fields({ settings, choices, recipe }) {
  const own = fieldsOf(choice(settings, "train_set"));
  return html`<div id="train-fields" class="train-fields">
    ${choices.fields.map((field) => html`<${Field} key=${field.name} field=${field} usual=${recipe.settings[field.name] ?? ""} own=${own[field.name]} set=${(value) => setField(settings, field.name, value, recipe.settings[field.name])} />`)}
    <button type="button" class="quiet" disabled=${!Object.keys(own).length} onClick=${() => choose("train_set", "")}>${t("As the recipe has it")}</button>
  </div>`;
}

function Field({ field, usual, own, set }) {
  const id = `train-field-${field.name}`;
  const value = own ?? usual;
  return html`<div class=${`train-field ${own === undefined ? "" : "changed"}`}>
    <label for=${id}>${field.name}</label>
    ${field.names.length
      ? html`<select id=${id} aria-describedby=${`${id}-says`} value=${value} onChange=${(event) => set(event.target.value)}>${field.names.map((name) => html`<option key=${name} value=${name} selected=${name === value}>${name}</option>`)}</select>`
      : html`<input id=${id} class="field" type="text" aria-describedby=${`${id}-says`} value=${value} onChange=${(event) => set(event.target.value.trim())} />`}
    <small id=${`${id}-says`}>${field.meaning}${own === undefined ? "" : ` · ${t("the recipe has {value}", { value: usual || "–" })}`}</small>
  </div>`;
}

function Refused({ lanes, check }) {
  const found = lanes.map((lane, place) => [lane, check.lanes[place]?.error]).filter(([, error]) => error);
  const same = found.length > 1 && new Set(found.map(([, error]) => error)).size === 1;
  if (same && found.length === lanes.length) return html`<p class="wrong" role="alert">${found[0][1]}</p>`;
  return found.map(([lane, error]) => html`<p class="wrong" role="alert" key=${lane.slot}><b>${letter(lane.slot)}</b> ${error}</p>`);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
