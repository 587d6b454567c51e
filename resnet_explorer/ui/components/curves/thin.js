// Curves of any length as a few hundred places: means over equal stretches, the same stretches for all lanes.
const PLACES = 400;

// A power of two, so that what was drawn stays where it is while a curve grows.
export function stretchOf(span, whole) {
  if (!(span > 0)) return 1;
  const width = 2 ** Math.ceil(Math.log2(span / PLACES));
  return whole ? Math.max(1, width) : width;
}

// The exponential mean of a column, as if the values before the first were like those after it; 0 leaves it as it is.
export function smoothed(values, count, share) {
  if (!share) return values;
  const found = new Float64Array(count);
  let sum = 0;
  let weight = 0;
  for (let at = 0; at < count; at += 1) {
    if (Number.isFinite(values[at])) [sum, weight] = [share * sum + (1 - share) * values[at], share * weight + 1 - share];
    found[at] = Number.isFinite(values[at]) ? sum / weight : values[at];
  }
  return found;
}

// stretch number -> mean of the values there; what is no number is left out.
export function means(x, y, count, width, [low, high]) {
  const sums = new Map();
  for (let at = 0; at < count; at += 1) {
    if (!(x[at] >= low && x[at] <= high) || !Number.isFinite(y[at])) continue;
    const place = Math.ceil(x[at] / width);
    const cell = sums.get(place);
    if (cell) [cell[0], cell[1]] = [cell[0] + y[at], cell[1] + 1];
    else sums.set(place, [y[at], 1]);
  }
  for (const [place, [sum, n]] of sums) sums.set(place, sum / n);
  return sums;
}

// Several runs of one lane: at each place their mean, lowest and highest; `across` says where a place stands.
export function together(curves, across) {
  const places = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((one, two) => one - two);
  const found = { places, x: places.map(across), mean: [], low: [], high: [] };
  for (const place of places) {
    const values = curves.map((curve) => curve.get(place)).filter((value) => value !== undefined);
    found.mean.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    found.low.push(Math.min(...values));
    found.high.push(Math.max(...values));
  }
  return found;
}
