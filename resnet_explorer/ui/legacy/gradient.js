// The gradient flow view: one metric, unit by unit, of all lanes at initialisation, answered as the slider moves.
import { html, useState } from "../components/shared/vendor/preact.js";
import { CliffView } from "./cliff.js";
import { Figure } from "./figure.js";
import { Conditions, Metrics } from "./gradient_controls.js";
import { BigDepth } from "./gradient_depth.js";
import { useFlow } from "./gradient_flow.js";
import { Numbers, Seen } from "./gradient_numbers.js";
import { Progress } from "./gradient_progress.js";
import { choice, questionOf, useChoices } from "./gradient_settings.js";
import { titleOf } from "../components/lanes/lane.js";
import { t } from "../components/shared/words.js";

const HEIGHT = 440;

export function GradientView({ state }) {
  const [images, setImages] = useState(null);
  const choices = useChoices();
  const question = questionOf(state, (lane) => nameOf(lane), images);
  const flow = useFlow(question, state.lanes.some((lane) => lane.pending));
  const { settings, lanes } = state;
  return html`<div class="figure">
      <${BigDepth} lanes=${lanes} />
      <${Metrics} settings=${settings} choices=${choices} />
      <${Progress} done=${flow.done} of=${flow.of} />
      <${Figure}
        figure=${flow.figure}
        name=${`gradient-flow-${choice(settings, "metric")}`}
        height=${HEIGHT}
        alt=${words(flow.summary)}
        table=${flow.summary?.table}
        caption=${flow.summary?.caption}
        empty=${flow.error || (flow.waiting && t("Waiting for a place; other visitors are being answered.")) || t("The lanes are sent forward and backward, one after the other.")}
        fresh=${flow.fresh}
      />
      <${CliffView} question=${question} height=${360} />
    </div>
    <aside class="aside flow-aside" data-fresh=${flow.settled ? "yes" : "no"}>
      <${Seen} flow=${flow} />
      <${Numbers} lanes=${lanes} flow=${flow} />
      <${Conditions} settings=${settings} choices=${choices} images=${images} setImages=${setImages} />
    </aside>`;
}

// What hover and the table call a lane.
function nameOf(lane) {
  const depth = lane.answer?.depth;
  return depth ? `${titleOf(lane, t)} ${depth}` : titleOf(lane, t);
}

function words(summary) {
  return summary ? [summary.caption, summary.ranked, ...summary.lanes.map((lane) => lane.seen)].join(" ") : "";
}
