// The orderings by name, each with its paper and the published CIFAR-10 error, or a sentence of one's own.
import { html } from "../shared/vendor/preact.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

const DEPTHS = ["110", "164"];

export function Orderings({ lane }) {
  const { orderings } = useStore().catalog;
  const { answer } = lane;
  if (answer && !answer.orderings) return html`<p class="note">${t("This family has one unit of its own.")}</p>`;
  const current = answer?.ordering ?? "";
  const offered = orderings.filter((each) => each.name !== "plain" || !answer || answer.plain);
  return html`<table class="orderings" role="radiogroup" aria-label=${t("Ordering")}>
    <thead role="presentation">
      <tr role="presentation">
        <th>${t("Ordering")}</th>
        <th>${t("Paper")}</th>
        <th class="number" colspan="2" title=${t("test error of ResNet-110 and ResNet-164, from the papers")}>${t("CIFAR-10 error %, published")}</th>
      </tr>
      <tr role="presentation"><th></th><th></th>${DEPTHS.map((depth) => html`<th class="number">${t("depth {n}", { n: depth })}</th>`)}</tr>
    </thead>
    <tbody role="presentation">
      ${offered.map((each) => html`<${Row} key=${each.name} ordering=${each} lane=${lane} chosen=${each.name === current} />`)}
    </tbody>
  </table>`;
}

function Row({ ordering, lane, chosen }) {
  const store = useStore();
  const group = `${store.id}-ordering-${lane.slot}`;
  const id = `${group}-${ordering.name}`;
  const choose = () => store.edit(lane.slot, (draft) => (draft.unit = ordering.name));
  return html`<tr class=${chosen ? "chosen" : ""} onClick=${choose} role="presentation">
    <td>
      <input type="radio" name=${group} id=${id} checked=${chosen} onChange=${choose} />
      <label for=${id}>${t(ordering.name)}</label>
    </td>
    <td class="faint">${ordering.paper.split(",")[0]} ${t("et al.")} ${ordering.year}</td>
    ${DEPTHS.map((depth) => html`<td class="number">${ordering.errors[depth]?.toFixed(2) ?? "–"}</td>`)}
  </tr>`;
}
