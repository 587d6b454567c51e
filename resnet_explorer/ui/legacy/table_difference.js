// What has to be taken from one lane, and what added, to get another.
import { html, useMemo, useState } from "../components/shared/vendor/preact.js";
import { letter, titleOf } from "../components/lanes/lane.js";
import { choose } from "./structure_settings.js";
import { useAnswer } from "./structure_ask.js";
import { Keep } from "./structure_keep.js";
import { Table } from "./table.js";
import { spell } from "./table_rows.js";
import { count, t } from "../components/shared/words.js";

const COLUMNS = [
  { name: "sign", title: "sign" },
  { name: "stage", title: "stage", number: true },
  { name: "unit", title: "unit", number: true },
  { name: "part", title: "part" },
  { name: "op", title: "op", mono: true },
  { name: "shape", title: "output shape", number: true },
  { name: "params", title: "parameters", number: true },
  { name: "macs", title: "MACs", number: true },
];
const TEMPLATE = "56px 72px 56px minmax(72px, 0.7fr) minmax(144px, 2fr) minmax(104px, 1fr) repeat(2, minmax(120px, 1fr))";

export function Difference({ state, lanes, lane }) {
  const others = lanes.filter((each) => each.slot !== lane.slot);
  if (!others.length) return html`<p class="faint">${t("Add a second lane to see how they differ.")}</p>`;
  const other = others.find((each) => String(each.slot) === state.settings.against) ?? others[0];
  return html`<${Lines} lane=${lane} other=${other} others=${others} />`;
}

function Lines({ lane, other, others }) {
  const [every, setEvery] = useState(false);
  const { answer, error, pending } = useAnswer("difference", { one: lane.spec, two: other.spec });
  const lines = answer ?? [];
  const rows = useMemo(() => lines.filter((line) => every || line.sign !== " ").map(shown), [answer, every]);
  return html`<div aria-busy=${pending}>
    <div class="table-tools" data-part="controls">
      <label>${t("From {letter} to", { letter: letter(lane.slot) })} <select value=${String(other.slot)} onChange=${(event) => choose("against", event.target.value)}>
        ${others.map((each) => html`<option key=${each.slot} value=${String(each.slot)}>${letter(each.slot)} ${titleOf(each, t)}</option>`)}
      </select></label>
      <label><input type="checkbox" checked=${every} onChange=${(event) => setEvery(event.target.checked)} /> ${t("Show equal layers too")}</label>
      <${Keep} name="difference" networks=${[lane.spec, other.spec]} />
    </div>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    <p class="said" role="status">${answer && said(lines, lane, other)}</p>
    <div class=${pending ? "older" : ""}>
      ${rows.length > 0 && html`<${Table} label=${t("Difference of {one} and {two}", { one: letter(lane.slot), two: letter(other.slot) })} columns=${COLUMNS} rows=${rows} template=${TEMPLATE} />`}
    </div>
  </div>`;
}

function said(lines, lane, other) {
  const [less, more] = ["-", "+"].map((sign) => lines.filter((line) => line.sign === sign));
  const names = { one: letter(lane.slot), two: letter(other.slot) };
  if (!less.length && !more.length) return t("No layer differs between {one} and {two}.", names);
  const sum = (some) => some.reduce((total, line) => total + line.params, 0);
  const change = sum(more) - sum(less);
  const params = change ? t("{n} parameters {way}", { n: count(Math.abs(change)), way: change > 0 ? t("more") : t("less") }) : t("the same number of parameters");
  return t("From {one} to {two}: {less} layers go, {more} come; {params}.", { ...names, less: count(less.length), more: count(more.length), params });
}

const SIGNS = { "-": "−", "+": "+", " ": "" };

function shown(line, place) {
  const costs = { shape: spell(line.shape), params: count(line.params), macs: count(line.macs) };
  const kind = { "-": "taken", "+": "added", " ": "equal" }[line.sign];
  return { key: place, kind, cells: { ...line, sign: SIGNS[line.sign], stage: line.stage || "", unit: line.unit || "", part: t(line.part), ...costs } };
}
