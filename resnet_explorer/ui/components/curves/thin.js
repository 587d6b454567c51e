// Curves of any length as a few hundred places: means over equal stretches, the same stretches for all lanes.
const PLACES = 400;

// A power of two, so that what was drawn stays where it is while a curve grows.
export function stretchOf(span, whole) {
  if (!(span > 0)) return 1;
  const width = 2 ** Math.ceil(Math.log2(span / PLACES));
  return whole ? Math.max(1, width) : width;
}

// The exponential mean of a column, as if the values before the first were like those after it; 0 leaves it as it is.
export function smoothed(values, share) {
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (!share || !Number.isFinite(value)) return value;
    [sum, weight] = [share * sum + (1 - share) * value, share * weight + 1 - share];
    return sum / weight;
  });
}

// stretch number -> mean of the values there; what is no number is left out.
export function means(x, y, width, [low, high]) {
  const sums = new Map();
  for (let at = 0; at < x.length; at += 1) {
    if (!(x[at] >= low && x[at] <= high) || !Number.isFinite(y[at])) continue;
    const place = Math.ceil(x[at] / width);
    const [sum, n] = sums.get(place) ?? [0, 0];
    sums.set(place, [sum + y[at], n + 1]);
  }
  for (const [place, [sum, n]] of sums) sums.set(place, sum / n);
  return sums;
}

// Several runs of one lane: at each place their mean, lowest and highest; `across` says where a place stands.
export function together(curves, across) {
  const places = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((one, two) => one - two);
  const values = places.map((place) => curves.filter((curve) => curve.has(place)).map((curve) => curve.get(place)));
  return {
    places,
    x: places.map(across),
    mean: values.map((each) => each.reduce((sum, value) => sum + value, 0) / each.length),
    low: values.map((each) => Math.min(...each)),
    high: values.map((each) => Math.max(...each)),
  };
}
