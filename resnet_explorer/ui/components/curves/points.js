// What one run has measured, as columns that grow; steps that a resumed run takes again are kept once.
const STEP = ["step", "seconds", "loss", "accuracy", "lr", "gradient"];
const TEST = ["step", "seconds", "loss", "accuracy", "images"];
const FLOW = ["moments", "responses", "gradients"];

export function createPoints() {
  return { seq: 0, steps: columns(STEP, () => []), tests: [], flows: [] };
}

// A whole curve, as the server sends it first; it takes the place of what was there.
export function fill(points, { cursor, steps, evaluations, measures }) {
  const [places, flows] = [floats(measures.step), columns(FLOW, (name) => floats(measures[name]))];
  const row = (matrix, at) => matrix.slice((at * matrix.length) / places.length, ((at + 1) * matrix.length) / places.length);
  points.seq = cursor;
  points.steps = columns(STEP, (name) => floats(steps[name]));
  points.tests = evaluations.step.map((_, at) => columns(TEST, (name) => Number(evaluations[name][at])));
  points.flows = places.map((step, at) => ({ ...columns(FLOW, (name) => row(flows[name], at)), step }));
}

// One event; what is known already changes nothing.
export function take(points, event) {
  if (event.seq <= points.seq) return;
  points.seq = event.seq;
  if (event.kind === "stepped") for (const name of STEP) points.steps[name].push(Number(event[name]));
  else if (event.kind === "evaluated") points.tests.push(columns(TEST, (name) => Number(event[name])));
  else if (event.kind === "measured") points.flows.push({ ...columns(FLOW, (name) => event[name].map(Number)), step: event.step });
  else if (event.kind === "started") cut(points, event.step);
}

// Where a run goes on from a checkpoint, what came after that checkpoint is measured anew.
function cut(points, step) {
  const count = points.steps.step.findLastIndex((each) => each <= step) + 1;
  for (const name of STEP) points.steps[name].length = count;
  points.tests = points.tests.filter((test) => test.step <= step);
  points.flows = points.flows.filter((flow) => flow.step <= step);
}

const columns = (names, value) => Object.fromEntries(names.map((name) => [name, value(name)]));

// 32-bit floats in base64
const floats = (text) => [...new Float32Array(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer)];
