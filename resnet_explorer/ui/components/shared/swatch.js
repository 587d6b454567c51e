// A lane's letter and a stretch of its line, colour and dash as in every figure.
import { html } from "./vendor/preact.js";

export const DASHES = ["", "6 3", "2 2", "8 3 2 3", "12 4", "1 3"];

export function Swatch({ slot, width = 22 }) {
  return html`<span class="swatch" style=${`--lane: var(--lane-${slot})`}>
    <b>${"ABCDEF"[slot]}</b>
    <svg width=${width} height="4" aria-hidden="true" focusable="false">
      <line x1="0" y1="2" x2=${width} y2="2" stroke="var(--lane)" stroke-width="3" stroke-dasharray=${DASHES[slot]} />
    </svg>
  </span>`;
}
