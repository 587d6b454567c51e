// What a figure of plotly.js has around it: a place that keeps its height, files, its numbers as a table, a caption.
import { html, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { Files } from "../shared/download.js";
import { t } from "../shared/words.js";
import { createPlot } from "./plot.js";

const FORMS = ["SVG", "PNG", "TikZ", "PDF", "CSV"];

// `table` is a function: rows are made when somebody wants them, not with every point that comes.
export function Chart({ figure, name, title = name, alt, caption, table, empty, height, script, server, zoom, trigger = () => {}, children, ...attributes }) {
  const canvas = useRef(null);
  const plot = useRef(null);
  const reading = useRef(null);
  const [failed, fail] = useState("");
  const [zoomed, setZoomed] = useState(false);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const keep = (range) => (setZoomed(Boolean(range)), zoom(range));
    const read = (text) => reading.current.textContent === text || (reading.current.textContent = text);
    plot.current = createPlot(canvas.current, { script, fail, zoom: keep, trigger, read });
    return plot.current.forget;
  }, []);
  useEffect(() => plot.current.draw(figure, name), [figure, name]);
  const make = async (form) => {
    const svg = form === "CSV" ? "" : await plot.current.svg();
    if (["TikZ", "PDF"].includes(form)) return server.write_figure({ svg, format: form.toLowerCase(), title });
    return svg || table();
  };
  return html`<figure ...${attributes}>
    ${children}
    <div class="chart-plot" style=${`height:${height}px`}>
      ${!figure && empty && html`<p class="chart-empty">${t(empty)}</p>`}
      <div class="chart-canvas" ref=${canvas} role="img" aria-label=${alt} tabindex="0"
        onKeyDown=${(event) => plot.current.walk(event)}></div>
    </div>
    <p class="chart-reading" role="status" ref=${reading}></p>
    ${failed && html`<p class="wrong" role="alert">${failed}</p>`}
    <div class="chart-bar">
      <${Files} forms=${FORMS} ready=${FORMS.filter((form) => (form === "CSV" ? table : figure))} name=${name} make=${make} />
      <button type="button" class="quiet" aria-expanded=${open} disabled=${!table} onClick=${() => setOpen(!open)}>${t("Data table")}</button>
      <button type="button" class="quiet" disabled=${!zoomed} onClick=${() => plot.current.reset()}>${t("Whole range")}</button>
    </div>
    <figcaption class="chart-caption">${caption}</figcaption>
    ${open && table && html`<${DataTable} ...${table()} name=${title} />`}
  </figure>`;
}

function DataTable({ columns, rows, name }) {
  return html`<div class="chart-table" role="region" tabindex="0" aria-label=${name}>
    <table>
      <thead><tr>${columns.map((column) => html`<th scope="col" key=${column}>${column}</th>`)}</tr></thead>
      <tbody>${rows.map((row, at) => html`<tr key=${at}>${row.map((cell, i) => html`<td key=${i}>${rounded(cell)}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

// Four digits are more than the seeds agree on; the CSV has them all.
function rounded(cell) {
  return typeof cell === "number" && !Number.isInteger(cell) ? cell.toPrecision(4) : cell ?? "";
}
