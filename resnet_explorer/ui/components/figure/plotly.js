// plotly.js, loaded once, when the first figure is there; and the page's colours for it.
import { label, t } from "../shared/words.js";

let loading = null;
// what a page without this project's tokens has instead: the variables of its Gradio theme
const GRADIO = {
  "--paper": "--body-background-fill",
  "--ink": "--body-text-color",
  "--faint": "--body-text-color-subdued",
  "--hair": "--border-color-primary",
  "--warn": "--error-text-color",
  "--sans": "--font",
  "--mono": "--font-mono",
};

// Our own server names a compressed plotly.js in the page's head; any other Gradio server has the file itself.
export function loadPlotly(file) {
  const address = document.querySelector('meta[name="plotly-script"]')?.content ?? `gradio_api/file=${file}`;
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(address, document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = null;
      reject(new Error(t("The figure could not be drawn: plotly.js did not load.")));
    };
    document.head.append(script);
  });
  return loading;
}

// "var(--ink)" in the figure becomes what --ink is here, and its words those of the visitor's language; a fresh copy, because plotly writes into what it is given.
export function colours(figure, element) {
  const style = getComputedStyle(element);
  const token = (name) => style.getPropertyValue(name).trim() || style.getPropertyValue(GRADIO[name] ?? name).trim();
  return resolved(figure, token);
}

function resolved(value, token, spoken) {
  if (typeof value === "string") return value.startsWith("var(--") ? token(value.slice(4, -1)) : spoken ? label(value) : value;
  if (Array.isArray(value)) return value.map((item) => resolved(item, token, spoken));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, token, key === "text")]));
}
