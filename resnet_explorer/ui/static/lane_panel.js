// The focused lane, opened: ordering, unit, size, and everything else under "more".
import { html } from "./vendor/preact.js";
import { t } from "./words.js";

export function LanePanel({ lane, close }) {
  return html`<div class="panel" id="lane-panel"><button type="button" onClick=${close}>${t("Close")}</button> ${lane.name}</div>`;
}
