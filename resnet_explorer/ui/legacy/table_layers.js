// The layer table of one lane: sortable, searchable, folded by stage and unit.
import { html, useMemo, useState } from "../components/shared/vendor/preact.js";
import { Opinion } from "./structure_opinion.js";
import { choice } from "./structure_settings.js";
import { useAnswer } from "./structure_ask.js";
import { Keep } from "./structure_keep.js";
import { bytes } from "./structure_totals.js";
import { Table } from "./table.js";
import { grouped, sorted, spell, visible } from "./table_rows.js";
import { count, t } from "../components/shared/words.js";

const COLUMNS = [
  { name: "stage", title: "stage", number: true },
  { name: "unit", title: "unit", number: true },
  { name: "part", title: "part" },
  { name: "op", title: "op", mono: true },
  { name: "shape", title: "output shape", number: true },
  { name: "params", title: "parameters", number: true },
  { name: "macs", title: "MACs", number: true },
  { name: "memory", title: "activation memory", number: true },
];
const TEMPLATE = "72px 56px minmax(72px, 0.7fr) minmax(144px, 2fr) minmax(104px, 1fr) repeat(3, minmax(120px, 1fr))";
const UNSORTED = { name: "", way: "none" };

export function Layers({ state, lane }) {
  const batch = Number(choice(state.settings, "training"));
  const precision = choice(state.settings, "precision");
  const { answer, error, pending } = useAnswer("describe", { network: lane.spec, batch, precision });
  const [query, setQuery] = useState("");
  const [sort, setSort] = useState(UNSORTED);
  const [opened, setOpened] = useState({ every: false, keys: new Set() });
  const sections = useMemo(() => grouped(answer?.layers ?? []), [answer]);
  const open = useMemo(() => openKeys(sections, opened), [sections, opened]);
  const flat = sort.way !== "none";
  const rows = useMemo(() => {
    const found = flat ? sorted(answer.layers, sort, query) : visible(sections, open, query);
    return found.map((row) => shown(row, () => setOpened(toggled(opened, row.key))));
  }, [answer, sections, open, query, sort]);
  const all = answer?.layers.length ?? 0;
  return html`<div class="layers-panel" aria-busy=${pending}>
    <div class="table-tools" data-part="controls">
      <label class="search"><span class="unseen">${t("Search layers")}</span>
        <input class="field" type="search" placeholder=${t("Search layers")} value=${query} onInput=${(event) => setQuery(event.target.value)} /></label>
      <button type="button" class="quiet" disabled=${flat} onClick=${() => setOpened({ every: !opened.every, keys: new Set() })}>${opened.every ? t("Fold units") : t("Unfold units")}</button>
      ${flat && html`<button type="button" class="quiet" onClick=${() => setSort(UNSORTED)}>${t("In the order of data")}</button>`}
      <span class="faint" role="status">${t("{n} of {all} layers", { n: count(layersIn(rows, query, flat, all)), all: count(all) })}</span>
      <${Keep} name="layers" networks=${lane.spec} fields=${{ batch, precision }} />
    </div>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    <div class=${pending ? "older" : ""}>
      <${Table} label=${t("Layers of {name}", { name: lane.spec })} columns=${COLUMNS} rows=${rows} template=${TEMPLATE} sort=${sort} onSort=${answer && setSort} />
    </div>
    <p class="caption">${t("Parameters with BN; MACs for one image, without bias adds; memory is what each layer keeps for the backward pass at batch {batch} in {precision}.", { batch: count(batch), precision })}</p>
    <${Opinion} key=${lane.spec} lane=${lane} />
  </div>`;
}

// Sections are open and units closed, unless a visitor says otherwise.
function openKeys(sections, { every, keys }) {
  const open = new Set();
  const put = (key, usual) => usual !== keys.has(key) && open.add(key);
  for (const section of sections) {
    put(section.key, true);
    for (const unit of section.units.values()) put(unit.key, every);
  }
  return open;
}

function toggled({ every, keys }, key) {
  const changed = new Set(keys);
  if (!changed.delete(key)) changed.add(key);
  return { every, keys: changed };
}

function layersIn(rows, query, flat, all) {
  return query || flat ? rows.filter((row) => !row.group).length : all;
}

function shown(row, toggle) {
  const { of, kind, key } = row;
  const costs = { shape: spell(of.shape), params: count(of.params), macs: count(of.macs), memory: bytes(of.memory) };
  if (kind.startsWith("layer")) return { key, kind, cells: { stage: of.stage || "", unit: of.unit || "", part: t(of.part), op: of.op, ...costs } };
  const units = of.units ? of.units.size : 0;
  const name = of.unit ? t("unit {first}", { first: of.unit }) : of.stage ? t("stage {n}, {units} units", { n: of.stage, units }) : t(of.key);
  return { key, kind, level: of.unit ? 2 : 1, cells: costs, group: { name, open: row.open, toggle, span: 4 } };
}
