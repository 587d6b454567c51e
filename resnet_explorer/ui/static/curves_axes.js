// How far the axes of the curves reach: in steps that seldom change, so that a growing curve does not shake its axis.
const LEAST_DECADES = 0.6;
// one line of letters, as a part of the height
const LETTER = 0.045;

// Steps: all that will be trained; of a long run, the half, quarter, ... that its curve fills.
export function reach(lanes, across, now) {
  if (across === "seconds") return rounded(Math.max(1, now));
  const all = Math.max(1, ...lanes.flatMap((lane) => lane.runs.map((run) => run.steps || 0)), now);
  let end = all;
  while (all > 1000 && end / 2 > 1.1 * now && end > 200) end /= 2;
  return Math.ceil(end);
}

export function heights(curve, drawn) {
  const values = drawn.flatMap(({ low, high }) => [...low, ...high]).filter((value) => Number.isFinite(value));
  if (curve === "accuracy" || curve === "test") return [0, Math.min(1.02, Math.max(0.2, Math.ceil(5 * Math.max(0, ...values)) / 5 + 0.02))];
  if (curve === "rate") return [0, Math.max(1e-6, 1.08 * Math.max(0, ...values))];
  return decades(values.filter((value) => value > 0));
}

// A tick a decade says little where there is hardly one: 1, 2, 5 then.
export function ticks(curve, [low, high]) {
  if (curve !== "loss" && curve !== "gradient") return {};
  return { dtick: high - low < 2 ? "D2" : Math.ceil((high - low) / 8) };
}

// Heights moved as little as need be, so that any two letters are apart.
export function apart(wanted, span) {
  const gap = LETTER * span;
  const order = wanted.map((_, at) => at).sort((one, two) => wanted[one] - wanted[two]);
  const groups = [];
  for (const index of order) {
    groups.push([index]);
    while (groups.length > 1 && top(groups.at(-2), wanted, gap) + gap > bottom(groups.at(-1), wanted, gap)) groups.push([...groups.splice(-2)].flat());
  }
  const placed = [];
  for (const group of groups) group.forEach((index, at) => (placed[index] = bottom(group, wanted, gap) + at * gap));
  return placed;
}

function bottom(group, wanted, gap) {
  return group.reduce((sum, index) => sum + wanted[index], 0) / group.length - (gap * (group.length - 1)) / 2;
}

function top(group, wanted, gap) {
  return bottom(group, wanted, gap) + gap * (group.length - 1);
}

function decades(values) {
  if (!values.length) return [-1, 0.5];
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  const missing = Math.max(0, LEAST_DECADES - (high - low)) / 2;
  return [Math.floor(10 * (low - missing) - 0.3) / 10, Math.ceil(10 * (high + missing) + 0.3) / 10];
}

// 37 -> 40, 61 -> 80
function rounded(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return ten * [1, 1.5, 2, 3, 4, 6, 8, 10].find((step) => step * ten >= value);
}
