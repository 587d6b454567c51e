// A figure that Python built: drawn without mounting anew, while its lanes come one after another.
import { html, render } from "../shared/vendor/preact.js";
import { say, t } from "../shared/words.js";
import { Chart } from "./chart.js";
import { mixed } from "./older.js";

export function mount({ element, props, trigger, server }) {
  let shown = { figure: null, coming: [] };
  return () => {
    if (props.value) shown = merged(shown, JSON.parse(props.value));
    render(html`<${Figure} ...${shown} height=${shown.height ?? props.height} script=${props.script} server=${server} trigger=${trigger} />`, element);
  };
}

// While lanes are coming, what stood there stays: `base` is the last whole figure, whose lanes are faded.
function merged(shown, value) {
  if (!value.coming.length) return value;
  const base = shown.base ?? shown.figure;
  const figure = value.figure ? mixed(value.figure, base, value.coming) : shown.figure;
  return { ...shown, ...value, figure, base, begun: !value.figure };
}

function Figure({ name = "figure", caption, coming, begun, progress, table, trigger, base, ...rest }) {
  const words = Array.isArray(caption) ? caption.map(say).join(" ") : caption;
  const state = !coming.length ? "done" : begun ? "begun" : "growing";
  return html`<${Chart} ...${rest} class="chart" data-state=${state} data-name=${name} name=${name}
      caption=${words} alt=${rest.alt || words || name} table=${table && (() => table)}
      trigger=${trigger} zoom=${(range) => trigger("relayout", { range })}>
    <${Progress} steps=${coming.length ? progress : null} />
  </${Chart}>`;
}

// A line that fills; it keeps its place when there is nothing to say.
function Progress({ steps }) {
  const [done, of] = steps ?? [0, 1];
  const text = t("{done} of {of} passes", { done, of });
  return html`<div class="chart-progress" role=${steps && "progressbar"} aria-label=${steps && text}
    aria-valuenow=${steps && done} aria-valuemax=${steps && of}>
    <i style=${`transform:scaleX(${done / (of || 1)})`}></i>
  </div>`;
}
