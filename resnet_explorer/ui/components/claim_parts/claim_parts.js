// The parts of a claim: each a button that chooses it; the chosen one says how it is judged.
import { html, render } from "../shared/vendor/preact.js";
import { Mark } from "../shared/verdict_mark.js";
import { say, t } from "../shared/words.js";

export function mount({ element, props, trigger }) {
  return () => render(props.value && html`<${Parts} parts=${JSON.parse(props.value)} trigger=${trigger} />`, element);
}

function Parts({ parts, trigger }) {
  const choose = (part) => trigger("select", { part });
  return html`<ul class="parts" aria-label=${t("Parts")}>${parts.map((part) => html`<${Part} key=${part.name} ...${part} choose=${choose} />`)}</ul>`;
}

function Part({ name, statement, word, svg, picture, reason, facts, chosen, choose }) {
  return html`<li class="part" data-part-name=${name}>
    <button type="button" class="statement" aria-pressed=${chosen} onClick=${() => choose(name)}>${statement}</button>
    <div class="outcome">
      <${Mark} word=${word} />
      <div class="picture" role="img" aria-label=${say(picture)} title=${say(picture)} dangerouslySetInnerHTML=${{ __html: svg }}></div>
    </div>
    <p class="faint">${say(reason)}</p>
    ${chosen && facts.length > 0 && html`<dl>${facts.map(([about, text]) => html`<div><dt>${t(about)}</dt><dd>${t(text)}</dd></div>`)}</dl>`}
  </li>`;
}
