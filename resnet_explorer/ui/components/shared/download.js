// What can be taken home: the buttons of a figure's files, texts to copy; the browser paints a PNG from an SVG.
import { announce } from "./announce.js";
import { csv } from "./csv.js";
import { html } from "./vendor/preact.js";
import { t } from "./words.js";

const TYPES = { svg: "image/svg+xml", png: "image/png", csv: "text/csv", tex: "text/x-tex", pdf: "application/pdf" };
const CONVERT = { PNG: paint, CSV: csv, PDF: (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)) };

// `make` gives what a form is made of: an SVG for SVG and PNG, a table for CSV, base64 for PDF, otherwise the file itself;
// or what the server answers, which has it under `picture`, or the reason why there is none under `error`.
export function Files({ forms, ready = forms, name, make, label = "Download {form}" }) {
  const give = async (form) => {
    try {
      const made = await make(form);
      if (made.error) throw new Error(made.error);
      const content = made.picture ?? made;
      download(await (CONVERT[form]?.(content) ?? content), `${name}.${{ TikZ: "tex" }[form] ?? form.toLowerCase()}`);
    } catch (error) {
      announce(error.message || t("The picture could not be made."));
    }
  };
  const button = (form) => html`<button type="button" class="quiet" key=${form} disabled=${!ready.includes(form)}
    aria-label=${t(label, { form })} onClick=${() => give(form)}>${form}</button>`;
  return html`<span class="files">${forms.map(button)}</span>`;
}

export function download(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: TYPES[name.split(".").at(-1)] }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    const n = text.trimEnd().split("\n").length;
    announce(n > 1 ? t("Copied {n} lines", { n }) : t("Copied"));
  } catch {
    announce(t("It could not be copied."));
  }
}

// three times as fine as on the page
async function paint(svg) {
  const image = Object.assign(new Image(), { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` });
  await image.decode();
  const [width, height] = [3 * image.naturalWidth, 3 * image.naturalHeight];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
