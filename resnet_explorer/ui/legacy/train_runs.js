// All runs of this home as the page knows them, and what the watched ones have measured; one line feeds both.
import { useEffect, useReducer } from "../components/shared/vendor/preact.js";
import { createPoints, fill, take } from "./train_points.js";
import { createLine } from "./train_stream.js";

// at most five drawings a second
const PAUSE_MS = 200;
const BLANK = { recorded: "", reason: "", code: "", settings: {}, test_accuracy: null, remaining: null, starts_in: null };

const YOUNG_MS = 5000;
const rows = new Map();
const learned = new Map();
const points = new Map();
const listeners = new Set();
let connection = { state: "opening", since: 0 };
let sorted = null;
let line = null;
let watched = "";
let heard = false;
let due = 0;

// {rows: newest first, the same array until one changes; points: run -> columns; connection; heard: the list has come}
export function useRuns() {
  const [, again] = useReducer((count) => count + 1, 0);
  useEffect(() => {
    listeners.add(again);
    line ??= createLine(hear, say);
    line.watch(watched ? watched.split(",") : []);
    return () => {
      listeners.delete(again);
      if (listeners.size) return;
      line.close();
      line = null;
    };
  }, []);
  sorted ??= [...rows.values()].sort((one, two) => two.created - one.created);
  return { rows: sorted, points, connection, heard };
}

// Feed the curves of these runs, and of no others.
export function watch(runs) {
  const wanted = [...runs].sort().join(",");
  if (wanted === watched) return;
  watched = wanted;
  for (const run of points.keys()) if (!runs.includes(run)) points.delete(run);
  line?.watch(runs);
}

// What the answer of a verb says about runs, before the stream says it again.
export function learn(answers) {
  for (const row of answers) {
    rows.set(row.run, { ...BLANK, ...row });
    learned.set(row.run, performance.now());
  }
  sorted = null;
  tell();
}

function hear(news) {
  if (news.rows) listed(news);
  if (news.curves && !news.curves.error) fill(at(news.curves.run), news.curves);
  for (const event of news.points ?? []) take(at(event.run), event);
  tell();
}

// The index comes a moment after the verb: what was just launched is not gone because it is not listed yet.
function listed(news) {
  heard = true;
  sorted = null;
  const young = (run) => performance.now() - (learned.get(run) ?? -Infinity) < YOUNG_MS;
  if (news.all) for (const run of rows.keys()) if (!young(run)) rows.delete(run);
  for (const row of news.rows) rows.set(row.run, { ...BLANK, ...row });
  for (const run of news.gone) [rows, points].forEach((map) => map.delete(run));
}

function at(run) {
  if (!points.has(run)) points.set(run, createPoints());
  return points.get(run);
}

function say(state) {
  connection = { state, since: Date.now() };
  tell();
}

function tell() {
  if (due) return;
  due = setTimeout(() => requestAnimationFrame(show), Math.max(0, shownAt + PAUSE_MS - performance.now()));
}

let shownAt = -Infinity;
function show() {
  due = 0;
  shownAt = performance.now();
  for (const listener of listeners) listener();
}
