// Which lines the picture has: runs of one experiment are one line, whatever their seeds; its colour is its lane's.
import { specOf, titleOf, letter } from "../components/lanes/lane.js";
import { t } from "../components/shared/words.js";

// what takes the seventh style: ink
const INK = 6;

// {key, slot: 0-5 or -1, line: style, label, name, runs}
export function linesOf(runs, lanes) {
  const groups = new Map();
  for (const run of [...runs].sort((one, two) => one.seed - two.seed || one.created - two.created)) {
    const key = JSON.stringify([run.line, run.data, run.recipe, run.settings]);
    if (groups.has(key)) groups.get(key).push(run);
    else groups.set(key, [run]);
  }
  const found = [...groups].map(([key, members]) => lined(key, members, lanes));
  const order = (each) => (each.slot < 0 ? INK : lanes.findIndex((lane) => lane.slot === each.slot));
  return named(found.sort((one, two) => order(one) - order(two) || two.runs[0].created - one.runs[0].created));
}

function lined(key, runs, lanes) {
  const [first] = runs;
  const same = lanes.filter((lane) => lineOf(lane) === first.line);
  const lane = same.find((each) => each.slot === first.slot) ?? same[0];
  if (!lane) return { key, slot: -1, line: INK, label: first.short, name: first.line, runs };
  const depth = lane.answer?.depth;
  return { key, slot: lane.slot, line: lane.slot, label: letter(lane.slot), name: depth ? `${titleOf(lane, t)} ${depth}` : titleOf(lane, t), runs };
}

// Two experiments of one lane are told apart by their newest runs.
function named(lines) {
  const times = new Map();
  for (const each of lines) times.set(each.label, (times.get(each.label) ?? 0) + 1);
  return lines.map((each) => (times.get(each.label) > 1 ? { ...each, label: `${each.label} ${each.runs[0].short}` } : each));
}

// A lane as the verb reads it.
export function lineOf(lane) {
  return lane.spec || specOf(lane);
}
