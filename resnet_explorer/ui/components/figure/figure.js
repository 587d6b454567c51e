// A figure that Python built: drawn without mounting anew, with caption, downloads and a table of its numbers.
import { html, render, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { DataTable, Downloads } from "./data.js";
import { mixed } from "./older.js";
import { createPlot } from "./plot.js";
import { t } from "../shared/words.js";

export function mount({ element, props, trigger, watch }) {
  let shown = { figure: null, coming: [] };
  const take = () => {
    if (props.value) shown = merged(shown, JSON.parse(props.value));
    render(html`<${Figure} shown=${shown} height=${props.height} script=${props.script} trigger=${trigger} />`, element);
  };
  watch("value", take);
  take();
}

// While lanes are coming, what stood there stays: `base` is the last whole figure, whose lanes are faded.
function merged(shown, value) {
  if (!value.coming.length) return value;
  const base = shown.base ?? shown.figure;
  const figure = value.figure ? mixed(value.figure, base, value.coming) : shown.figure;
  return { ...shown, ...value, figure, base, begun: !value.figure };
}

function Figure({ shown, height, script, trigger }) {
  const { figure, name = "figure", caption, alt, table, empty } = shown;
  const plot = useRef(null);
  const canvas = useRef(null);
  const [failed, fail] = useState("");
  const [zoomed, setZoomed] = useState(false);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const zoom = (range) => (setZoomed(Boolean(range)), trigger("relayout", { range }));
    plot.current = createPlot(canvas.current, { script, fail, zoom, trigger });
    return plot.current.forget;
  }, []);
  useEffect(() => plot.current.draw(figure, name), [figure]);
  return html`<figure class="chart" data-state=${!shown.coming.length ? "done" : shown.begun ? "begun" : "growing"} data-name=${name}>
    <${Progress} steps=${shown.coming.length ? shown.progress : null} />
    <div class="chart-plot" style=${`height:${height}px`}>
      ${!figure && empty && html`<p class="chart-empty">${empty}</p>`}
      <div class="chart-canvas" ref=${canvas} role="img" aria-label=${alt || caption || name} tabindex="0" onKeyDown=${(event) => plot.current.walk(event)}></div>
    </div>
    ${failed && html`<p class="wrong" role="alert">${failed}</p>`}
    <div class="chart-bar">
      <${Downloads} plot=${plot} name=${name} table=${table} ready=${Boolean(figure)} />
      <button type="button" class="quiet" aria-expanded=${open} disabled=${!table} onClick=${() => setOpen(!open)}>${t("Data table")}</button>
      <button type="button" class="quiet" disabled=${!zoomed} onClick=${() => plot.current.reset()}>${t("Whole range")}</button>
    </div>
    <figcaption class="chart-caption">${caption}</figcaption>
    ${open && table && html`<${DataTable} table=${table} name=${name} />`}
  </figure>`;
}

// A line that fills; it keeps its place when there is nothing to say.
function Progress({ steps }) {
  const [done, of] = steps ?? [0, 1];
  const text = t("{done} of {of} passes", { done, of });
  return html`<div class="chart-progress" role=${steps && "progressbar"} aria-label=${steps && text} aria-valuenow=${steps && done} aria-valuemax=${steps && of}>
    <i style=${`transform:scaleX(${done / (of || 1)})`}></i>
  </div>`;
}
