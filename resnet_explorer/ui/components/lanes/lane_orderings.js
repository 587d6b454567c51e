// The orderings by name, each with its paper and the published CIFAR-10 error, or a sentence of one's own.
import { html } from "../shared/vendor/preact.js";
import { citation } from "./controls.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Orderings({ lane: { slot, answer } }) {
  const { id, catalog, edit } = useStore();
  if (answer && !answer.orderings) return html`<p class="note">${t("This family has one unit of its own.")}</p>`;
  const offered = catalog.orderings.filter(({ name }) => name !== "plain" || !answer || answer.plain);
  const row = ({ name, errors, ...paper }) => {
    const chosen = name === answer?.ordering;
    const choose = () => edit(slot, (draft) => (draft.unit = name));
    return html`<tr key=${name} class=${chosen ? "chosen" : ""} onClick=${choose} role="presentation">
      <td><label><input type="radio" name=${`${id}-ordering-${slot}`} checked=${chosen} onChange=${choose} />${t(name)}</label></td>
      <td class="faint">${citation(paper)}</td>
      ${errors.map((error) => html`<td class="number">${error}</td>`)}
    </tr>`;
  };
  return html`<table class="orderings" role="radiogroup" aria-label=${t("Ordering")}>
    <thead role="presentation">
      <tr role="presentation">
        <th>${t("Ordering")}</th>
        <th>${t("Paper")}</th>
        <th class="number" colspan="2" title=${t("test error of ResNet-110 and ResNet-164, from the papers")}>${t("CIFAR-10 error %, published")}</th>
      </tr>
      <tr role="presentation"><th></th><th></th>${["110", "164"].map((n) => html`<th class="number">${t("depth {n}", { n })}</th>`)}</tr>
    </thead>
    <tbody role="presentation">${offered.map(row)}</tbody>
  </table>`;
}
