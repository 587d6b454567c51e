// The curves of runs as one figure that grows, its files, and below it where each run stands.
import { html, render, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { DataTable, Downloads } from "../figure/data.js";
import { createPlot } from "../figure/plot.js";
import { List, LIVE, percent } from "./list.js";
import { figureOf, tableOf } from "./series.js";
import { connection, listen, points, rows } from "./stream.js";
import { t } from "../shared/words.js";

const HEIGHT = 440;
const LABELS = { loss: "Loss", accuracy: "Training accuracy", test: "Test accuracy", rate: "Learning rate", gradient: "Gradient norm" };
const MEASURE_MS = 500;

export function mount({ element, props, trigger, watch }) {
  const drawing = JSON.parse(props.drawing);
  let value = { lines: [], hidden: [] };
  const draw = () => {
    const lines = value.lines.map((line) => ({
      ...line,
      title: [t(line.name), line.depth].filter(Boolean).join(" "),
      runs: line.runs.map((run) => (rows.has(run.run) ? { ...run, ...BLANK, ...rows.get(run.run) } : run)),
    }));
    tell(lines);
    render(html`<${Curves} value=${value} lines=${lines} drawing=${drawing} script=${props.script} trigger=${trigger} hide=${hide} />`, element);
  };
  const hide = (label) => {
    const hidden = value.hidden.includes(label) ? value.hidden.filter((each) => each !== label) : [...value.hidden, label];
    value = { ...value, hidden };
    trigger("hide", { hidden });
    draw();
  };
  const tell = createTeller(trigger);
  const watched = listen(element, draw);
  const take = () => {
    if (!props.value) return;
    value = JSON.parse(props.value);
    watched(value.lines.flatMap((line) => line.runs.map((run) => run.run)));
    draw();
  };
  watch("value", take);
  take();
}

// what a row leaves out where it is empty
const BLANK = { reason: "", note: "", code: "", preparing: "", remaining: null, starts_in: null, waiting: "" };

// Tells Python when a run's state changes, and when held-out images were measured.
function createTeller(trigger) {
  const states = new Map();
  let measured = "";
  let due = 0;
  return (lines) => {
    const runs = lines.flatMap((line) => line.runs);
    const changed = runs.filter((run) => states.has(run.run) && states.get(run.run) !== run.state);
    for (const run of runs) states.set(run.run, run.state);
    if (changed.length) trigger("state", { runs: changed.map((run) => run.run) });
    const tests = Object.fromEntries(runs.map((run) => [run.run, (points.get(run.run)?.tests ?? []).map(({ step, accuracy }) => [step, accuracy])]));
    const text = JSON.stringify(Object.entries(tests).map(([run, found]) => [run, found.length, found.at(-1)]));
    if (text === measured || !runs.some(({ run }) => points.has(run))) return;
    measured = text;
    clearTimeout(due);
    due = setTimeout(() => trigger("measure", { tests }), MEASURE_MS);
  };
}

function Curves({ value, lines, drawing, script, trigger, hide }) {
  const canvas = useRef(null);
  const plot = useRef(null);
  const [failed, fail] = useState("");
  const [zoomed, setZoomed] = useState(null);
  const [open, setOpen] = useState(false);
  const { curve, x, hidden } = value;
  const shown = lines.filter((line) => !hidden.includes(line.label));
  const known = shown.some((line) => line.runs.some((run) => points.get(run.run)?.count));
  const figure = known ? figureOf({ ...value, lines: shown, points, drawing, zoomed: zoomed?.[0] }) : null;
  const runs = lines.flatMap((line) => line.runs);
  const total = shown.flatMap((line) => line.runs).reduce((sum, run) => sum + (points.get(run.run)?.count ?? 0), 0);
  useEffect(() => {
    const zoom = (range) => setZoomed((old) => (JSON.stringify(old) === JSON.stringify(range) ? old : range));
    plot.current = createPlot(canvas.current, { script, fail, zoom, trigger: () => {} });
    return plot.current.forget;
  }, []);
  useEffect(() => plot.current.draw(figure, "training"));
  const empty = runs.length ? t(nothingYet(runs)) : say(value.empty);
  return html`<figure class="chart train-figure" data-points=${total} data-runs=${runs.length}>
      <div class="chart-plot" style=${`height:${HEIGHT}px`}>
        ${!figure && empty && html`<p class="chart-empty">${empty}</p>`}
        <div class="chart-canvas" ref=${canvas} role="img" aria-label=${inWords(figure, curve)} tabindex="0" onKeyDown=${(event) => plot.current.walk(event)}></div>
      </div>
      ${failed && html`<p class="wrong" role="alert">${failed}</p>`}
      <div class="chart-bar">
        <${Downloads} plot=${plot} name=${`training-${curve}`} table=${figure && lazily(figure.drawn, x)} ready=${Boolean(figure)} />
        <button type="button" class="quiet" aria-expanded=${open} disabled=${!figure} onClick=${() => setOpen(!open)}>${t("Data table")}</button>
        <button type="button" class="quiet" disabled=${!zoomed} onClick=${() => plot.current.reset()}>${t("Whole range")}</button>
      </div>
      <figcaption class="chart-caption">${(value.caption ?? []).map(say).join(" ")}</figcaption>
      ${open && figure && html`<${DataTable} table=${lazily(figure.drawn, x)} name=${t(LABELS[curve])} />`}
    </figure>
    <${List} lines=${lines} points=${points} hidden=${hidden} hide=${hide} obeys=${value.obeys} connection=${connection} trigger=${trigger} />`;
}

// Why there is no curve of these runs.
function nothingYet(runs) {
  if (runs.some((run) => LIVE.includes(run.state))) return "The first points come with the first steps.";
  return runs.every((run) => points.has(run.run)) ? "These runs have measured nothing." : "The curves are coming.";
}

function say(sentence) {
  if (!sentence) return "";
  const [text, values] = sentence;
  return t(text, Object.fromEntries(Object.entries(values).map(([name, each]) => [name, t(String(each))])));
}

function inWords(figure, curve) {
  const value = (number) => (curve === "accuracy" || curve === "test" ? percent(number) : Number(number).toPrecision(3));
  return `${t(LABELS[curve] ?? "Curves")}. ${(figure?.drawn ?? []).map((each) => `${each.lane.label} ${each.lane.title}: ${value(each.mean.at(-1))}`).join("; ")}`;
}

// Rows are made when somebody wants them, not five times a second.
function lazily(drawn, x) {
  const head = x === "steps" ? "step" : "second";
  return { get columns() { return tableOf(drawn, head).columns; }, get rows() { return tableOf(drawn, head).rows; } };
}
