// The rules of a unit as the browser's own mathematics, each with its LaTeX to copy.
import { html, render } from "../shared/vendor/preact.js";
import { copy } from "../shared/download.js";
import { t } from "../shared/words.js";

export function mount({ element, props }) {
  return () => props.value && render(html`<${Rules} ...${JSON.parse(props.value)} />`, element);
}

function Rules({ verdict, exact, block, rules }) {
  const [before, sum, after] = verdict;
  return html`<p class=${`verdict ${exact ? "" : "on-trunk"}`}>${before}<span dangerouslySetInnerHTML=${{ __html: sum }}></span>${after}</p>
    <dl>
      ${rules.map(
        ({ name, latex, mathml }) => html`<div key=${name}>
          <dt>${t(name)}</dt>
          <dd><div class="formula" tabindex="0" role="group" aria-label=${t(name)} dangerouslySetInnerHTML=${{ __html: mathml }}></div></dd>
          <dd><button type="button" class="quiet" aria-label=${t("Copy LaTeX of {rule}", { rule: t(name) })} onClick=${() => copy(latex)}>${t("Copy LaTeX")}</button></dd>
        </div>`,
      )}
    </dl>
    <p class="caption">${t("Unit: {block}. Gradients are rows, so a derivative stands to the right of what it is multiplied with.", { block })}</p>`;
}
