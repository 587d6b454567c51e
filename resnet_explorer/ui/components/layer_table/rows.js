// The rows of a table: grouped by stage and unit with the sums of their costs, narrowed by a search, or flat and sorted.
const COSTS = ["count", "bytes"];

// {stage, unit, cells} of every row; equal units come once, with the places that they stand at
export function expand({ places = [], kinds, rows }) {
  if (rows) return rows.map((cells) => ({ stage: 0, unit: 0, cells }));
  return places.flatMap(([stage, unit, kind]) => kinds[kind].map((cells) => ({ stage, unit, cells: [stage, unit, ...cells] })));
}

// The rows to show: sections are open and units closed, unless a visitor says otherwise.
export function visible(all, columns, { every, keys }, query) {
  const shown = [];
  for (const section of groupBy(all, ({ stage, cells }) => (stage ? `stage ${stage}` : cells[2]))) {
    const units = section.rows[0].stage ? groupBy(section.rows, ({ unit }) => unit) : [];
    const inside = units.flatMap((unit) => unitRows(unit, columns, `${section.key} unit ${unit.key}`, { every, keys }, query));
    const rows = units.length ? inside : section.rows.filter((row) => matches(row, query));
    if (query && !rows.length) continue;
    const open = Boolean(query) || !keys.has(section.key);
    shown.push({ level: 1, key: section.key, open, units: units.length, ...sums(section.rows, columns) });
    if (open) shown.push(...rows);
  }
  return shown;
}

function unitRows(unit, columns, key, { every, keys }, query) {
  const rows = unit.rows.filter((row) => matches(row, query));
  if (!rows.length) return [];
  const open = Boolean(query) || every !== keys.has(key);
  return [{ level: 2, key, open, ...sums(unit.rows, columns) }, ...(open ? rows : [])];
}

function groupBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    if (groups.has(key)) groups.get(key).push(row);
    else groups.set(key, [row]);
  }
  return [...groups].map(([key, those]) => ({ key, rows: those }));
}

function sums(rows, columns) {
  const last = rows[rows.length - 1].cells;
  const cells = columns.map(([, kind], place) => (COSTS.includes(kind) ? rows.reduce((sum, row) => sum + row.cells[place], 0) : last[place]));
  return { stage: rows[0].stage, unit: rows[0].unit, cells };
}

export function matches({ stage, unit, cells }, query) {
  if (!query) return true;
  const text = `${cells.map((cell) => (Array.isArray(cell) ? spell(cell) : typeof cell === "string" ? cell : "")).join(" ")} stage ${stage} unit ${unit}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

// All rows in one list, by one column.
export function sorted(all, { column, way }, query) {
  const value = ({ cells }) => (Array.isArray(cells[column]) ? cells[column].reduce((one, two) => one * two, 1) : cells[column]);
  const order = (one, two) => (typeof one === "number" ? one - two : String(one).localeCompare(two));
  const sign = way === "descending" ? -1 : 1;
  return all.filter((row) => matches(row, query)).sort((one, two) => sign * order(value(one), value(two)));
}

// [16, 32, 32] -> "16×32²"
export function spell([c, h, w]) {
  return h === undefined ? String(c ?? "") : h === w ? `${c}×${h}²` : `${c}×${h}×${w}`;
}
