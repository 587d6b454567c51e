// What a heat map shows of a run, and the one range of decades all of them share.
export const KINDS = { gradients: "|dL/dx|", moments: "E x²", responses: "branch std" };
const known = new WeakMap();

// The lowest and highest power of ten over all flows, to the next half outward; null where there is nothing positive.
export function decadesOf(flows, kind) {
  let [low, high] = [Infinity, -Infinity];
  for (const flow of flows) {
    const [least, most] = rangeOf(flow, kind);
    [low, high] = [Math.min(low, least), Math.max(high, most)];
  }
  if (!(low <= high)) return null;
  const [from, to] = [Math.floor(2 * low) / 2, Math.ceil(2 * high) / 2];
  return from === to ? [from, to + 0.5] : [from, to];
}

function rangeOf(flow, kind) {
  const kept = known.get(flow) ?? known.set(flow, {}).get(flow);
  kept[kind] ??= flow[kind].reduce(([low, high], value) => (value > 0 && value < Infinity ? [Math.min(low, Math.log10(value)), Math.max(high, Math.log10(value))] : [low, high]), [Infinity, -Infinity]);
  return kept[kind];
}

// At most so many columns: every n-th flow, and always the last.
export function thinnedFlows(flows, most) {
  const stride = Math.ceil(flows.length / most) || 1;
  const last = flows.length - 1;
  return stride === 1 ? flows : flows.filter((_, at) => at % stride === last % stride);
}

// Pixels, one a cell: a column a flow, a row a unit, the input on top. What is 0 or not finite has the warning tone.
export function pixels(flows, kind, [low, high], shades, warn) {
  const units = flows[0][kind].length;
  const image = new ImageData(flows.length, units);
  flows.forEach((flow, x) => {
    for (let unit = 0; unit < units; unit += 1) {
      const share = (Math.log10(flow[kind][unit]) - low) / (high - low);
      const shade = Number.isFinite(share) ? shades[Math.max(0, Math.min(shades.length - 1, Math.round(share * (shades.length - 1))))] : warn;
      image.data.set([...shade, 255], 4 * (unit * flows.length + x));
    }
  });
  return image;
}

// "rgb(1, 2, 3)" and "#010203" -> [1, 2, 3]
export function channels(colour) {
  const digits = /^#(..)(..)(..)$/.exec(colour.trim());
  return digits ? digits.slice(1).map((pair) => parseInt(pair, 16)) : colour.match(/\d+(\.\d+)?/g).slice(0, 3).map(Number);
}

// 0.00123 -> "1.2·10⁻³"
export function power(value) {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const [digits, exponent] = value.toExponential(1).split("e");
  if (Math.abs(exponent) < 3) return String(Number(value.toPrecision(2)));
  return `${digits}·10${raised(Number(exponent))}`;
}

export function raised(exponent) {
  return String(exponent).replace(/[-.\d]/g, (sign) => ({ "-": "⁻", ".": "·" })[sign] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]);
}
