// A line that fills: how much of an answer has come. It keeps its place when there is nothing to say.
import { html } from "./vendor/preact.js";
import { add, t } from "./words.js";

add({ "{done} of {of} passes": "{of} 次传播中的第 {done} 次" });

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
