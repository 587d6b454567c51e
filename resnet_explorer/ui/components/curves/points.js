// What one run has measured, as columns that grow; steps that a resumed run takes again are kept once.
const STEP = ["step", "seconds", "loss", "accuracy", "lr", "rate", "gradient"];
const TEST = ["step", "seconds", "loss", "accuracy", "images"];
const FLOW = ["step", "moments", "responses", "gradients"];
const ROOM = 512;

export function createPoints() {
  return { seq: 0, count: 0, steps: columns(ROOM), tests: [], flows: [] };
}

// A whole curve, as the server sends it first; it takes the place of what was there.
export function fill(points, { cursor, steps, evaluations, measures }) {
  const step = floats(steps.step);
  Object.assign(points, { seq: cursor, count: step.length, steps: columns(Math.max(ROOM, 2 * step.length)) });
  for (const name of STEP) points.steps[name].set(floats(steps[name]));
  points.tests = evaluations.step.map((_, place) => numbers(TEST, (name) => evaluations[name][place]));
  const [at, ...matrices] = FLOW.map((name) => floats(measures[name]));
  const row = (matrix, place) => matrix.subarray((place * matrix.length) / at.length, ((place + 1) * matrix.length) / at.length);
  points.flows = Array.from(at, (step, place) => ({ step, ...Object.fromEntries(matrices.map((matrix, index) => [FLOW[index + 1], row(matrix, place)])) }));
}

// One event; what is known already changes nothing.
export function take(points, event) {
  if (event.seq <= points.seq) return;
  points.seq = event.seq;
  if (event.kind === "stepped") grow(points, event);
  else if (event.kind === "evaluated") points.tests.push(numbers(TEST, (name) => event[name]));
  else if (event.kind === "measured") points.flows.push(numbers(FLOW, (name) => event[name]));
  else if (event.kind === "started") cut(points, event.step);
}

// Where a run goes on from a checkpoint, what came after that checkpoint is measured anew.
function cut(points, step) {
  while (points.count && points.steps.step[points.count - 1] > step) points.count -= 1;
  points.tests = points.tests.filter((test) => test.step <= step);
  points.flows = points.flows.filter((flow) => flow.step <= step);
}

function grow(points, event) {
  if (points.count === points.steps.step.length) {
    const wide = columns(2 * points.count);
    for (const name of STEP) wide[name].set(points.steps[name]);
    points.steps = wide;
  }
  for (const name of STEP) points.steps[name][points.count] = Number(event[name]);
  points.count += 1;
}

function columns(room) {
  return Object.fromEntries(STEP.map((name) => [name, new Float64Array(room)]));
}

// 32-bit floats in base64
function floats(text) {
  return new Float32Array(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
}

function numbers(names, value) {
  return Object.fromEntries(names.map((name) => [name, Array.isArray(value(name)) ? Float64Array.from(value(name), Number) : Number(value(name))]));
}
