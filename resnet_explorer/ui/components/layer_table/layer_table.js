// A table of any length: only the rows that can be seen are in the document, and each says which one it is.
import { html, render, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../shared/vendor/preact.js";
import { Swatch } from "../shared/swatch.js";
import { amount, count, t } from "../shared/words.js";
import { Keep } from "./keep.js";
import { expand, sorted, spell, visible } from "./rows.js";

const ROW = 28;
const SPARE = 8;
const SPAN = 4;
const UNSORTED = { column: -1, way: "none" };
const ARROWS = { ascending: " ↑", descending: " ↓", none: "" };
const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
const WRITE = {
  place: (number) => number || "",
  part: (text) => t(text),
  shape: spell,
  count,
  amount,
  bytes: (number) => (number < 999.5 ? `${number} B` : `${amount(number)}B`.replace(" kB", " KB")),
  pixels: (number) => t("{n} px", { n: count(number) }),
  verdict: (exact) => (exact ? t("exact") : t("not exact")),
  letter: (slot) => html`<${Swatch} slot=${slot} />`,
  sign: (sign) => ({ "-": "−", "+": "+" })[sign] ?? "",
  op: (text) => text,
};

export function mount({ element, props, server }) {
  return () => {
    if (props.value) render(html`<${Table} data=${props.value} tools=${props.tools} ask=${server.table_text} />`, element);
  };
}

function Table({ data, tools, ask }) {
  const [query, setQuery] = useState("");
  const [sort, setSort] = useState(UNSORTED);
  const [opened, setOpened] = useState({ every: false, keys: new Set() });
  const table = useMemo(() => JSON.parse(data), [data]);
  const all = useMemo(() => expand(table), [table]);
  const flat = !table.grouped || sort.way !== "none";
  const rows = useMemo(() => {
    if (sort.way !== "none") return sorted(all, sort, query);
    return table.grouped ? visible(table, opened, query) : all;
  }, [table, sort, opened, query]);
  const toggle = (key) => {
    const keys = new Set(opened.keys);
    if (!keys.delete(key)) keys.add(key);
    setOpened({ ...opened, keys });
  };
  const n = count(query || (flat && table.grouped) ? rows.filter((row) => !row.level).length : all.length);
  const more = (place) => setSort({ column: place, way: place === sort.column ? NEXT[sort.way] : "ascending" });
  const keep = html`<${Keep} source=${table.source} ask=${ask} />`;
  return html`${tools.includes("search") &&
    html`<div class="tools" data-part="controls">
      <input class="field" type="search" aria-label=${t("Search layers")} placeholder=${t("Search layers")} value=${query}
        onInput=${(event) => setQuery(event.target.value)} />
      <button type="button" class="quiet" disabled=${flat} onClick=${() => setOpened({ every: !opened.every, keys: new Set() })}>
        ${opened.every ? t("Fold units") : t("Unfold units")}</button>
      ${flat && html`<button type="button" class="quiet" onClick=${() => setSort(UNSORTED)}>${t("In the order of data")}</button>`}
      <span class="faint" role="status">${t("{n} of {all} layers", { n, all: count(all.length) })}</span>
      ${keep}
    </div>`}
    ${rows.length > 0 && html`<${Grid} ...${table} rows=${rows} sort=${sort} onSort=${table.grouped && more} toggle=${toggle} />`}
    ${tools.includes("keep") && keep}`;
}

function Grid({ label, columns, widths, rows, sort, onSort, toggle }) {
  const scroller = useRef(null);
  const [seen, setSeen] = useState([0, 40]);
  // a row that is put elsewhere among its neighbours loses the focus
  const held = document.activeElement;
  useLayoutEffect(() => void (scroller.current.contains(held) && held !== document.activeElement && held.focus({ preventScroll: true })));
  const look = () => {
    const { scrollTop, clientHeight } = scroller.current;
    const [first, last] = [Math.max(0, Math.floor(scrollTop / ROW) - SPARE), Math.ceil((scrollTop + clientHeight) / ROW) + SPARE];
    setSeen((old) => (old[0] === first && old[1] === last ? old : [first, last]));
  };
  useEffect(() => {
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(scroller.current);
    return () => watcher.disconnect();
  }, [rows.length]);
  const head = ([title, kind], place) => html`<${Head} key=${title} title=${title} kind=${kind}
    way=${place === sort.column ? sort.way : "none"} press=${onSort && (() => onSort(place))} />`;
  const body = (row, place) => html`<${Row} key=${seen[0] + place} index=${seen[0] + place} ...${{ row, columns, toggle }} />`;
  return html`<div class=${`table ${columns[0][1] === "letter" ? "short" : ""}`} ref=${scroller} onScroll=${look} tabindex="0" role="table"
      aria-label=${label} aria-rowcount=${rows.length + 1} aria-colcount=${columns.length} style=${`--columns: ${widths}; --row: ${ROW}px`}>
    <div role="rowgroup" class="table-head"><div role="row" aria-rowindex="1" class="table-row">${columns.map(head)}</div></div>
    <div role="rowgroup" class="table-body" style=${`height: ${rows.length * ROW}px`}>${rows.slice(...seen).map(body)}</div>
  </div>`;
}

function Head({ title, kind, way, press }) {
  if (!press) return html`<div role="columnheader" class=${kind}>${t(title)}</div>`;
  return html`<div role="columnheader" class=${kind} aria-sort=${way}>
    <button type="button" onClick=${press}>${t(title)}<span aria-hidden="true">${ARROWS[way]}</span></button>
  </div>`;
}

function Row({ row: { level, key, open, units, stage, unit, cells }, columns, index, toggle }) {
  const name = () => (level === 2 ? t("unit {first}", { first: unit }) : stage ? t("stage {n}, {units} units", { n: stage, units }) : t(key));
  const sign = columns[2]?.[1] === "sign" ? { "-": "taken", "+": "added" }[cells[2]] ?? "equal" : "";
  const cell = ([title, kind], place) => html`<div role="cell" key=${title} class=${`${kind} ${cells[place] === false ? "on-trunk" : ""}`}>
    ${WRITE[kind](cells[place])}</div>`;
  return html`<div role="row" class=${`table-row ${level ? `level-${level}` : ""} ${sign}`} aria-rowindex=${index + 2}
      style=${`top: ${index * ROW}px`}>
    ${level && html`<div role="cell" aria-colspan=${SPAN} class="group" style=${`grid-column: span ${SPAN}`}>
      <button type="button" aria-expanded=${open} onClick=${() => toggle(key)}><span aria-hidden="true">${open ? "▾" : "▸"}</span> ${name()}</button>
    </div>`}
    ${columns.map((column, place) => (level && place < SPAN ? null : cell(column, place)))}
  </div>`;
}
