// Names of networks as a family and the numbers in them; what numbers there are, Python says.
export function readName(name, families) {
  for (const family of families) {
    const match = new RegExp(`^${family.pattern}$`).exec(name);
    if (match) return { family, values: { ...match.groups } };
  }
  return null;
}

// The values that a knob stops at; they may depend on another knob.
export const stopsOf = (knob, values) => knob.stops[values[knob.other] ?? ""];
export const depthStops = ({ family, values }) => stopsOf(family.knobs.find(({ name }) => name === "depth"), values);

// The name with one knob turned to the nearest legal value, and with a depth that is still legal then.
export function turned({ family, values }, name, wanted) {
  const next = { ...values };
  for (const knob of family.knobs) {
    if (knob.name === name) next[name] = nearest(knob, next, wanted);
    else if (knob.other === name) next[knob.name] = nearest(knob, next, values[knob.name]);
  }
  return family.template.replace(/\{(\w+)\}/g, (_, knob) => next[knob]);
}

// By steps where every number is legal that they meet, else by ratio; what is no number changes nothing.
function nearest(knob, values, wanted) {
  const { smallest, step, most } = knob;
  const stops = stopsOf(knob, values);
  if (stops.includes(wanted)) return wanted;
  if (!(wanted > 0)) return values[knob.name];
  if (most) return String(Math.max(smallest, Math.min(most, smallest + Math.round((wanted - smallest) / step) * step)));
  const distance = (stop) => Math.abs(Math.log(stop / wanted));
  return stops.reduce((best, stop) => (distance(stop) < distance(best) ? stop : best));
}
