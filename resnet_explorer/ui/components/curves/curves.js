// The curves of runs as one figure that grows, its files, and below it where each run stands.
import { html, render, useState } from "../shared/vendor/preact.js";
import { Chart } from "../figure/chart.js";
import { List, LIVE, percent } from "./list.js";
import { figureOf, tableOf } from "./series.js";
import { connection, follow, points } from "./stream.js";
import { say, t } from "../shared/words.js";

const MEASURE_MS = 500;

export function mount({ element, props, trigger, server }) {
  const tell = createTeller(trigger);
  return follow({ element, props }, (value, lines, draw) => {
    const hide = (label) => {
      const { hidden } = value;
      value.hidden = hidden.includes(label) ? hidden.filter((each) => each !== label) : [...hidden, label];
      trigger("hide", { hidden: value.hidden });
      draw();
    };
    tell(lines.flatMap(({ runs }) => runs));
    render(html`<${Curves} ...${{ value, lines, hide, trigger, server, script: props.script, height: props.height }} />`, element);
  });
}

// Tells Python when a run's state changes, and when held-out images were measured.
function createTeller(trigger) {
  const states = new Map();
  let [measured, due] = ["", 0];
  return (runs) => {
    const changed = runs.filter(({ run, state }) => states.has(run) && states.get(run) !== state);
    for (const { run, state } of runs) states.set(run, state);
    if (changed.length) trigger("state", { runs: changed.map(({ run }) => run) });
    const tests = Object.fromEntries(runs.map(({ run }) => [run, (points.get(run)?.tests ?? []).map(({ step, accuracy }) => [step, accuracy])]));
    if (JSON.stringify(tests) === measured || !runs.some(({ run }) => points.has(run))) return;
    measured = JSON.stringify(tests);
    clearTimeout(due);
    due = setTimeout(() => trigger("measure", { tests }), MEASURE_MS);
  };
}

function Curves({ value, lines, hide, trigger, server, script, height }) {
  const [zoomed, setZoomed] = useState(null);
  const { drawing, hidden } = value;
  const taken = ({ runs }) => runs.reduce((sum, { run }) => sum + (points.get(run)?.steps.step.length ?? 0), 0);
  const shown = lines.filter(({ label }) => !hidden.includes(label));
  const total = shown.reduce((sum, line) => sum + taken(line), 0);
  const figure = total ? figureOf({ ...value, lines: shown, points, zoomed: zoomed?.[0] }) : null;
  const runs = lines.flatMap((line) => line.runs);
  const zoom = (range) => setZoomed((old) => (JSON.stringify(old) === JSON.stringify(range) ? old : range));
  return html`<${Chart} class="chart train-figure" data-points=${total} data-runs=${runs.length} figure=${figure} script=${script} server=${server}
      name=${`training-${drawing.curve}`} title=${t(drawing.title)} alt=${inWords(figure, drawing)} height=${height}
      caption=${[...value.caption.map(say), ...beyond(figure, drawing)].join(" ")} empty=${runs.length ? t(nothingYet(runs)) : value.empty && say(value.empty)}
      table=${figure && (() => tableOf(figure.drawn, drawing.across))} zoom=${zoom} />
    <${List} ...${{ lines, points, hidden, hide, connection, trigger }} obeys=${value.obeys} />`;
}

// Why there is no curve of these runs.
function nothingYet(runs) {
  if (runs.some(({ state }) => LIVE.includes(state))) return "The first points come with the first steps.";
  return runs.every(({ run }) => points.has(run)) ? "These runs have measured nothing." : "The curves are coming.";
}

// Where lines leave the picture upward: at a spike, which would squash all the rest.
function beyond(figure, { log }) {
  if (!figure) return [];
  const [, top] = figure.layout.yaxis.range.map((side) => (log ? 10 ** side : side));
  const out = figure.drawn.map(({ line, x, mean }) => ({ lane: line.label, at: x[mean.findIndex((value) => value > top)], most: Math.max(...mean).toPrecision(3) }));
  return out.filter(({ at }) => at !== undefined).map((place) => t("{lane} leaves the picture at {at}, up to {most}.", place));
}

function inWords(figure, drawing) {
  const value = (number) => (drawing.share ? percent(number) : Number(number).toPrecision(3));
  const lines = (figure?.drawn ?? []).map(({ line, mean }) => `${line.label} ${line.title}: ${value(mean.at(-1))}`);
  return `${t(drawing.title)}. ${lines.join("; ")}`;
}
