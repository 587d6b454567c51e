// A whole network on a strip; a section opens to its units, a unit to its layers, and a unit can be drawn.
import { html, render, useState } from "../shared/vendor/preact.js";
import { count, t } from "../shared/words.js";

export function mount({ element, props, trigger }) {
  const pick = (unit) => trigger("select", { unit });
  return () => render(html`<${Strip} sections=${props.value ? JSON.parse(props.value).sections : []} pick=${pick} />`, element);
}

const nameOf = (section) => (section.stage ? t("stage {n}", { n: section.stage }) : t(section.name));

function Strip({ sections, pick }) {
  const [open, setOpen] = useState("");
  const chosen = sections.find((section) => section.name === open);
  return html`<ol class="strip">
      ${sections.map(
        (section) => html`<li key=${section.name} class=${section === chosen ? "open" : ""}>
          <button type="button" aria-expanded=${section === chosen} onClick=${() => setOpen(section === chosen ? "" : section.name)}>
            <b>${nameOf(section)}${section.stage ? ` ×${section.count}` : ""}</b>
            <span>${section.shape}</span>
            <span class="faint">${t("{n} parameters", { n: count(section.params) })}</span>
          </button>
        </li>`,
      )}
    </ol>
    ${chosen && html`<div class="opened">${chosen.stage ? html`<${Runs} key=${chosen.name} section=${chosen} pick=${pick} />` : html`<${Layers} layers=${chosen.layers} name=${nameOf(chosen)} />`}</div>`}`;
}

function Runs({ section, pick }) {
  const [open, setOpen] = useState(-1);
  return html`<ol>
    ${section.runs.map((run, place) => {
      const alone = run.first === run.last;
      return html`<li key=${place}>
        <button type="button" class="quiet" aria-expanded=${place === open} onClick=${() => setOpen(place === open ? -1 : place)}>
          ${alone ? t("unit {first}", run) : t("units {first} to {last}, all alike", run)}
          <span class="faint"> ${run.shape} · ${t(alone ? "{n} parameters" : "{n} parameters each", { n: count(run.params) })}</span>
        </button>
        <button type="button" class="quiet" onClick=${() => pick(`${section.stage}.${run.first}`)}>${t("Draw this unit")}</button>
        ${place === open && html`<${Layers} layers=${run.layers} name=${t("unit {first}", run)} />`}
      </li>`;
    })}
  </ol>`;
}

function Layers({ layers, name }) {
  return html`<table>
    <caption class="unseen">${name}</caption>
    <thead><tr>${["part", "op", "output shape", "parameters"].map((title) => html`<th key=${title} scope="col">${t(title)}</th>`)}</tr></thead>
    <tbody>${layers.map((layer, place) => html`<tr key=${place}><td>${t(layer.part)}</td><td class="mono">${layer.op}</td><td>${layer.shape}</td><td>${count(layer.params)}</td></tr>`)}</tbody>
  </table>`;
}
