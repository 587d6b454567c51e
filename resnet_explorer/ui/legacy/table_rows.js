// The layer table as rows: grouped by stage and unit, narrowed by a search, or flat and sorted.
const COSTS = ["params", "macs", "memory"];

// Stem, stages of units, head: each with its layers and the sums of their costs.
export function grouped(layers) {
  const sections = new Map();
  for (const layer of layers) {
    const key = layer.stage ? `stage ${layer.stage}` : layer.part;
    const section = sections.get(key) ?? { key, stage: layer.stage, units: new Map(), layers: [], ...nothing() };
    sections.set(key, section);
    add(section, layer);
    if (!layer.stage) section.layers.push(layer);
    else add(unitOf(section, layer), layer).layers.push(layer);
  }
  return [...sections.values()];
}

function unitOf(section, layer) {
  const key = `${section.key} unit ${layer.unit}`;
  const unit = section.units.get(layer.unit) ?? { key, unit: layer.unit, layers: [], ...nothing() };
  section.units.set(layer.unit, unit);
  return unit;
}

function nothing() {
  return { params: 0, macs: 0, memory: 0, shape: [] };
}

function add(group, layer) {
  for (const cost of COSTS) group[cost] += layer[cost];
  group.shape = layer.shape;
  return group;
}

// The rows to show: {kind: "section" | "unit" | "layer", key, open?, of}
export function visible(sections, open, query) {
  const rows = [];
  for (const section of sections) {
    const inside = section.stage ? unitRows(section, open, query) : layerRows(section, query);
    if (query && !inside.length) continue;
    const shown = Boolean(query) || open.has(section.key);
    rows.push({ kind: "section", key: section.key, open: shown, of: section });
    if (shown) for (const row of inside) rows.push(row);
  }
  return rows;
}

function unitRows(section, open, query) {
  const rows = [];
  for (const unit of section.units.values()) {
    const inside = layerRows(unit, query);
    if (query && !inside.length) continue;
    const shown = Boolean(query) || open.has(unit.key);
    rows.push({ kind: "unit", key: unit.key, open: shown, of: unit });
    if (shown) for (const row of inside) rows.push(row);
  }
  return rows;
}

function layerRows(group, query) {
  const rows = [];
  group.layers.forEach((layer, place) => {
    if (matches(layer, query)) rows.push({ kind: "layer", key: `${group.key} ${place}`, of: layer });
  });
  return rows;
}

export function matches(layer, query) {
  if (!query) return true;
  const text = `${layer.part} ${layer.op} ${spell(layer.shape)} stage ${layer.stage} unit ${layer.unit}`;
  return query.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));
}

// All layers in one list, by one column.
export function sorted(layers, { name, way }, query) {
  const sign = way === "descending" ? -1 : 1;
  const value = (layer) => (name === "shape" ? layer.shape.reduce((one, two) => one * two, 1) : layer[name]);
  const rows = layers.map((of, place) => ({ kind: "layer flat", key: `layer ${place}`, of })).filter((row) => matches(row.of, query));
  return rows.sort((one, two) => sign * compare(value(one.of), value(two.of)));
}

function compare(one, two) {
  return typeof one === "number" ? one - two : one.localeCompare(two);
}

// [16, 32, 32] -> "16×32²"
export function spell(shape) {
  if (shape.length < 3) return String(shape[0] ?? "");
  const [c, h, w] = shape;
  return h === w ? `${c}×${h}²` : `${c}×${h}×${w}`;
}
