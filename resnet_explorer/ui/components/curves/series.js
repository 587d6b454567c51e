// The training curves of all lines as one figure: means, bands over seeds, letters at the ends. Pure: data in, traces out.
import { apart, heights, reach } from "./axes.js";
import { means, smoothed, stretchOf, together } from "./thin.js";

// lines: {key, label, title, style, runs}; points: run -> what it measured; drawing: axes, and traces without numbers;
// zoomed: the range of x that is looked at
export function figureOf({ lines, points, smooth, drawing, zoomed }) {
  const { across, layout } = drawing;
  const ends = lines.flatMap(({ runs }) => runs.map(({ run }) => points.get(run)?.steps[across].at(-1) ?? 0));
  const end = reach(lines, across, Math.max(0, ...ends));
  const range = zoomed ?? [-Infinity, Infinity];
  const width = stretchOf(zoomed ? range[1] - range[0] : end, across === "step");
  const drawn = lines.map((line) => drawnLine(line, points, { ...drawing, smooth, width, range })).filter(({ x }) => x.length);
  const y = heights(drawing, drawn);
  return {
    drawn,
    data: [...drawn.flatMap((each) => traces(each, drawing)), ...letters(drawn, drawing, y)],
    layout: {
      ...layout,
      ...room(drawn),
      xaxis: { ...layout.xaxis, range: [0, 1.01 * end] },
      yaxis: { ...layout.yaxis, range: y },
    },
  };
}

// Labels longer than a letter need more of the margin.
function room(drawn) {
  const longest = Math.max(1, ...drawn.map(({ line, broken }) => line.label.length + (broken ? 4 : 0)));
  return longest > 2 ? { margin: { l: 64, r: 24 + 9 * longest, t: 32, b: 48 } } : {};
}

function drawnLine(line, points, drawing) {
  const runs = line.runs.map(({ run }) => points.get(run)).filter(Boolean);
  const { column, across, noisy, smooth, width, range } = drawing;
  const curves = runs.map(({ steps, tests }) => {
    if (!column) return tested(tests, drawing);
    return means(steps[across], noisy ? smoothed(steps[column], smooth) : steps[column], width, range);
  });
  const middle = (place) => (width === 1 ? place : (place - 0.5) * width);
  const drawn = together(curves, column ? middle : (step) => whenTested(runs, step, across));
  return { ...drawn, line, curves: curves.filter(({ size }) => size), broken: line.runs.some(({ code }) => code === "nonfinite") };
}

// Evaluations are few, and their places are the steps they came after.
function tested(tests, { across, range: [low, high] }) {
  const inside = tests.filter((test) => test[across] >= low && test[across] <= high && Number.isFinite(test.accuracy));
  return new Map(inside.map(({ step, accuracy }) => [step, accuracy]));
}

function whenTested(runs, step, across) {
  const times = runs.flatMap(({ tests }) => tests.filter((test) => test.step === step).map((test) => test[across]));
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

function traces({ line, x, places, mean, low, high, curves }, { traces: parts, log }) {
  // what a log axis cannot show is a gap
  const column = (values) => Float64Array.from(values, (value) => (log && !(value > 0) ? NaN : value));
  const shared = { meta: line.key, line: line.style };
  const marker = { color: line.style.color, size: 6 };
  const hovertemplate = `${line.label} ${parts[curves.length > 1 ? "several" : "mean"].hovertemplate}<extra></extra>`;
  const named = { name: `${line.label} ${line.title}`, hovertemplate };
  const main = { ...parts.mean, ...shared, marker, x: Float64Array.from(x), y: column(mean), ...named };
  if (curves.length < 2) return [main];
  // the range over seeds is one outline walked forth and back, the seeds are one thin line with gaps
  const [outline, around] = [[...x, ...x.toReversed()], [...low, ...high.toReversed()]].map((values) => Float64Array.from(values));
  const single = curves.flatMap((curve) => [...places.map((place) => curve.get(place) ?? NaN), NaN]);
  return [
    { ...parts.band, meta: line.key, fillcolor: line.style.color, x: outline, y: column(around) },
    { ...parts.seeds, ...shared, line: { ...line.style, width: 1 }, x: curves.flatMap(() => [...x, NaN]), y: column(single) },
    { ...main, customdata: low.map((value, at) => [value, high[at]]) },
  ];
}

// A letter stands where its line ends, or where it leaves the picture.
function letters(drawn, { traces: { letter }, log }, y) {
  const ends = drawn.map((each) => ({ ...each, ...end(log ? each.mean.map(Math.log10) : each.mean, y) })).filter(({ at }) => at >= 0);
  const placed = apart(ends.map(({ height }) => height), y);
  return ends.map(({ line, x, broken, at }, place) => ({
    ...letter,
    x: [x[at]],
    y: [log ? 10 ** placed[place] : placed[place]],
    meta: line.key,
    text: [` <b>${line.label}</b>${broken ? " NaN" : ""}`],
    textfont: broken ? { ...letter.textfont, color: "var(--warn)" } : letter.textfont,
  }));
}

function end(heights, [low, high]) {
  const last = heights.findLastIndex(Number.isFinite);
  const inside = heights.findLastIndex((height) => height >= low && height <= high);
  if (inside === last || inside < 0) return { at: last, height: Math.max(low, Math.min(high, heights[last])) };
  return { at: inside, height: heights[inside + 1] > high ? high : low };
}

// The figure's numbers as rows: one a place, and for each line mean, and lowest and highest if it has several seeds.
export function tableOf(drawn, head) {
  const places = [...new Set(drawn.flatMap(({ x }) => x))].sort((one, two) => one - two);
  const columns = drawn.flatMap(({ line: { label }, x, mean, low, high, curves }) => {
    const all = [[label, mean], [`${label} lowest`, low], [`${label} highest`, high]].slice(0, curves.length > 1 ? 3 : 1);
    return all.map(([name, values]) => [name, new Map(x.map((place, at) => [place, values[at]]))]);
  });
  return {
    columns: [head, ...columns.map(([name]) => name)],
    rows: places.map((place) => [place, ...columns.map(([, values]) => values.get(place) ?? null)]),
  };
}
