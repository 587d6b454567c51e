// The training curves of all lanes as one figure: lines, bands over seeds, letters at the ends. Pure: data in, traces out.
import { apart, heights, reach, ticks } from "./axes.js";
import { means, smoothed, stretchOf, together } from "./thin.js";

const BAND = 0.15;
const THIN = 0.45;
const Y = { loss: "loss", accuracy: "accuracy", rate: "lr", gradient: "gradient" };
const NOISY = ["loss", "accuracy", "gradient"];
const LOGS = ["loss", "gradient"];
const HOVERS = { loss: ".4~g", gradient: ".3~g", rate: ".3~g", accuracy: ".1%", test: ".1%" };

// lines: {key, slot, label, name, runs}; points: run -> what it measured; zoomed: the range of x that is looked at
export function figureOf({ lines: lanes, points, curve, x: across, smooth, drawing, zoomed }) {
  const known = lanes.filter((lane) => lane.runs.some((run) => points.get(run.run)));
  const end = reach(lanes, across, farthest(known, points, across));
  const range = zoomed ?? [-Infinity, Infinity];
  const width = stretchOf(zoomed ? zoomed[1] - zoomed[0] : end, across === "steps");
  const drawn = known.map((lane) => line(lane, points, { curve, across, smooth, width, range })).filter((each) => each.x.length);
  const y = heights(curve, drawn);
  const frame = drawing.frames[curve].layout;
  return {
    data: [...drawn.flatMap((each) => traces(each, curve, drawing.styles)), ...letters(drawn, curve, y)],
    layout: {
      ...frame,
      ...room(drawn),
      uirevision: `${curve} ${across}`,
      xaxis: { ...frame.xaxis, title: { text: drawing.across[across] }, range: [0, 1.01 * end], unifiedhovertitle: { text: across === "steps" ? "step %{x:,.0f}" : "%{x:.2f} s" } },
      yaxis: { ...frame.yaxis, range: y, ...ticks(curve, y) },
    },
    drawn,
  };
}

// Labels longer than a letter need more of the margin.
function room(drawn) {
  const longest = Math.max(1, ...drawn.map((each) => each.lane.label.length + (each.broken ? 4 : 0)));
  return longest > 2 ? { margin: { l: 64, r: 24 + 9 * longest, t: 32, b: 48 } } : {};
}

function farthest(lanes, points, across) {
  return Math.max(0, ...lanes.flatMap((lane) => lane.runs.map((run) => last(points.get(run.run), across === "steps" ? "step" : "seconds"))));
}

function last(found, name) {
  return found?.count ? found.steps[name][found.count - 1] : 0;
}

function line(lane, points, asked) {
  const runs = lane.runs.map((run) => points.get(run.run)).filter(Boolean);
  const curves = asked.curve === "test" ? runs.map((found) => tests(found, asked)) : runs.map((found) => column(found, asked));
  const { width } = asked;
  const across = asked.curve === "test" ? when(runs, asked.across) : (place) => (width === 1 ? place : (place - 0.5) * width);
  return { ...together(curves, across), lane, curves: curves.filter((one) => one.size), broken: lane.runs.some((run) => run.code === "nonfinite") };
}

function column(found, { curve, across, smooth, width, range }) {
  const values = found.steps[Y[curve]];
  const x = found.steps[across === "steps" ? "step" : "seconds"];
  return means(x, NOISY.includes(curve) ? smoothed(values, found.count, smooth) : values, found.count, width, range);
}

// Evaluations are few, and their places are the steps they came after.
function tests({ tests }, { range: [low, high], across }) {
  const inside = tests.filter((test) => across === "seconds" || (test.step >= low && test.step <= high));
  return new Map(inside.filter((test) => Number.isFinite(test.accuracy)).map((test) => [test.step, test.accuracy]));
}

function when(runs, across) {
  if (across === "steps") return (step) => step;
  return (step) => {
    const times = runs.flatMap(({ tests }) => tests.filter((test) => test.step === step).map((test) => test.seconds));
    return times.reduce((sum, time) => sum + time, 0) / times.length;
  };
}

function traces(drawn, curve, styles) {
  const { lane, x, mean, low, high } = drawn;
  const style = styles.at(lane.slot);
  const several = drawn.curves.length > 1;
  const shared = { type: "scatter", meta: lane.key, line: style };
  const main = {
    ...shared,
    x: Float64Array.from(x),
    y: Float64Array.from(mean, shown(curve)),
    name: `${lane.label} ${lane.title}`,
    mode: curve === "test" ? "lines+markers" : "lines",
    marker: { color: style.color, size: 6 },
    hovertemplate: several ? `%{y:${HOVERS[curve]}}  (%{customdata[0]:${HOVERS[curve]}} to %{customdata[1]:${HOVERS[curve]}})` : `%{y:${HOVERS[curve]}}`,
    customdata: several ? low.map((value, at) => [value, high[at]]) : undefined,
  };
  return several ? [band(drawn, style, curve), seeds(drawn, shared, curve), main] : [main];
}

// The range over seeds, as one outline walked forth and back.
function band({ lane, x, low, high }, style, curve) {
  const y = shown(curve);
  return {
    type: "scatter",
    meta: lane.key,
    x: Float64Array.from([...x, ...x.toReversed()]),
    y: Float64Array.from([...low, ...high.toReversed()], y),
    mode: "lines",
    line: { width: 0 },
    fill: "toself",
    fillcolor: style.color,
    opacity: BAND,
    hoverinfo: "skip",
  };
}

// All seeds as one thin line with gaps.
function seeds({ curves, places, x }, shared, curve) {
  return {
    ...shared,
    x: Float64Array.from(curves.flatMap(() => [...x, NaN])),
    y: Float64Array.from(curves.flatMap((one) => [...places.map((place) => one.get(place) ?? NaN), NaN]), shown(curve)),
    mode: "lines",
    line: { ...shared.line, width: 1 },
    opacity: THIN,
    hoverinfo: "skip",
  };
}

// What a log axis cannot show is a gap.
function shown(curve) {
  return LOGS.includes(curve) ? (value) => (value > 0 ? value : NaN) : (value) => value;
}

function letters(drawn, curve, y) {
  const scale = LOGS.includes(curve) ? Math.log10 : (value) => value;
  const ends = drawn.map((each) => ({ each, ...end(each.mean.map(scale), y) })).filter(({ at }) => at >= 0);
  const placed = apart(ends.map(({ height }) => height), y);
  return ends.map(({ each, at }, place) => ({
    type: "scatter",
    x: [each.x[at]],
    y: [LOGS.includes(curve) ? 10 ** placed[place] : placed[place]],
    meta: each.lane.key,
    mode: "text",
    text: [` <b>${each.lane.label}</b>${each.broken ? " NaN" : ""}`],
    textposition: "middle right",
    textfont: { color: each.broken ? "var(--warn)" : "var(--ink)", size: 15 },
    cliponaxis: false,
    hoverinfo: "skip",
  }));
}

// A letter stands where its line ends, or where it leaves the picture.
function end(heights, [low, high]) {
  const last = heights.findLastIndex(Number.isFinite);
  const inside = heights.findLastIndex((height) => height >= low && height <= high);
  if (inside === last || inside < 0) return { at: last, height: Math.max(low, Math.min(high, heights[last])) };
  return { at: inside, height: heights[inside + 1] > high ? high : low };
}

// The figure's numbers as rows: one a place, and for each lane mean, and lowest and highest if it has several seeds.
export function tableOf(drawn, head) {
  const places = [...new Set(drawn.flatMap((each) => each.x))].sort((one, two) => one - two);
  const at = drawn.map((each) => new Map(each.x.map((x, place) => [x, place])));
  const parts = (each) => (each.curves.length > 1 ? ["mean", "low", "high"] : ["mean"]);
  const titles = { mean: "", low: " lowest", high: " highest" };
  return {
    columns: [head, ...drawn.flatMap((each) => parts(each).map((part) => `${each.lane.label}${titles[part]}`))],
    rows: places.map((x) => [x, ...drawn.flatMap((each, lane) => parts(each).map((part) => each[part][at[lane].get(x)] ?? null))]),
  };
}
