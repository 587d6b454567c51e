// Names of networks as a family and its knobs, read and written by the family's template.
export function readName(name, families) {
  for (const family of families) {
    const match = pattern(family).exec(name);
    if (match) return { family, values: { ...match.groups } };
  }
  return null;
}

export function nameOf(family, values) {
  return family.template.replace(/\{(\w+)\}/g, (_, knob) => values[knob]);
}

function pattern(family) {
  const text = family.template.replace(/\{(\w+)\}/g, (_, knob) => `(?<${knob}>${knob === "scheme" ? "[a-z0-9]+" : "\\d+"})`);
  return new RegExp(`^${text}$`);
}

// The depths (or other values) a slider stops at; those of a knob may depend on another one.
export function stopsOf({ family, values }, name = "depth") {
  const knob = family.knobs.find((each) => each.name === name);
  if (!knob) return null;
  return knob.other ? (knob.by[values[knob.other]] ?? []) : knob.values;
}

// The legal depth nearest to a wanted one, by ratio; exact where the family's step allows it.
export function nearestStop(network, wanted) {
  const knob = network.family.knobs.find((each) => each.name === "depth");
  if (knob.most) return String(legal(knob, Number(wanted)));
  const stops = stopsOf(network).map(Number);
  const distance = (stop) => Math.abs(Math.log(stop / wanted));
  return String(stops.reduce((best, stop) => (distance(stop) < distance(best) ? stop : best)));
}

function legal({ smallest, step, most }, wanted) {
  const near = smallest + Math.round((wanted - smallest) / step) * step;
  return Math.max(smallest, Math.min(most, near));
}

// A knob turned: the others stay, but a depth that is not legal any more goes to the nearest that is.
export function turned(network, name, value) {
  const values = { ...network.values, [name]: value };
  const depth = network.family.knobs.find((knob) => knob.name === "depth");
  if (depth && name !== "depth" && depth.other === name) {
    values.depth = nearestStop({ family: network.family, values }, values.depth);
  }
  return nameOf(network.family, values);
}
