// How far the axes of the curves reach: in steps that seldom change, so that a growing curve does not shake its axis.
const LEAST_DECADES = 0.6;
const MOST_DECADES = 12;
// the share of all values that is always inside
const ORDINARY = 0.98;
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
    groups.push({ members: [index], middle: wanted[index] });
    while (groups.length > 1 && edge(groups.at(-2), gap) + gap > edge(groups.at(-1), -gap)) {
      const members = groups.splice(-2).flatMap((group) => group.members);
      groups.push({ members, middle: members.reduce((sum, each) => sum + wanted[each], 0) / members.length });
    }
  }
  const placed = [];
  for (const group of groups) {
    const first = Math.max(low, Math.min(high - gap * (group.members.length - 1), edge(group, -gap)));
    group.members.forEach((index, at) => (placed[index] = first + at * gap));
  }
  return placed;
}

function edge({ members, middle }, gap) {
  return middle + (gap * (members.length - 1)) / 2;
}

// From the lowest to where all but the highest few are: one spike leaves the picture rather than squash all the rest.
function decades(values) {
  if (!values.length) return [-1, 0.5];
  const logs = Float64Array.from(values, Math.log10).sort();
  const [low, most, highest] = [logs[0], logs[Math.floor(ORDINARY * (logs.length - 1))], logs.at(-1)];
  const high = Math.min(low + MOST_DECADES, highest, most + 0.3 * Math.max(most - low, LEAST_DECADES));
  const missing = Math.max(0, LEAST_DECADES - (high - low)) / 2;
  return [Math.floor(10 * (low - missing) - 0.3) / 10, Math.ceil(10 * (high + missing) + 0.3) / 10];
}

// 37 -> 40, 61 -> 80
function rounded(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return ten * [1, 1.5, 2, 3, 4, 6, 8, 10].find((step) => step * ten >= value);
}
