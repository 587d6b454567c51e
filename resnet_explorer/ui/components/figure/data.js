// What a figure shows, as files and as a table: SVG, PNG, CSV, and rows that a screen reader can walk.
import { html } from "../shared/vendor/preact.js";
import { t } from "../shared/words.js";

export function Downloads({ plot, name, table, ready }) {
  const image = async (format) => save(await plot.current.image(format), `${name}.${format}`);
  const listed = () => save(`data:text/csv;charset=utf-8,${encodeURIComponent(csv(table))}`, `${name}.csv`);
  return html`<span class="chart-files">
    <button type="button" class="quiet" disabled=${!ready} aria-label=${t("Download SVG")} onClick=${() => image("svg")}>SVG</button>
    <button type="button" class="quiet" disabled=${!ready} aria-label=${t("Download PNG")} onClick=${() => image("png")}>PNG</button>
    <button type="button" class="quiet" disabled=${!table} aria-label=${t("Download CSV")} onClick=${listed}>CSV</button>
  </span>`;
}

export function DataTable({ table, name }) {
  return html`<div class="chart-table" role="region" tabindex="0" aria-label=${name}>
    <table>
      <thead><tr>${table.columns.map((column) => html`<th scope="col" key=${column}>${column}</th>`)}</tr></thead>
      <tbody>${table.rows.map((row, place) => html`<tr key=${place}>${row.map((cell, i) => html`<td key=${i}>${rounded(cell)}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

// Four digits are more than the seeds agree on; the CSV has them all.
function rounded(cell) {
  return typeof cell === "number" && !Number.isInteger(cell) ? cell.toPrecision(4) : cell ?? "";
}

function csv({ columns, rows }) {
  const quoted = (cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell ?? ""));
  return [columns, ...rows].map((row) => row.map(quoted).join(",")).join("\n") + "\n";
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
