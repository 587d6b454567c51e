// What one run has measured, as columns that grow; steps that a resumed run takes again are kept once.
export const STEP = ["step", "seconds", "loss", "accuracy", "lr", "rate", "gradient"];
const TEST = ["step", "seconds", "loss", "accuracy", "images"];
const FLOW = ["step", "moments", "responses", "gradients"];
const ROOM = 512;

export function createPoints() {
  return { seq: 0, count: 0, steps: columns(ROOM), tests: [], flows: [] };
}

// A whole curve, as the server tells it first; it takes the place of what was there.
export function fill(points, told) {
  const step = floats(told.steps.step);
  points.seq = told.cursor;
  points.count = step.length;
  points.steps = columns(Math.max(ROOM, 2 * step.length));
  for (const name of STEP) points.steps[name].set(floats(told.steps[name]));
  points.tests = rows(told.evaluations, TEST);
  points.flows = flows(told.measures);
}

// 32-bit floats in base64
function floats(text) {
  return new Float32Array(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
}

// A row of each matrix for every step that was measured.
function flows(told) {
  const [step, ...matrices] = FLOW.map((name) => floats(told[name]));
  const row = (matrix, place) => matrix.subarray((place * matrix.length) / step.length, ((place + 1) * matrix.length) / step.length);
  return Array.from(step, (at, place) => Object.fromEntries([["step", at], ...matrices.map((matrix, index) => [FLOW[index + 1], row(matrix, place)])]));
}

// One event; what is known already changes nothing.
export function take(points, event) {
  if (event.seq <= points.seq) return;
  points.seq = event.seq;
  if (event.kind === "stepped") grow(points, event);
  else if (event.kind === "evaluated") points.tests.push(numbers(event, TEST));
  else if (event.kind === "measured") points.flows.push(numbers(event, FLOW));
  else if (event.kind === "started") cut(points, event.step);
}

export function lastStep(points) {
  return points?.count ? points.steps.step[points.count - 1] : 0;
}

// Where a run goes on from a checkpoint, what came after that checkpoint is told anew.
function cut(points, step) {
  while (points.count && points.steps.step[points.count - 1] > step) points.count -= 1;
  points.tests = points.tests.filter((test) => test.step <= step);
  points.flows = points.flows.filter((flow) => flow.step <= step);
}

function grow(points, event) {
  if (points.count === points.steps.step.length) points.steps = widened(points.steps);
  for (const name of STEP) points.steps[name][points.count] = Number(event[name]);
  points.count += 1;
}

function columns(room) {
  return Object.fromEntries(STEP.map((name) => [name, new Float64Array(room)]));
}

function widened(steps) {
  const wide = columns(2 * steps.step.length);
  for (const name of STEP) wide[name].set(steps[name]);
  return wide;
}

function rows(told, names) {
  return told.step.map((_, place) => numbers(Object.fromEntries(names.map((name) => [name, told[name][place]])), names));
}

function numbers(event, names) {
  return Object.fromEntries(names.map((name) => [name, Array.isArray(event[name]) ? Float64Array.from(event[name], Number) : Number(event[name])]));
}
