// A table of any length: only the rows that can be seen are in the document, and each says which one it is.
import { html, useEffect, useRef, useState } from "../components/shared/vendor/preact.js";
import { t } from "../components/shared/words.js";

const ROW = 28;
const SPARE = 8;

// columns: {name, title, number, sortable}; rows: {key, level?, cells: {name: content}, group?: {name, open, toggle, span}}
export function Table({ label, columns, rows, template, sort, onSort }) {
  const scroller = useRef(null);
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const look = () => {
    const { scrollTop, clientHeight } = scroller.current;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
    const last = Math.ceil((scrollTop + clientHeight) / ROW) + SPARE;
    setSeen((old) => (old.first === first && old.last === last ? old : { first, last }));
  };
  useEffect(() => {
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(scroller.current);
    return () => watcher.disconnect();
  }, [rows.length]);
  const shown = rows.slice(seen.first, seen.last);
  return html`<div class="table" ref=${scroller} onScroll=${look} tabindex="0" role="table" aria-label=${label} aria-rowcount=${rows.length + 1} aria-colcount=${columns.length} style=${`--columns: ${template}; --row: ${ROW}px`}>
    <div role="rowgroup" class="table-head">
      <div role="row" aria-rowindex="1" class="table-row">
        ${columns.map((column) => html`<${Head} key=${column.name} column=${column} sort=${sort} onSort=${onSort} />`)}
      </div>
    </div>
    <div role="rowgroup" class="table-body" style=${`height: ${rows.length * ROW}px`}>
      ${shown.map((row, place) => html`<${Row} key=${row.key} row=${row} columns=${columns} index=${seen.first + place} />`)}
    </div>
  </div>`;
}

const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

function Head({ column, sort, onSort }) {
  const kind = column.number ? "number" : "";
  if (!onSort) return html`<div role="columnheader" class=${kind}>${t(column.title)}</div>`;
  const now = sort.name === column.name ? sort.way : "none";
  return html`<div role="columnheader" class=${kind} aria-sort=${now}>
    <button type="button" onClick=${() => onSort({ name: column.name, way: NEXT[now] })}>
      ${t(column.title)}<span aria-hidden="true" class="way">${{ ascending: " ↑", descending: " ↓", none: "" }[now]}</span>
    </button>
  </div>`;
}

function Row({ row, columns, index }) {
  const { group } = row;
  const left = group ? columns.slice(group.span) : columns;
  return html`<div role="row" class=${`table-row ${row.kind ?? ""}`} aria-rowindex=${index + 2} style=${`top: ${index * ROW}px`}>
    ${group &&
    html`<div role="cell" aria-colspan=${group.span} class=${`group level-${row.level}`} style=${`grid-column: span ${group.span}`}>
      <button type="button" aria-expanded=${group.open} onClick=${group.toggle}><span aria-hidden="true">${group.open ? "▾" : "▸"}</span> ${group.name}</button>
    </div>`}
    ${left.map((column) => html`<div role="cell" key=${column.name} class=${`${column.number ? "number" : ""} ${column.mono ? "mono" : ""}`}>${row.cells[column.name]}</div>`)}
  </div>`;
}
