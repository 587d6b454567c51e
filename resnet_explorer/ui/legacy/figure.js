// The one figure component: draws what the server built, with caption, downloads and a table of its data.
import { html, useEffect, useRef, useState } from "../components/shared/vendor/preact.js";
import { draw, forget, plotly, reset, resize } from "./figure_plotly.js";
import { DataTable, Downloads } from "./figure_data.js";
import { useStore } from "./store.js";
import { t } from "../components/shared/words.js";

// figure: {data, layout} or null before there is one; table: {columns, rows}; alt: the figure in words;
// onZoom is told the ranges the reader zoomed to, or null
export function Figure({ figure, name, height, alt, table, caption, empty = "", fresh = true, onZoom }) {
  const plot = useRef(null);
  const [failed, fail] = useState("");
  const [zoomed, setZoomed] = useState(false);
  const [open, setOpen] = useState(false);
  const zoom = (kept) => {
    setZoomed(Boolean(kept));
    onZoom?.(kept);
  };
  useDrawing(plot, figure, fail, zoom);
  return html`<figure class="chart" data-fresh=${fresh ? "yes" : "no"} data-name=${name}>
    <div class="chart-plot" style=${`height:${height}px`}>
      ${!figure && empty && html`<p class="chart-empty">${empty}</p>`}
      <div class="chart-canvas" ref=${plot} role="img" aria-label=${alt || name} tabindex="0" onKeyDown=${(event) => walk(event, plot.current)}></div>
    </div>
    ${failed && html`<p class="wrong" role="alert">${failed}</p>`}
    <div class="chart-bar">
      <${Downloads} plot=${plot} name=${name} table=${table} ready=${Boolean(figure)} />
      <button type="button" class="quiet" aria-expanded=${open} disabled=${!table} onClick=${() => setOpen(!open)}>${t("Data table")}</button>
      <button type="button" class="quiet" disabled=${!zoomed} onClick=${() => reset(plot.current)}>${t("Whole range")}</button>
    </div>
    <figcaption class="chart-caption">${caption}</figcaption>
    ${open && table && html`<${DataTable} table=${table} name=${name} />`}
  </figure>`;
}

function useDrawing(plot, figure, fail, zoom) {
  const { theme } = useStore();
  const pen = useRef(null);
  pen.current ??= createPen(plot, fail, zoom);
  useEffect(() => {
    const element = plot.current;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const sized = new ResizeObserver(() => resize(element));
    plotly().catch((error) => fail(error.message));
    sized.observe(element);
    dark.addEventListener("change", pen.current.again);
    return () => {
      sized.disconnect();
      dark.removeEventListener("change", pen.current.again);
      pen.current.stop();
      forget(element);
    };
  }, []);
  useEffect(() => pen.current.draw(figure), [figure, theme]);
}

// One drawing at a time, at most one a frame, always of the newest figure.
function createPen(plot, fail, zoom) {
  let wanted = null;
  let frame = 0;
  let busy = false;
  const show = async () => {
    frame = 0;
    if (busy || !plot.current || !wanted) return;
    // drawing anew would take the zoom out of the reader's hand
    if (plot.current._dragging) return again();
    const shown = wanted;
    busy = true;
    await draw(plot.current, shown, zoom).then(() => fail(""), (error) => fail(error.message));
    busy = false;
    if (shown !== wanted) again();
    else if (plot.current) plot.current.dataset.drawn = "yes";
  };
  const again = () => {
    frame ||= requestAnimationFrame(show);
  };
  return {
    again,
    draw: (figure) => {
      wanted = figure;
      plot.current.dataset.drawn = "no";
      again();
    },
    stop: () => {
      wanted = null;
      cancelAnimationFrame(frame);
    },
  };
}

// Arrow keys move the rule along the axis, as the mouse does.
function walk(event, element) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.key === "Escape" && element.data) window.Plotly.Fx.unhover(element);
  if (!step || !element.data) return;
  event.preventDefault();
  const lanes = element.calcdata.filter(([point]) => point.trace.hoverinfo !== "skip");
  const places = [...new Set(lanes.flatMap((points) => points.map((point) => point.x)))].sort((a, b) => a - b);
  const at = (Number(element.dataset.place ?? (step > 0 ? -1 : places.length)) || 0) + step;
  element.dataset.place = Math.min(places.length - 1, Math.max(0, at));
  window.Plotly.Fx.hover(element, { xval: places[element.dataset.place] }, "xy");
}
