// A table to copy or to download: the server writes it as the command line does.
import { html, useState } from "../shared/vendor/preact.js";
import { announce } from "../shared/announce.js";
import { t } from "../shared/words.js";
import { download } from "../unit_diagram/save.js";

const FORMATS = { csv: ["CSV", "csv"], markdown: ["Markdown", "md"], latex: ["LaTeX", "tex"], json: ["JSON", "json"] };

export function Keep({ source, ask }) {
  const [format, setFormat] = useState("csv");
  const give = async (use) => {
    const found = await ask({ ...source, format }).catch(() => ({}));
    if (found.text) use(found.text);
    else announce(found.error ?? t("It could not be copied."));
  };
  return html`<div class="keep" data-part="controls">
    <select aria-label=${t("Format")} value=${format} onChange=${(event) => setFormat(event.target.value)}>
      ${Object.entries(FORMATS).map(([value, [name]]) => html`<option key=${value} value=${value}>${name}</option>`)}
    </select>
    <button type="button" class="quiet" onClick=${() => give(copy)}>${t("Copy table")}</button>
    <button type="button" class="quiet" onClick=${() => give((text) => download(new Blob([text]), `${source.kind}.${FORMATS[format][1]}`))}>${t("Download table")}</button>
  </div>`;
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
