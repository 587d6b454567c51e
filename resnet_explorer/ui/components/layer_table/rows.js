// The rows of a table: grouped by stage and unit with the sums of their costs, narrowed by a search, or flat and sorted.

// {stage, unit, cells} of every row; equal units come once, with the places that they stand at
export function expand({ rows, sections, kinds }) {
  if (rows) return rows.map((cells) => ({ stage: 0, unit: 0, cells }));
  return sections.flatMap(({ stage, units }) => units.flatMap(([unit, kind]) => placed(kinds[kind], stage, unit)));
}

function placed({ rows }, stage, unit) {
  return rows.map((cells) => ({ stage, unit, cells: [stage, unit, ...cells] }));
}

// The rows to show: sections are open and units closed, unless a visitor says otherwise.
export function visible({ sections, kinds }, { every, keys }, query) {
  return sections.flatMap(({ key, stage, units, cells }) => {
    const inside = units.flatMap(([unit, kind]) => {
      const rows = placed(kinds[kind], stage, unit).filter((row) => matches(row, query));
      if (!stage || !rows.length) return rows;
      const one = `${key} unit ${unit}`;
      const open = Boolean(query) || every !== keys.has(one);
      return [{ level: 2, key: one, open, stage, unit, cells: kinds[kind].cells }, ...(open ? rows : [])];
    });
    const open = Boolean(query) || !keys.has(key);
    return inside.length ? [{ level: 1, key, open, stage, units: units.length, cells }, ...(open ? inside : [])] : [];
  });
}

function matches({ stage, unit, cells }, query) {
  const texts = cells.map((cell) => (Array.isArray(cell) ? spell(cell) : typeof cell === "string" ? cell : ""));
  const text = `${texts.join(" ")} stage ${stage} unit ${unit}`.toLowerCase();
  return !query || query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
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
