// What is shown, to copy or to keep: the server writes it, as the command line does.
import { html, useState } from "../components/shared/vendor/preact.js";
import { announce } from "../components/shared/announce.js";
import { fileUrl } from "./structure_ask.js";
import { t } from "../components/shared/words.js";

const FORMATS = [
  ["csv", "CSV"],
  ["markdown", "Markdown"],
  ["latex", "LaTeX"],
  ["json", "JSON"],
];

export function Keep({ name, networks, fields = {} }) {
  const [format, setFormat] = useState("csv");
  const address = fileUrl(name, networks, { ...fields, format });
  return html`<div class="keep" data-part="controls">
    <label><span class="unseen">${t("Format")}</span>
      <select value=${format} onChange=${(event) => setFormat(event.target.value)}>
        ${FORMATS.map(([value, said]) => html`<option key=${value} value=${value}>${said}</option>`)}
      </select></label>
    <button type="button" class="quiet" onClick=${() => copyFrom(address)}>${t("Copy table")}</button>
    <a class="quiet" href=${address} download>${t("Download table")}</a>
  </div>`;
}

export async function copyFrom(address) {
  const response = await fetch(address).catch(() => null);
  const text = await response?.text();
  if (!response?.ok) return announce(t("It could not be copied."));
  return copyText(text);
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    const n = text.trimEnd().split("\n").length;
    announce(n > 1 ? t("Copied {n} lines", { n }) : t("Copied"));
  } catch {
    announce(t("It could not be copied."));
  }
}
