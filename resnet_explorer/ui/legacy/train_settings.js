// What the Train view is told and shows, kept in the link where it differs from the defaults.
import { useEffect, useState } from "../components/shared/vendor/preact.js";
import { change } from "./store.js";
import { url } from "./server.js";

export const DEFAULTS = {
  train_data: "shapes",
  train_recipe: "short",
  train_seeds: "1",
  train_set: "",
  train_curve: "loss",
  train_x: "steps",
  train_smooth: "0.9",
  train_heat: "gradients",
  train_off: "",
  train_seed: "",
  group: "",
  runs: "",
};
const SHORT = 6;
const LONGEST = 200;

export function choice(settings, name) {
  return settings[name] ?? DEFAULTS[name];
}

export function choose(name, value) {
  chooseAll({ [name]: value });
}

export function chooseAll(values) {
  change((draft) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === DEFAULTS[name]) delete draft.settings[name];
      else draft.settings[name] = value;
    }
  });
}

// "3" is three seeds from 0 on, "4,9" are those two
export function seedsOf(text) {
  if (text.includes(",")) return [...new Set(text.split(",").filter((part) => /^\s*\d{1,10}\s*$/.test(part)).map(Number))];
  return Array.from({ length: Math.max(1, Math.min(12, Number(text) || 1)) }, (_, seed) => seed);
}

// "lr=0.05;steps=40" -> {lr: "0.05", steps: "40"}
export function fieldsOf(text) {
  return Object.fromEntries(text.split(";").filter((part) => part.includes("=")).map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
}

export function setField(settings, name, value, usual) {
  const fields = fieldsOf(choice(settings, "train_set"));
  if (value === usual || value === "") delete fields[name];
  else fields[name] = value;
  choose("train_set", Object.entries(fields).map(([field, text]) => `${field}=${text}`).join(";").slice(0, LONGEST));
}

// Whether a run belongs to the picture: its group is named in the link, or it is.
export function isShown(settings, run) {
  const [group, runs] = [choice(settings, "group"), choice(settings, "runs")];
  return (group !== "" && run.group.startsWith(group)) || runs.split(",").includes(run.short);
}

// Put runs into the picture or take them out; false if the link cannot hold so many.
export function show(settings, rows, wanted) {
  const names = rows.filter(wanted).map((run) => run.run.slice(0, SHORT));
  const text = names.join(",");
  if (text.length > LONGEST) return false;
  chooseAll({ group: "", runs: text });
  return true;
}

// Recipes, data sets, fields and the frames of the figures; they never change while a page is open.
let asked = null;
export function useChoices() {
  const [choices, set] = useState(null);
  useEffect(() => {
    asked ??= fetch(url("runs/choices")).then((response) => response.json());
    asked.then(set, () => (asked = null));
  }, []);
  return choices;
}

// This browser's own name, by which its runs obey it; it never stands in a link.
const KEY = "resnet-explorer-owner";
let own = "";
export function owner() {
  own ||= stored() || Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");
  try {
    localStorage.setItem(KEY, own);
  } catch {
    // a private window may keep nothing: its runs are its own until it is closed
  }
  return own;
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return "";
  }
}
