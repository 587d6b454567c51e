// A lane as plain values: what it asks for, the text of it, and how it is told apart.
import { t } from "../shared/words.js";

export const SLOTS = 6;
export const ORDERINGS = ["original", "bn-after-addition", "relu-before-addition", "relu-only-preactivation", "full-preactivation", "plain"];
export const letter = (slot) => "ABCDEF"[slot];

export function createLane(slot, { name = "cifar-basic-56", unit = "", fields = {}, title = "" } = {}) {
  // an ordering's own name is drawn in the visitor's language, and follows the ordering
  return { slot, name, unit, fields: { ...fields }, title: title === unit ? "" : title, spec: "", answer: null, error: null, pending: true };
}

export const requestOf = ({ slot, name, unit, fields, title }) => ({ slot, name, unit, fields: { ...fields }, title });

// As Python gets it: the last text that could be read, and what is wrong with the newest.
export const valueOf = (lane) => ({ ...requestOf(lane), spec: lane.spec, error: lane.error?.message ?? "" });

// NAME[:UNIT][;FIELD=VALUE ...], as the verbs read it
export function specOf({ name, unit, fields }) {
  const head = unit ? `${name}:${unit}` : name;
  return [head, ...Object.entries(fields).map(([field, value]) => `${field}=${value}`)].join(";");
}

// The same as arguments of a verb: a sentence is told from an ordering, so that its errors have columns.
export function argumentsOf({ name, unit, fields }) {
  const known = ORDERINGS.includes(unit) ? { ordering: unit } : unit ? { block: unit } : {};
  return { network: name, ...known, settings: fields };
}

// What the lane is called: its title, its ordering, or its sentence's family.
export function titleOf({ title, unit, name, answer }) {
  if (title) return title;
  const ordering = unit || answer?.ordering || answer?.own || "";
  if (ORDERINGS.includes(ordering)) return t(ordering);
  return t(answer?.ordering || (unit ? "own unit" : name));
}

// Where the error of a lane belongs: to its unit, its name, or one of its fields.
export const placeOfError = ({ error }) => (error ? (error.place ?? "unit") : "");
