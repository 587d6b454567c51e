// One EventSource for all runs that the page shows: where they stand, whole curves, then only what is new. It mends
// itself where it left off, and rests while nobody looks: the tab is hidden, or no component that listens is in sight.
import { t } from "../shared/words.js";
import { createPoints, fill, take } from "./points.js";

const AGAIN_MS = 2000;
// at most five drawings a second
const PAUSE_MS = 200;
// what a row leaves out where it is empty
const BLANK = { reason: "", note: "", code: "", preparing: "", remaining: null, starts_in: null, waiting: "" };
const rows = new Map();
export const points = new Map();
export let connection = "opening";
const listeners = new Map();
let source = null;
let watched = [];
let known = new Set();
let cursor = 0;
let again = 0;
let due = 0;
let shownAt = -Infinity;
document.addEventListener("visibilitychange", update);

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
  if (document.hidden || !wanted.length) return close(document.hidden ? "hidden" : "idle");
  if (source && wanted.join() === watched.join()) return undefined;
  const kept = new Set([...listeners.values()].flatMap(({ runs }) => runs));
  for (const run of known) if (!kept.has(run) || !wanted.includes(run)) (known.delete(run), points.delete(run), rows.delete(run));
  watched = wanted;
  return open();
}

function close(state) {
  clearTimeout(again);
  source?.close();
  source = null;
  say(state);
}

function open() {
  close("opening");
  const query = new URLSearchParams({ runs: watched.join(","), after: cursor });
  const fresh = watched.filter((run) => !known.has(run));
  if (cursor && fresh.length) query.set("whole", fresh.join(","));
  source = new EventSource(new URL(`gradio_api/explorer/runs/events?${query}`, document.baseURI));
  source.onopen = () => say("live");
  // the browser would try again by itself, but gives up where the server answers something else for a while
  source.onerror = () => {
    close("lost");
    again = setTimeout(open, AGAIN_MS);
  };
  source.addEventListener("rows", (event) => {
    const { rows: news, gone } = JSON.parse(event.data);
    for (const row of news) rows.set(row.run, row);
    for (const run of gone) (rows.delete(run), points.delete(run));
    notify();
  });
  source.addEventListener("curves", (event) => {
    const curves = JSON.parse(event.data);
    known.add(curves.run);
    if (!curves.error) fill(at(curves.run), curves);
    heard(event);
  });
  source.addEventListener("points", (event) => {
    for (const one of JSON.parse(event.data)) take(at(one.run), one);
    heard(event);
  });
}

function heard(event) {
  cursor = Number(event.lastEventId) || cursor;
  notify();
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
