// One lane in detail: its layers, code, mathematics, and its difference from another lane.
import { html } from "../components/shared/vendor/preact.js";
import { Code } from "./code.js";
import { Equation } from "./equation.js";
import { letter, titleOf } from "../components/lanes/lane.js";
import { Sample } from "./sample.js";
import { choice, choose, focus } from "./structure_settings.js";
import { Difference } from "./table_difference.js";
import { Layers } from "./table_layers.js";
import { t } from "../components/shared/words.js";

const TABS = { layers: "Layers", code: "Code", equation: "Equation", difference: "Difference" };
const PANELS = { layers: Layers, code: Code, equation: Equation, difference: Difference };

export function Tabs({ state, lanes, lane }) {
  const tab = choice(state.settings, "tab") in TABS ? choice(state.settings, "tab") : "layers";
  return html`<section class="detail structure" aria-label=${t("Lane {letter} in detail", { letter: letter(lane.slot) })}>
    <header class="detail-head">
      <${Lanes} lanes=${lanes} lane=${lane} />
      <div class="detail-tabs" role="tablist" aria-label=${t("Lane {letter} in detail", { letter: letter(lane.slot) })} onKeyDown=${(event) => travel(event, tab)}>
        ${Object.keys(TABS).map(
          (name) => html`<button key=${name} type="button" role="tab" id=${`tab-${name}`} aria-selected=${name === tab} aria-controls="detail-panel" tabindex=${name === tab ? 0 : -1} onClick=${() => choose("tab", name)}>${t(TABS[name])}</button>`,
        )}
      </div>
    </header>
    <div id="detail-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`} style=${`--lane: var(--lane-${lane.slot})`}>
      <${PANELS[tab]} state=${state} lanes=${lanes} lane=${lane} />
    </div>
  </section>`;
}

function Lanes({ lanes, lane }) {
  return html`<div class="detail-lanes" role="radiogroup" aria-label=${t("Lane in detail")}>
    ${lanes.map(
      (each) => html`<label key=${each.slot} class=${each.slot === lane.slot ? "on" : ""} title=${titleOf(each, t)}>
        <input type="radio" name="detail-lane" checked=${each.slot === lane.slot} onChange=${() => focus(each.slot)} />
        <${Sample} slot=${each.slot} /> ${each.slot === lane.slot ? titleOf(each, t) : html`<span class="unseen">${titleOf(each, t)}</span>`}
      </label>`,
    )}
  </div>`;
}

function travel(event, tab) {
  const names = Object.keys(TABS);
  const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const next = to ? names[(names.indexOf(tab) + to + names.length) % names.length] : { Home: names[0], End: names.at(-1) }[event.key];
  if (!next) return;
  event.preventDefault();
  choose("tab", next);
  document.getElementById(`tab-${next}`)?.focus();
}
