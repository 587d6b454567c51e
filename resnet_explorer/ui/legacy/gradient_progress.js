// A line that fills: how much of an answer has come. It keeps its place when there is nothing to say.
import { html } from "../components/shared/vendor/preact.js";
import { t } from "../components/shared/words.js";

export function Progress({ done, of }) {
  const running = of > 0 && done < of;
  const text = t("{done} of {of} passes", { done, of });
  return html`<div
    class="flow-progress"
    data-state=${running ? "running" : "still"}
    role="progressbar"
    aria-label=${text}
    aria-valuemin="0"
    aria-valuemax=${of || 1}
    aria-valuenow=${done}
  >
    ${running && html`<i style=${`transform:scaleX(${done / of})`}></i>`}
  </div>`;
}
