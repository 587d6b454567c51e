// Facts as a table: [label, columns, [[name, values], ...]]; the names are said in the visitor's language.
import { html, render } from "../shared/vendor/preact.js";
import { t } from "../shared/words.js";

export function mount({ element, props }) {
  return () => render(props.value && html`<${Table} value=${JSON.parse(props.value)} />`, element);
}

function Table({ value: [label, columns, facts] }) {
  if (!facts.length) return null;
  return html`<div class="facts-scroll" tabindex="0" role="region" aria-label=${t(label)}><table aria-label=${t(label)}>
    ${columns.length > 0 && html`<thead><tr><td></td>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>`}
    <tbody>${facts.map(([name, values]) => html`<tr class=${new Set(values).size > 1 ? "differs" : ""}><th scope="row">${t(name)}</th>${values.map((text) => html`<td>${t(text)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}
