// What is seen, in words, and each lane's numbers beside the figure.
import { html } from "../components/shared/vendor/preact.js";
import { Sample } from "./sample.js";
import { letter } from "../components/lanes/lane.js";
import { t } from "../components/shared/words.js";

export function Seen({ flow }) {
  const lanes = flow.summary?.lanes ?? [];
  return html`<section class="flow-seen" aria-live="polite" aria-busy=${!flow.settled}>
    <h2>${t("What is seen")}</h2>
    ${flow.error && html`<p class="wrong" role="alert">${flow.error}</p>`}
    ${flow.summary?.ranked && html`<p>${flow.summary.ranked}</p>`}
    <ul>
      ${lanes.map((lane) => html`<li key=${lane.slot}>${lane.seen}</li>`)}
    </ul>
    ${lanes.some((lane) => lane.more) &&
    html`<details>
      <summary>${t("Stage by stage")}</summary>
      <ul>
        ${lanes.map((lane) => lane.more && html`<li key=${lane.slot}><b>${letter(lane.slot)}</b> ${lane.more}</li>`)}
      </ul>
    </details>`}
  </section>`;
}

export function Numbers({ lanes, flow }) {
  const rows = new Map((flow.summary?.lanes ?? []).map((row) => [row.slot, row]));
  return html`<section aria-label=${t("Numbers per lane")}>
    <h2>${t("Numbers per lane")}</h2>
    <table class="numbers">
      <thead>
        <tr>
          ${["lane", "first / last", "decades", "largest", "smallest"].map((head) => html`<th scope="col" key=${head}>${t(head)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${lanes.map((lane) => html`<${Row} key=${lane.slot} slot=${lane.slot} row=${rows.get(lane.slot)} failure=${flow.failures[lane.slot]} />`)}
      </tbody>
    </table>
  </section>`;
}

function Row({ slot, row, failure }) {
  const head = html`<th scope="row" aria-label=${letter(slot)}><${Sample} slot=${slot} /></th>`;
  if (failure) return html`<tr>${head}<td class="failed" colspan="4" role="alert">${failure}</td></tr>`;
  const [ratio, low, high] = row?.ratio ?? [];
  return html`<tr>
    ${head}
    <td title=${ratio == null ? "" : `${figures(low)} … ${figures(high)}`}>${figures(ratio)}</td>
    <td>${row?.decades == null ? "" : signed(row.decades)}</td>
    <td title=${row?.most?.place}>${figures(row?.most?.value)}</td>
    <td title=${row?.least?.place}>${figures(row?.least?.value)}</td>
  </tr>`;
}

function signed(decades) {
  return `${decades < 0 ? "−" : "+"}${Math.abs(decades).toFixed(2)}`;
}

// three digits, and a power of ten where there are many zeros
function figures(value) {
  if (value == null) return "–";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1).replace("e", "·10^").replace("^+", "^") : String(Number(value.toPrecision(3)));
}
