// The structure view: a unit of each lane, the whole network, and for one lane its layers, code and mathematics.
import { html } from "../components/shared/vendor/preact.js";
import { Diagrams } from "./diagram.js";
import { Seen } from "./structure_seen.js";
import { Strip } from "./structure_strip.js";
import { Tabs } from "./structure_tabs.js";
import { Totals } from "./structure_totals.js";
import { lanesOf } from "./structure_ask.js";
import { focused } from "./store.js";

export function StructureView({ state }) {
  const lanes = lanesOf(state);
  const one = focused(state);
  const lane = lanes.find((each) => each.slot === one?.slot) ?? lanes[0];
  return html`
    <div class="figure structure">
      <${Diagrams} state=${state} lanes=${lanes} />
      ${lane && html`<${Strip} state=${state} lane=${lane} />`}
    </div>
    <aside class="aside structure">
      <${Seen} lanes=${lanes} />
      <${Totals} state=${state} lanes=${lanes} />
    </aside>
    ${lane && html`<${Tabs} state=${state} lanes=${lanes} lane=${lane} />`}
  `;
}
