// What torchinfo counts in the built module, asked for only on a press.
import { html, useState } from "../components/shared/vendor/preact.js";
import { useAnswer } from "./structure_ask.js";
import { t } from "../components/shared/words.js";

export function Opinion({ lane }) {
  const [asked, ask] = useState(false);
  const { answer, error, pending } = useAnswer("second-opinion", asked ? { network: lane.spec } : null);
  const counting = asked && pending;
  return html`<section class="opinion" aria-busy=${counting}>
    <div class="keep"><button type="button" class="quiet" disabled=${asked && !error} onClick=${() => ask(true)}>${t("Ask torchinfo for a second opinion")}</button></div>
    <p role="status">${counting ? t("torchinfo is counting the built module …") : (answer?.sentence ?? "")}</p>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    ${answer && html`<details><summary>${t("torchinfo's table")}</summary><pre class="code" tabindex="0">${answer.table}</pre></details>`}
  </section>`;
}
