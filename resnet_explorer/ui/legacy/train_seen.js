// What is seen, in words: who is ahead on held-out images, by how much, and what that does not say.
import { html } from "../components/shared/vendor/preact.js";
import { early, percent } from "./train_says.js";
import { count, t } from "../components/shared/words.js";

export function Seen({ lines, points }) {
  const runs = lines.flatMap((line) => line.runs);
  if (!runs.length) return null;
  const tested = lines.map((line) => ({ line, ...latest(line.runs, points) })).filter((each) => each.values.length);
  const ranked = tested.sort((one, two) => mean(two.values) - mean(one.values));
  const steps = [...new Set(ranked.map((each) => each.step))];
  return html`<section class="train-seen" aria-label=${t("What is seen")}>
    <h2>${t("What is seen")}</h2>
    <p aria-live="polite">${ranked.length ? ranking(ranked, steps) : t("Held-out images are measured every so many steps; nothing is known yet.")}</p>
    ${early(runs) && html`<p>${t("These are differences in early optimisation speed, not in final accuracy.")}</p>`}
  </section>`;
}

function ranking(ranked, steps) {
  const said = ranked.map(({ line, values, step }) => `${line.label} ${percent(mean(values))}${spread(values)}${steps.length > 1 ? ` (${t("step {n}", { n: count(step) })})` : ""}`);
  const head = steps.length > 1 ? t("Accuracy on held-out images, highest first:") : t("Accuracy on held-out images after {n} steps, highest first:", { n: count(steps[0]) });
  return `${head} ${said.join(", ")}.`;
}

// The newest step that all seeds measured which have measured anything.
function latest(runs, points) {
  const tests = runs.map((run) => points.get(run.run)?.tests ?? []).filter((found) => found.length);
  const step = Math.min(...tests.map((found) => found.at(-1).step));
  const values = tests.map((found) => found.find((test) => test.step === step)?.accuracy).filter(Number.isFinite);
  return { step, values };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values) {
  return values.length < 2 ? "" : ` (${percent(Math.min(...values))} – ${percent(Math.max(...values))})`;
}
