// How far the axes of the curves reach: in steps that seldom change, so that a growing curve does not shake its axis.
const LEAST_DECADES = 0.6;
const MOST_DECADES = 12;
// the share of all values that is always inside
const ORDINARY = 0.98;
// one line of letters, as a part of the height
const LETTER = 0.045;
const LONGER = 1.25;

// Steps: all that will be trained; of a long run, the half, quarter, ... that its curve fills.
export function reach(lines, across, now) {
  if (across === "seconds") return LONGER ** Math.ceil(Math.log(Math.max(1, now)) / Math.log(LONGER));
  const all = Math.max(1, now, ...lines.flatMap(({ runs }) => runs.map(({ steps }) => steps || 0)));
  let end = all;
  while (all > 1000 && end / 2 > 1.1 * now && end > 200) end /= 2;
  return Math.ceil(end);
}

// A run that diverged leaves the picture upward rather than press all others into one line.
export function heights({ share, log }, drawn) {
  const sound = drawn.filter(({ broken }) => !broken);
  const values = (!share && sound.length ? sound : drawn).flatMap(({ low, high }) => [...low, ...high]).filter(Number.isFinite);
  if (log) return decades(values.filter((value) => value > 0));
  const most = Math.max(0, ...values);
  return [0, share ? Math.min(1.02, Math.max(0.2, Math.ceil(5 * most) / 5 + 0.02)) : Math.max(1e-6, 1.08 * most)];
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

// Heights moved as little as need be, so that any two letters are apart, and all are inside: between what pushing
// them upward gives, and what pushing them downward gives.
export function apart(wanted, [low, high]) {
  const gap = LETTER * (high - low);
  const order = wanted.map((_, at) => at).sort((one, two) => wanted[one] - wanted[two]);
  const inside = order.map((at, n) => Math.max(low + n * gap, Math.min(high - (order.length - 1 - n) * gap, wanted[at])));
  const [up, down] = [[...inside], [...inside]];
  for (let n = 1; n < up.length; n += 1) up[n] = Math.max(up[n], up[n - 1] + gap);
  for (let n = down.length - 2; n >= 0; n -= 1) down[n] = Math.min(down[n], down[n + 1] - gap);
  return wanted.map((_, at) => (up[order.indexOf(at)] + down[order.indexOf(at)]) / 2);
}
