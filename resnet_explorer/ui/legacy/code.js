// A lane as PyTorch source that needs nothing but torch, and as a notebook.
import { html } from "../components/shared/vendor/preact.js";
import { fileUrl, useAnswer } from "./structure_ask.js";
import { copyText } from "./structure_keep.js";
import { count, t } from "../components/shared/words.js";

export function Code({ lane }) {
  const { answer, error, pending } = useAnswer("code", { network: lane.spec });
  return html`<div class="code-panel" aria-busy=${pending}>
    <div class="keep">
      <button type="button" class="quiet" disabled=${!answer} onClick=${() => copyText(answer.code)}>${t("Copy code")}</button>
      <a class="quiet" href=${fileUrl("network", lane.spec, { format: "py" })} download="network.py">${t("Download network.py")}</a>
      <a class="quiet" href=${fileUrl("network", lane.spec, { format: "ipynb" })} download="network.ipynb">${t("Open as notebook")}</a>
      ${answer && html`<span class="faint">${t("{n} lines that need nothing but torch", { n: count(answer.code.trimEnd().split("\n").length) })}</span>`}
    </div>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    <pre class=${`code ${pending ? "older" : ""}`} tabindex="0" aria-label=${t("PyTorch source")}><code dangerouslySetInnerHTML=${{ __html: answer?.html ?? "" }}></code></pre>
  </div>`;
}
