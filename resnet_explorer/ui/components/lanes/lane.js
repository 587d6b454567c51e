// A lane as plain values: what it asks for, the text of it, and how it is told apart.
export const SLOTS = 6;
export const ORDERINGS = [
  "original",
  "bn-after-addition",
  "relu-before-addition",
  "relu-only-preactivation",
  "full-preactivation",
  "plain",
];

export function letter(slot) {
  return "ABCDEF"[slot];
}

export function createLane(slot, { name = "cifar-basic-56", unit = "", fields = {}, title = "" } = {}) {
  return { slot, name, unit, fields: { ...fields }, title, spec: "", answer: null, error: null, pending: true };
}

export function asked({ slot, name, unit, fields, title, spec }) {
  return { slot, name, unit, fields: { ...fields }, title, spec };
}

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
export function titleOf(lane, t) {
  if (lane.title) return lane.title;
  const known = lane.unit || lane.answer?.ordering || lane.answer?.own || "";
  if (ORDERINGS.includes(known)) return t(known);
  if (lane.answer?.ordering) return t(lane.answer.ordering);
  return lane.unit ? t("own unit") : lane.name;
}

export function freeSlot(lanes) {
  const taken = new Set(lanes.map((lane) => lane.slot));
  return [0, 1, 2, 3, 4, 5].find((slot) => !taken.has(slot)) ?? -1;
}

// Where an error of a lane belongs: to its unit, its name, or one of its fields.
export function placeOfError({ error, name, fields }) {
  if (!error) return "";
  if (error.message.startsWith("unknown network") || error.message.startsWith(name)) return "name";
  const first = /^[a-z_]+/.exec(error.message)?.[0];
  const said = /^unknown field '([^']*)/.exec(error.message)?.[1];
  return [first, said].find((field) => field in fields) ?? "unit";
}
