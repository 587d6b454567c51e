// What a heat map shows of a run, and the one range of decades all of them share.

// The lowest and highest power of ten over all flows, to the next half outward; null where there is nothing positive.
export function decadesOf(flows, kind) {
  let [least, most] = [Infinity, 0];
  for (const flow of flows)
    for (const value of flow[kind]) if (value > 0 && value < Infinity) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!most) return null;
  const [low, high] = [Math.floor(2 * Math.log10(least)) / 2, Math.ceil(2 * Math.log10(most)) / 2];
  return low === high ? [low, high + 0.5] : [low, high];
}

// At most so many columns: every n-th flow, and always the last.
export function thinnedFlows(flows, most) {
  const stride = Math.ceil(flows.length / most) || 1;
  return flows.filter((_, at) => (flows.length - 1 - at) % stride === 0);
}

// Pixels, one a cell: a column a flow, a row a unit, the input on top. What is 0 or not finite is left out.
export function pixels(flows, kind, [low, high], shades) {
  const image = new ImageData(flows.length, flows[0][kind].length);
  flows.forEach((flow, x) => {
    for (let unit = 0; unit < image.height; unit += 1) {
      const share = (Math.log10(flow[kind][unit]) - low) / (high - low);
      const shade = shades[Math.max(0, Math.min(shades.length - 1, Math.round(share * (shades.length - 1))))];
      if (Number.isFinite(share)) image.data.set([...shade, 255], 4 * (unit * flows.length + x));
    }
  });
  return image;
}

// 0.00123 -> "1.2·10⁻³"
export function power(value) {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const [digits, exponent] = value.toExponential(1).split("e");
  return Math.abs(exponent) < 3 ? String(Number(value.toPrecision(2))) : `${digits}·10${raised(Number(exponent))}`;
}

export function raised(exponent) {
  return String(exponent).replace(/[-.\d]/g, (sign) => ({ "-": "⁻", ".": "·" })[sign] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]);
}
