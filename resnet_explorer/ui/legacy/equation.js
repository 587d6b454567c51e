// The rules of a lane's unit, forward and backward, and what they say about the identity path.
import { html } from "../components/shared/vendor/preact.js";
import { useAnswer } from "./structure_ask.js";
import { copyText } from "./structure_keep.js";
import { t } from "../components/shared/words.js";

const NAMES = { forward: "Forward", branch: "Branch", backward: "Backward", unrolled: "Over the units of a stage" };

export function Equation({ lane }) {
  const { answer, error, pending } = useAnswer("equation", { network: lane.spec });
  return html`<div class=${`equation ${pending ? "older" : ""}`} aria-busy=${pending}>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    ${answer && html`<p class=${`verdict ${answer.exact ? "" : "on-trunk"}`}>${answer.verdict}</p>`}
    <dl>
      ${answer?.rules.map(
        (rule) => html`<div key=${rule.name}>
          <dt>${t(NAMES[rule.name])}</dt>
          <dd><div class="formula" tabindex="0" role="group" aria-label=${t(NAMES[rule.name])} dangerouslySetInnerHTML=${{ __html: rule.mathml }}></div></dd>
          <dd><button type="button" class="quiet" aria-label=${t("Copy LaTeX of {rule}", { rule: t(NAMES[rule.name]) })} onClick=${() => copyText(rule.latex)}>${t("Copy LaTeX")}</button></dd>
        </div>`,
      )}
    </dl>
    ${answer && html`<p class="caption">${t("Unit: {block}. Gradients are rows, so a derivative stands to the right of what it is multiplied with.", { block: answer.block })}</p>`}
  </div>`;
}
