// One plot: drawn at most once a frame, always the newest figure, in the page's colours, and held to its zoom.
import { colours, loadPlotly } from "./plotly.js";
import { keepZoom, zoomOf } from "./zoom.js";

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const NARROW = 560;
// pixels that a letter of a note takes
const LETTER = 6.4;

// `read` gets the words of the values under the rule, none where there is no rule.
export function createPlot(element, { script, fail, zoom, trigger, read }) {
  let wanted = null;
  let whole = null;
  let frame = 0;
  let busy = false;
  let Plotly = null;
  const again = () => (frame ||= requestAnimationFrame(show));
  const load = () => loadPlotly(script).then((loaded) => (Plotly = loaded), missing);
  load().catch((error) => fail(error.message));

  // a page that cannot reach its server draws when it can
  function missing(error) {
    document.dispatchEvent(new CustomEvent("server-lost", { detail: { key: element, again } }));
    throw error;
  }

  async function show() {
    frame = 0;
    if (busy || !wanted || !element.clientWidth) return;
    // drawing anew would take the zoom out of the reader's hand
    if (element._dragging) return again();
    const shown = wanted;
    busy = true;
    await load().then(() => paint(shown)).then(() => fail(""), (error) => fail(error.message));
    busy = false;
    if (shown !== wanted) again();
    else element.dataset.drawn = "yes";
  }

  async function paint({ figure, name }) {
    const { data, layout = {} } = colours(figure, element);
    const first = !element.data;
    const kept = zoomOf(name, axes(layout));
    whole = ranges(layout);
    const shown = (whole ? kept.some(Boolean) : kept.every(Boolean)) ? kept.map((range, at) => range ?? whole[at]) : null;
    await Plotly.react(element, data, fitted(layout, element, shown ?? whole), CONFIG);
    zoom(shown);
    nameOwnParts(element);
    if (first) listen();
  }

  function listen() {
    element.on("plotly_afterplot", () => nameOwnParts(element));
    element.on("plotly_doubleclick", reset);
    for (const name of ["click", "hover"]) element.on(`plotly_${name}`, ({ points }) => points?.[0] && trigger(name, pointOf(points[0])));
    element.on("plotly_relayout", (change) => {
      if (!Object.keys(change).some((name) => /axis\.(auto)?range/.test(name))) return;
      const now = ranges(element.layout);
      const kept = now.map((range, at) => (change["xaxis.autorange"] || String(range) === String(whole?.[at]) ? null : range));
      keepZoom(wanted.name, axes(element.layout), kept);
      zoom(kept.some(Boolean) ? now : null);
    });
  }

  function reset() {
    if (whole) Plotly.relayout(element, { "xaxis.range": [...whole[0]], "yaxis.range": [...whole[1]] });
    else Plotly.relayout(element, { "xaxis.autorange": true, "yaxis.autorange": true });
  }

  const sized = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = element;
    if (!element.layout) again();
    else if (width && element.layout.width !== width) Plotly.relayout(element, { width, height });
  });
  sized.observe(element);
  const theme = new MutationObserver(again);
  for (const root of [document.documentElement, document.body]) theme.observe(root, { attributeFilter: ["class"] });
  const words = () => [...element.querySelectorAll(".hoverlayer :is(.legendtitletext, .legendtext)")].map((each) => each.textContent.replaceAll(" ", "\u00a0"));
  const hover = new MutationObserver(() => read(words().join(" · ")));
  hover.observe(element, { childList: true, subtree: true });

  return {
    reset,
    draw(figure, name) {
      wanted = figure && { figure, name };
      element.dataset.drawn = "no";
      if (wanted) again();
      else if (element.data) Plotly.purge(element);
    },
    forget() {
      wanted = null;
      cancelAnimationFrame(frame);
      for (const observer of [sized, theme, hover]) observer.disconnect();
      if (element.data) Plotly.purge(element);
    },
    // a file has the lanes' names in a legend, and no ground
    async svg() {
      const { width, height } = element.layout;
      const data = element.data.map((trace) => ({ ...trace, showlegend: Boolean(trace.name) }));
      const names = data.filter((trace) => trace.showlegend).length;
      const legend = { orientation: "h", y: -64 / height, yanchor: "top" };
      const layout = { ...element.layout, paper_bgcolor: "transparent", plot_bgcolor: "transparent", showlegend: names > 1, legend };
      layout.margin = { ...layout.margin, b: (layout.margin?.b ?? 48) + 24 * names };
      const address = await Plotly.toImage({ data, layout }, { format: "svg", width, height: height + 24 * names });
      return decodeURIComponent(address.slice(address.indexOf(",") + 1));
    },
    // arrow keys move the rule along the axis, as the mouse does
    walk(event) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === "Escape" && element.data) Plotly.Fx.unhover(element);
      if (!step || !element.data) return;
      event.preventDefault();
      const lines = element.calcdata.filter(([point]) => point.trace.hoverinfo !== "skip");
      const places = [...new Set(lines.flatMap((points) => points.map((point) => point.x)))].sort((a, b) => a - b);
      const at = (Number(element.dataset.place ?? (step > 0 ? -1 : places.length)) || 0) + step;
      element.dataset.place = Math.min(places.length - 1, Math.max(0, at));
      Plotly.Fx.hover(element, { xval: places[element.dataset.place] }, "xy");
    },
  };
}

const pointOf = ({ x, y, z, data, customdata = null, curveNumber: trace, pointIndex: point }) => ({ x, y, z, name: data.name ?? "", meta: data.meta ?? null, customdata, trace, point });

// Figures that share the name of an axis share its zoom.
const axes = ({ uirevision, xaxis, yaxis }) => [xaxis, yaxis].map((axis) => String(axis?.uirevision ?? uirevision));

// The ranges of both axes where the figure gives them, otherwise null: plotly.js finds them then.
function ranges({ xaxis, yaxis }) {
  return xaxis?.range && yaxis?.range ? [[...xaxis.range], [...yaxis.range]] : null;
}

function fitted(layout, element, range) {
  const narrow = element.clientWidth < NARROW;
  const axes = range && { xaxis: { ...layout.xaxis, range: [...range[0]] }, yaxis: { ...layout.yaxis, range: [...range[1]] } };
  return {
    ...layout,
    // a finger on a phone scrolls the page; a mouse zooms
    dragmode: matchMedia("(pointer: coarse)").matches ? false : (layout.dragmode ?? "zoom"),
    width: element.clientWidth,
    height: element.clientHeight,
    autosize: false,
    margin: narrow ? { l: 48, r: Math.max(16, (layout.margin?.r ?? 0) - 16), t: 40, b: 48 } : layout.margin,
    ...axes,
    annotations: narrow ? layout.annotations?.map((note) => broken(note, element.clientWidth - 64)) : layout.annotations,
  };
}

// Where a page has a base, Plotly names clips and gradients by the page's address, which changes with every choice.
function nameOwnParts(element) {
  for (const part of element.querySelectorAll("[clip-path*='http'], [style*='http']")) {
    for (const name of ["clip-path", "style"]) {
      const said = part.getAttribute(name);
      if (said?.includes("url(")) part.setAttribute(name, said.replace(/url\((&quot;|["']?)https?:[^#)]*#/g, "url($1#"));
    }
  }
}

// A note in lines that fit, each as long as can be; what has marks of its own stays as it is.
function broken(note, width) {
  const text = note.text.replace(" · ", "<br>");
  return { ...note, text: text.includes("<") ? text : wrapped(text, width / LETTER).join("<br>"), align: "left" };
}

function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length <= most || !lines.at(-1)) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}
