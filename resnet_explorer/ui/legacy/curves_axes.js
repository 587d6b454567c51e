// How far the axes of the curves reach: in steps that seldom change, so that a growing curve does not shake its axis.
const LEAST_DECADES = 0.6;
const MOST_DECADES = 12;
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

// A run that diverged leaves the picture upward rather than press all others into one line.
export function heights(curve, drawn) {
  const share = curve === "accuracy" || curve === "test";
  const sound = share || !drawn.some((each) => !each.broken) ? drawn : drawn.filter((each) => !each.broken);
  const values = sound.flatMap(({ low, high }) => [...low, ...high]).filter((value) => Number.isFinite(value));
  if (share) return [0, Math.min(1.02, Math.max(0.2, Math.ceil(5 * Math.max(0, ...values)) / 5 + 0.02))];
  if (curve === "rate") return [0, Math.max(1e-6, 1.08 * Math.max(0, ...values))];
  return decades(values.filter((value) => value > 0));
}

// A tick a decade says little where there is hardly one.
export function ticks(curve, [low, high]) {
  if (curve !== "loss" && curve !== "gradient") return {};
  if (high - low > 2.5) return { dtick: Math.ceil((high - low) / 8) };
  const parts = high - low < 0.9 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : [1, 2, 5];
  const decades = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, at) => Math.floor(low) + at);
  const values = decades.flatMap((decade) => parts.map((part) => Number((part * 10 ** decade).toPrecision(2))));
  return { tickvals: values, ticktext: values.map(String) };
}

// Heights moved as little as need be, so that any two letters are apart, and all are inside.
export function apart(wanted, [low, high]) {
  const gap = LETTER * (high - low);
  const order = wanted.map((_, at) => at).sort((one, two) => wanted[one] - wanted[two]);
  const groups = [];
  for (const index of order) {
    groups.push([index]);
    while (groups.length > 1 && top(groups.at(-2), wanted, gap) + gap > bottom(groups.at(-1), wanted, gap)) groups.push([...groups.splice(-2)].flat());
  }
  const placed = [];
  for (const group of groups) {
    const first = Math.max(low, Math.min(high - gap * (group.length - 1), bottom(group, wanted, gap)));
    group.forEach((index, at) => (placed[index] = first + at * gap));
  }
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
  const low = Math.log10(values.reduce((one, two) => Math.min(one, two)));
  const high = Math.min(low + MOST_DECADES, Math.log10(values.reduce((one, two) => Math.max(one, two))));
  const missing = Math.max(0, LEAST_DECADES - (high - low)) / 2;
  return [Math.floor(10 * (low - missing) - 0.3) / 10, Math.ceil(10 * (high + missing) + 0.3) / 10];
}

// 37 -> 40, 61 -> 80
function rounded(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return ten * [1, 1.5, 2, 3, 4, 6, 8, 10].find((step) => step * ten >= value);
}
