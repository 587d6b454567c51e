// Totals of all lanes side by side, and the batch and precision that memory is counted for.
import { html } from "../components/shared/vendor/preact.js";
import { titleOf } from "../components/lanes/lane.js";
import { Sample } from "./sample.js";
import { Keep } from "./structure_keep.js";
import { choice, choose } from "./structure_settings.js";
import { useAnswer } from "./structure_ask.js";
import { amount, count, t } from "../components/shared/words.js";

const PRECISIONS = ["fp32", "tf32", "bf16", "fp16"];
const BATCHES = ["1", "8", "16", "32", "64", "128", "256", "512", "1024"];

export function Totals({ state, lanes }) {
  const networks = lanes.map((lane) => lane.spec);
  const batch = Number(choice(state.settings, "training"));
  const precision = choice(state.settings, "precision");
  const { answer, error, pending, tag } = useAnswer("totals", lanes.length ? { networks, batch, precision } : null, lanes.map((lane) => lane.slot));
  const shown = lanes.map((lane) => ({ lane, totals: answer?.[(tag ?? []).indexOf(lane.slot)] ?? lane.answer }));
  return html`<section class="totals" aria-labelledby="totals-title" aria-busy=${pending}>
    <h2 id="totals-title">${t("Totals")}</h2>
    <${Controls} batch=${batch} precision=${precision} />
    <div class=${pending ? "older" : ""}>
      ${TABLES.map((columns) => html`<${Numbers} key=${columns[0].name} columns=${columns} shown=${shown} />`)}
    </div>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    <p class="caption">${t("MACs: multiply-adds of convolutions and fully connected layers, one image, without bias adds. Memory: one training step with SGD and momentum at batch {batch} in {precision}, an estimate from the plan.", { batch: count(batch), precision })}</p>
    <${Keep} name="totals" networks=${networks} fields=${{ batch, precision }} />
  </section>`;
}

const TABLES = [
  [
    { name: "parameters with BN", of: (found) => count(found.params) },
    { name: "without BN", of: (found) => count(found.params_without_bn) },
    { name: "MACs", of: (found) => amount(found.macs) },
    { name: "depth", of: (found) => count(found.depth) },
  ],
  [
    { name: "activations kept", of: (found) => bytes(found.memory.activations) },
    { name: "training memory", of: (found) => bytes(found.memory.training) },
    { name: "receptive field", of: (found) => t("{n} px", { n: count(found.receptive_field) }) },
    { name: "identity path", of: (found) => (found.trunk.exact ? t("exact") : t("not exact")), warn: (found) => !found.trunk.exact },
  ],
];

function Numbers({ columns, shown }) {
  return html`<table class="grid">
    <thead>
      <tr><th scope="col">${t("lane")}</th>${columns.map((column) => html`<th scope="col" class="number" key=${column.name}>${t(column.name)}</th>`)}</tr>
    </thead>
    <tbody>
      ${shown.map(
        ({ lane, totals }) => html`<tr key=${lane.slot}>
          <th scope="row" title=${titleOf(lane, t)}><${Sample} slot=${lane.slot} /></th>
          ${columns.map((column) => html`<td key=${column.name} class=${`number ${column.warn?.(totals) ? "on-trunk" : ""}`}>${column.of(totals)}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function Controls({ batch, precision }) {
  const batches = BATCHES.includes(String(batch)) ? BATCHES : [...BATCHES, String(batch)];
  return html`<div class="controls" data-part="controls">
    <label>${t("Batch")} <select value=${String(batch)} onChange=${(event) => choose("training", event.target.value)}>
      ${batches.map((size) => html`<option key=${size} value=${size}>${size}</option>`)}
    </select></label>
    <label>${t("Precision")} <select value=${precision} onChange=${(event) => choose("precision", event.target.value)}>
      ${PRECISIONS.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
    </select></label>
  </div>`;
}

// 573878584 -> "574 MB"
export function bytes(number) {
  return number < 999.5 ? `${number} B` : `${amount(number)}B`.replace(" kB", " KB");
}
