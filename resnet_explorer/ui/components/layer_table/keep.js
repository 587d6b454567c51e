// A table to copy or to download: the server writes it as the command line does.
import { html, useState } from "../shared/vendor/preact.js";
import { announce } from "../shared/announce.js";
import { copy, download } from "../shared/download.js";
import { t } from "../shared/words.js";

const FORMATS = ["CSV", "Markdown", "LaTeX", "JSON"];

export function Keep({ source, ask }) {
  const [format, setFormat] = useState("CSV");
  const name = `${source.kind}.${{ Markdown: "md", LaTeX: "tex" }[format] ?? format.toLowerCase()}`;
  const give = async (use) => {
    const { text, error } = await ask({ ...source, format: format.toLowerCase() }).catch(() => ({}));
    if (text) use(text);
    else announce(error ?? t("It could not be copied."));
  };
  return html`<div class="keep" data-part="controls">
    <select aria-label=${t("Format")} value=${format} onChange=${(event) => setFormat(event.target.value)}>
      ${FORMATS.map((each) => html`<option key=${each}>${each}</option>`)}
    </select>
    <button type="button" class="quiet" onClick=${() => give(copy)}>${t("Copy table")}</button>
    <button type="button" class="quiet" onClick=${() => give((text) => download(text, name))}>${t("Download table")}</button>
  </div>`;
}
