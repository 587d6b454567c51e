// What a figure shows, as files and as a table: SVG, PNG, CSV, and rows a screen reader can walk.
import { html } from "../components/shared/vendor/preact.js";
import { picture } from "./figure_plotly.js";
import { t } from "../components/shared/words.js";

export function Downloads({ plot, name, table, ready }) {
  const drawn = async (format) => save(await picture(plot.current, format), `${name}.${format}`);
  const listed = () => save(`data:text/csv;charset=utf-8,${encodeURIComponent(csv(table))}`, `${name}.csv`);
  return html`<span class="chart-files">
    <button type="button" class="quiet" disabled=${!ready} aria-label=${t("Download SVG")} onClick=${() => drawn("svg")}>SVG</button>
    <button type="button" class="quiet" disabled=${!ready} aria-label=${t("Download PNG")} onClick=${() => drawn("png")}>PNG</button>
    <button type="button" class="quiet" disabled=${!table} aria-label=${t("Download CSV")} onClick=${listed}>CSV</button>
  </span>`;
}

export function DataTable({ table, name }) {
  return html`<div class="chart-table" role="region" tabindex="0" aria-label=${name}>
    <table>
      <thead><tr>${table.columns.map((column) => html`<th scope="col" key=${column}>${column}</th>`)}</tr></thead>
      <tbody>${table.rows.map((row) => html`<tr key=${row[0]}>${row.map((cell, i) => html`<td key=${i}>${shown(cell)}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

// Four digits are more than the seeds agree on; the CSV has them all.
export function shown(cell) {
  return typeof cell === "number" && !Number.isInteger(cell) ? cell.toPrecision(4) : cell ?? "";
}

export function csv({ columns, rows }) {
  const quoted = (cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell ?? ""));
  return [columns, ...rows].map((row) => row.map(quoted).join(",")).join("\n") + "\n";
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
