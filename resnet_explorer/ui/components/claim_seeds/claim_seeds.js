// A row a seed: the lanes' numbers, the statistic, and the runs behind them, each a link to the view Runs.
import { html, render } from "../shared/vendor/preact.js";
import { Swatch } from "../shared/swatch.js";
import { t } from "../shared/words.js";

export function mount({ element, props }) {
  return () => render(props.value && html`<${Seeds} ...${JSON.parse(props.value)} />`, element);
}

// What the address holds now stays, but for what is said.
function address(changes) {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return `?${query}`;
}

function Go({ changes, children }) {
  const newest = (event) => (event.currentTarget.href = address(changes));
  return html`<a href=${address(changes)} onPointerDown=${newest} onFocus=${newest}>${children}</a>`;
}

function Seeds({ lanes, statistic, rows, links }) {
  return html`<div class="links">${links.map(([text, changes]) => html`<${Go} changes=${changes}>${t(text)}<//>`)}</div>
    ${rows.length > 0 &&
    html`<div class="scroll" tabindex="0" role="region" aria-label=${t("Each seed")}><table>
      <caption class="unseen">${t("Each seed")}</caption>
      <thead><tr>
        <th scope="col">${t("Seed")}</th>
        ${lanes.map((lane, slot) => html`<th scope="col"><${Swatch} slot=${slot} /><span class="network">${lane}</span></th>`)}
        <th scope="col">${statistic}</th>
        <th scope="col">${t("Runs")}</th>
      </tr></thead>
      <tbody>${rows.map((row) => html`<${Seed} key=${row.seed} ...${row} />`)}</tbody>
    </table></div>`}`;
}

function Seed({ seed, numbers, statistic, runs }) {
  const each = [...new Set(runs.flat())];
  return html`<tr>
    <th scope="row">${seed}</th>
    ${numbers.map((number) => html`<td>${number}</td>`)}
    <td>${statistic}</td>
    <td class="runs">${each.map((run) => html`<${Go} key=${run} changes=${{ view: "runs", run }}>${run}<//> `)}</td>
  </tr>`;
}
