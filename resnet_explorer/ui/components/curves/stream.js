// What all runs that the page shows report: where they stand, whole curves, then only what is new. It comes by a stream that
// all pages of a browser share, and rests while nobody looks: the tab is hidden, or no component that listens is in sight.
import { t } from "../shared/words.js";
import { createPoints, fill, take } from "./points.js";
import { createSource } from "./source.js";

// at most five drawings a second
const PAUSE_MS = 200;
// what a row leaves out where it is empty
const BLANK = { reason: "", note: "", code: "", preparing: "", remaining: null, starts_in: null, waiting: "" };
const TAKE = { rows: takeRows, curves: takeCurves, points: takePoints };
const rows = new Map();
export const points = new Map();
export let connection = "opening";
const listeners = new Map();
let watched = [];
const known = new Set();
let cursor = 0;
let ask = null;
let due = 0;
let shownAt = -Infinity;
document.addEventListener("visibilitychange", update);
// a page that is left listens no more; it may come back as it was
window.addEventListener("pagehide", () => rest("hidden"));
window.addEventListener("pageshow", update);

// Mounts a component whose value is JSON with lines of runs: `draw` gets it, the lines as they stand now, and what draws
// them again, whenever either is new.
export function follow({ element, props }, draw) {
  let value = null;
  const show = () => value && draw(value, value.lines.map(current), show);
  const listener = { runs: [], draw: show };
  listeners.set(element, listener);
  new IntersectionObserver(update).observe(element);
  return () => {
    if (!props.value) return;
    value = JSON.parse(props.value);
    listener.runs = value.lines.flatMap(({ runs }) => runs.map(({ run }) => run));
    update();
    show();
  };
}

// A line with its title, and its runs as the newest rows have them.
function current(line) {
  const title = [t(line.name), line.depth].filter(Boolean).join(" ");
  return { ...line, title, runs: line.runs.map((run) => (rows.has(run.run) ? { ...run, ...BLANK, ...rows.get(run.run) } : run)) };
}

function update() {
  for (const element of listeners.keys()) if (!element.isConnected) listeners.delete(element);
  const seen = [...listeners].filter(([element]) => element.getClientRects().length > 0);
  const wanted = [...new Set(seen.flatMap(([, { runs }]) => runs))].sort();
  if (document.hidden || !wanted.length) return rest(document.hidden ? "hidden" : "idle");
  if (wanted.join() === watched.join()) return undefined;
  const kept = new Set([...listeners.values()].flatMap(({ runs }) => runs));
  for (const run of known) if (!kept.has(run) || !wanted.includes(run)) (known.delete(run), points.delete(run), rows.delete(run));
  watched = wanted;
  say("opening");
  return want();
}

function rest(state) {
  if (watched.length) {
    watched = [];
    want();
  }
  say(state);
}

function want() {
  const address = new URL("gradio_api/explorer/runs/events", document.baseURI).href;
  ask ??= connect();
  ask({ address, runs: watched, whole: watched.filter((run) => !known.has(run)), after: cursor });
}

// The stream of all pages, or one of this page alone in a browser that has none to share.
function connect() {
  const alone = () => {
    const source = createSource();
    return (wish) => source.want(receive, wish);
  };
  if (!window.SharedWorker) return alone();
  const worker = new SharedWorker(new URL("./shared_source.js", import.meta.url), { type: "module" });
  worker.port.onmessage = ({ data }) => receive(data);
  worker.onerror = () => {
    ask = alone();
    want();
  };
  return (wish) => worker.port.postMessage(wish);
}

function receive({ state, event, value, id }) {
  if (!watched.length) return;
  if (state) return say(state);
  TAKE[event](value);
  cursor = id || cursor;
  notify();
}

// Messages about runs that only another page follows come too.
function takeRows({ rows: news, gone }) {
  for (const row of news) if (watched.includes(row.run)) rows.set(row.run, row);
  for (const run of gone) (rows.delete(run), points.delete(run));
}

function takeCurves(curves) {
  if (!watched.includes(curves.run)) return;
  known.add(curves.run);
  if (!curves.error) fill(at(curves.run), curves);
}

function takePoints(events) {
  for (const one of events) if (known.has(one.run)) take(at(one.run), one);
}

function at(run) {
  if (!points.has(run)) points.set(run, createPoints());
  return points.get(run);
}

function say(state) {
  connection = state;
  notify();
}

function notify() {
  due ||= setTimeout(() => requestAnimationFrame(show), Math.max(0, shownAt + PAUSE_MS - performance.now()));
}

function show() {
  due = 0;
  shownAt = performance.now();
  for (const { draw } of listeners.values()) draw();
}
