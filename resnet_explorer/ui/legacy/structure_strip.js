// The whole network of one lane on a strip; a section opens to its units, a unit to its layers.
import { html, useState } from "../components/shared/vendor/preact.js";
import { letter, titleOf } from "../components/lanes/lane.js";
import { Sample } from "./sample.js";
import { choose } from "./structure_settings.js";
import { useAnswer } from "./structure_ask.js";
import { count, t } from "../components/shared/words.js";

export function Strip({ lane }) {
  const [open, setOpen] = useState("");
  const { answer, error, pending } = useAnswer("strip", { network: lane.spec });
  const sections = answer?.sections ?? [];
  const chosen = sections.find((section) => section.name === open);
  return html`<section class="whole" aria-labelledby="whole-title" aria-busy=${pending}>
    <header class="part-head">
      <h2 id="whole-title">${t("The whole network of lane {letter}", { letter: letter(lane.slot) })}</h2>
      <span class="faint"><${Sample} slot=${lane.slot} /> ${titleOf(lane, t)}</span>
    </header>
    <ol class=${`strip ${pending ? "older" : ""}`} style=${`--lane: var(--lane-${lane.slot})`}>
      ${sections.map((section) => html`<${Section} key=${section.name} section=${section} open=${section === chosen} pick=${() => setOpen(section === chosen ? "" : section.name)} />`)}
    </ol>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    ${chosen && html`<${Opened} key=${chosen.name} section=${chosen} />`}
  </section>`;
}

function Section({ section, open, pick }) {
  return html`<li class=${open ? "open" : ""}>
    <button type="button" aria-expanded=${open} onClick=${pick}>
      <b>${nameOf(section)}${section.stage ? ` ×${section.count}` : ""}</b>
      <span>${section.shape}</span>
      <span class="faint">${t("{n} parameters", { n: count(section.params) })}</span>
    </button>
  </li>`;
}

function nameOf(section) {
  return section.stage ? t("stage {n}", { n: section.stage }) : t(section.name);
}

function Opened({ section }) {
  const [picked, pick] = useState(-1);
  if (!section.stage) return html`<div class="opened"><${Layers} layers=${section.layers} name=${nameOf(section)} /></div>`;
  return html`<div class="opened">
    <ol class="runs">
      ${section.runs.map(
        (run, place) => html`<li key=${place}>
          <button type="button" class="quiet" aria-expanded=${place === picked} onClick=${() => pick(place === picked ? -1 : place)}>
            ${run.first === run.last ? t("unit {first}", run) : t("units {first} to {last}, all alike", run)}
            <span class="faint"> ${run.shape} · ${t(run.first === run.last ? "{n} parameters" : "{n} parameters each", { n: count(run.params) })}</span>
          </button>
          <button type="button" class="quiet" onClick=${() => choose("unit", `${section.stage}.${run.first}`)}>${t("Draw this unit")}</button>
          ${place === picked && html`<${Layers} layers=${run.layers} name=${t("unit {first}", run)} />`}
        </li>`,
      )}
    </ol>
  </div>`;
}

function Layers({ layers, name }) {
  return html`<table class="grid">
    <caption class="unseen">${name}</caption>
    <thead><tr><th scope="col">${t("part")}</th><th scope="col">${t("op")}</th><th scope="col" class="number">${t("output shape")}</th><th scope="col" class="number">${t("parameters")}</th></tr></thead>
    <tbody>
      ${layers.map((layer, place) => html`<tr key=${place}><td>${t(layer.part)}</td><td class="mono">${layer.op}</td><td class="number">${layer.shape}</td><td class="number">${count(layer.params)}</td></tr>`)}
    </tbody>
  </table>`;
}
