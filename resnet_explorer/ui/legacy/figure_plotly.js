// plotly.js: loaded once, when the first figure is on the page, told the page's own colours, and held to its zoom.
import { url } from "./server.js";
import { t } from "../components/shared/words.js";

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const NARROW = 560;
let loading = null;
// element -> {whole: the ranges as built, kept: those the reader zoomed to, revision: what they belong to}
const views = new WeakMap();

export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url("plotly/plotly.min.js");
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = null;
      reject(new Error(t("The figure could not be drawn: plotly.js did not load.")));
    };
    document.head.append(script);
  });
  return loading;
}

// Draws without mounting anew; zoomed(ranges or null) is told when the reader zooms.
export async function draw(element, figure, zoomed) {
  const Plotly = await plotly();
  const { data, layout } = resolved(figure, getComputedStyle(element));
  const view = views.get(element) ?? {};
  if (view.revision !== layout.uirevision) view.kept = null;
  view.revision = layout.uirevision;
  view.whole = ranges(layout);
  const first = !views.has(element);
  views.set(element, view);
  await Plotly.react(element, data, fitted(layout, element, view.kept ?? view.whole), CONFIG);
  zoomed(view.kept ?? null);
  if (first) follow(element, view, zoomed);
}

export async function resize(element) {
  const Plotly = await plotly();
  const { clientWidth: width, clientHeight: height } = element;
  if (element.layout && width && element.layout.width !== width) await Plotly.relayout(element, { width, height });
}

export async function picture(element, format) {
  const Plotly = await plotly();
  const { width, height } = element.layout;
  return Plotly.toImage(element, { format, width, height, scale: format === "png" ? 3 : 1 });
}

export async function reset(element) {
  const Plotly = await plotly();
  const view = views.get(element);
  if (!view) return;
  await Plotly.relayout(element, { "xaxis.range": [...view.whole[0]], "yaxis.range": [...view.whole[1]] });
}

export function forget(element) {
  window.Plotly?.purge(element);
  views.delete(element);
}

function follow(element, view, zoomed) {
  element.on("plotly_doubleclick", () => reset(element));
  element.on("plotly_relayout", (change) => {
    if (!Object.keys(change).some((key) => key.includes("axis.range"))) return;
    const now = ranges(element.layout);
    view.kept = JSON.stringify(now) === JSON.stringify(view.whole) ? null : now;
    zoomed(view.kept ?? null);
  });
}

function ranges(layout) {
  return [[...layout.xaxis.range], [...layout.yaxis.range]];
}

function fitted(layout, element, [x, y]) {
  const narrow = element.clientWidth < NARROW;
  return {
    ...layout,
    // a finger on a phone scrolls the page; a mouse zooms
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    width: element.clientWidth,
    height: element.clientHeight,
    autosize: false,
    margin: narrow ? { l: 48, r: Math.max(16, (layout.margin?.r ?? 0) - 16), t: 40, b: 48 } : layout.margin,
    xaxis: { ...layout.xaxis, range: [...x] },
    yaxis: { ...layout.yaxis, range: [...y] },
    annotations: narrow ? layout.annotations?.map(broken) : layout.annotations,
  };
}

function broken(note) {
  return { ...note, text: note.text.replace(" · ", "<br>"), align: "left" };
}

// "var(--ink)" in the figure becomes what --ink is here; a fresh copy, because plotly writes into what it is given.
function resolved(value, style) {
  if (typeof value === "string") return value.startsWith("var(--") ? style.getPropertyValue(value.slice(4, -1)).trim() : value;
  if (Array.isArray(value)) return value.map((item) => resolved(item, style));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, style)]));
}
