// Runs that came with the program, a set for each press that made them; and lanes that are those of the runs shown.
import { html } from "../components/shared/vendor/preact.js";
import { announce } from "../components/shared/announce.js";
import { createLane, SLOTS } from "../components/lanes/lane.js";
import { choice, chooseAll } from "./train_settings.js";
import { change } from "./store.js";
import { t } from "../components/shared/words.js";

export function RecordedSets({ rows, settings }) {
  const sets = setsOf(rows.filter((run) => run.recorded));
  const labels = [...new Set(sets.flatMap((set) => set.runs.map((run) => run.recorded)))].join("; ");
  return html`<div class="train-recorded" role="group" aria-label=${t("Recorded runs")}>
    <span title=${`${t("real runs, made earlier; a press puts a set into the picture and its networks into the lanes")}. ${labels}`}>${t("Recorded runs")}</span>
    ${sets.map((set) => html`<${SetButton} key=${set.group} set=${set} on=${shown(settings, set)} />`)}
  </div>`;
}

function SetButton({ set, on }) {
  const words = { n: set.lines.length, m: set.seeds };
  return html`<button type="button" class="quiet" aria-pressed=${on} title=${set.runs[0].recorded} onClick=${() => take(set)}>
    ${set.title} <span class="faint">${t(set.seeds > 1 ? "{n} lanes, {m} seeds" : "{n} lanes", words)}</span>
  </button>`;
}

function setsOf(runs) {
  const groups = new Map();
  for (const run of runs) groups.set(run.group, [...(groups.get(run.group) ?? []), run]);
  return [...groups].map(([group, members]) => described(group, members)).sort((one, two) => one.runs[0].created - two.runs[0].created);
}

function described(group, runs) {
  const lines = [...new Set(runs.map((run) => run.line))];
  const depths = [...new Set(lines.map((line) => line.match(/-(\d+)(?=[:;]|$)/)?.[1]).filter(Boolean))];
  const title = depths.length === 1 ? t("{depth} layers", { depth: depths[0] }) : lines[0];
  return { group, runs, lines, title, seeds: new Set(runs.map((run) => run.seed)).size };
}

function shown(settings, set) {
  const group = choice(settings, "group");
  return group !== "" && set.group.startsWith(group);
}

function take(set) {
  setLanes(set.runs);
  chooseAll({ group: set.group.slice(0, 10), runs: "" });
}

// The lanes become those of the runs, each with the colour it was trained under where that is free.
export function setLanes(runs) {
  const slots = new Map();
  for (const run of [...runs].sort((one, two) => one.seed - two.seed || one.created - two.created)) {
    if (!slots.has(run.line) && slots.size < SLOTS) slots.set(run.line, free(run.slot, [...slots.values()]));
  }
  change((draft) => {
    draft.lanes = [...slots].map(([line, slot]) => createLane(slot, laneOf(line))).sort((one, two) => one.slot - two.slot);
    delete draft.settings.lane;
  });
  announce(t("The lanes are those of the runs shown."));
}

function free(wanted, taken) {
  return [wanted, 0, 1, 2, 3, 4, 5].find((slot) => slot >= 0 && slot < SLOTS && !taken.includes(slot));
}

// NAME[:UNIT][;FIELD=VALUE ...], as the verbs write it
function laneOf(line) {
  const [head, ...settings] = line.split(";");
  const colon = head.indexOf(":");
  const [name, unit] = colon < 0 ? [head, ""] : [head.slice(0, colon), head.slice(colon + 1).trim()];
  const fields = settings.map((setting) => [setting.slice(0, setting.indexOf("=")).trim(), setting.slice(setting.indexOf("=") + 1).trim()]);
  return { name: name.trim(), unit, fields: Object.fromEntries(fields) };
}
