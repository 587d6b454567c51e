// The heat maps to take along: what the server draws of all lines, or every cell as a row of a table.
import { thinnedFlows } from "./scale.js";

const COLUMNS = 150;

// What `write_heat_maps` draws: infinity and NaN become null on the way.
export function filled(maps, kind) {
  const parts = maps.map(({ line, run, flows }) => [line, run, flows.filter((flow) => flow[kind].length)]);
  return parts.filter(([, , flows]) => flows.length).map(([line, run, flows]) => ({
    title: `${line.label} ${line.title}`,
    columns: thinnedFlows(flows, COLUMNS).map((flow) => flow[kind]),
    filled: Math.min(1, flows.at(-1).step / (run.steps || flows.at(-1).step)),
  }));
}

export function tableOf(maps, kind, first) {
  const rows = maps.flatMap(({ line, run, flows }) => flows.map((flow) => [line.label, run.seed, flow.step, ...flow[kind]]));
  const units = Math.max(...rows.map((row) => row.length - 3));
  return { columns: ["lane", "seed", "step", ...Array.from({ length: units }, (_, at) => `unit ${at + first}`)], rows };
}
