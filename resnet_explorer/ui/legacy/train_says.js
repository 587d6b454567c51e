// Runs in words and numbers: states, times, shares, what was counted.
import { t, count } from "../components/shared/words.js";

export const LIVE = ["queued", "preparing", "running"];
// fewer steps than this show how fast a network begins to learn, not what it reaches
const EARLY = 5000;

export function isLive(run) {
  return LIVE.includes(run.state);
}

export function stateOf(run) {
  if (run.state === "queued" && run.position) {
    const when = run.starts_in == null ? "" : ` · ${t("starts in about {time}", { time: span(run.starts_in) })}`;
    return `${t("queued, place {n}", { n: run.position })}${when}`;
  }
  if (run.state === "preparing" && run.preparing) return `${run.preparing}${run.of ? ` ${Math.round((100 * run.done) / run.of)} %` : ""}`;
  return t(run.state);
}

// 0.4 -> "0.4 s", 75 -> "1 min 15 s", 9000 -> "2 h 30 min"
export function span(seconds) {
  if (seconds < 10) return `${Number(seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

export function percent(share) {
  const value = Number(share);
  return share == null || Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`;
}

export function early(runs) {
  return runs.some((run) => run.recipe === "short" || (run.steps > 0 && run.steps < EARLY));
}

// Under the picture: what was counted, on what, with what.
export function counted(runs, choices) {
  const one = (name) => [...new Set(runs.map((run) => run[name]).filter(Boolean))].join(", ");
  const seeds = [...new Set(runs.map((run) => run.seed))].sort((a, b) => a - b);
  const own = [...new Set(runs.flatMap((run) => Object.entries(run.settings).map(([name, value]) => `${name}=${value}`)))];
  const images = [...new Set(runs.map((run) => run.test_images).filter(Boolean))].map(count).join(", ");
  const told = (name) => [...new Set(runs.map((run) => fieldOf(run, name, choices)))].join(", ");
  const steps = [...new Set(runs.map((run) => run.steps).filter(Boolean))].map(count).join(", ");
  return [
    t("Data: {data}, {size} px.", { data: one("data"), size: told("size") }),
    t("Recipe: {recipe}{own}; widths × {width}, batch {batch}.", { recipe: one("recipe"), own: own.length ? ` (${own.join(", ")})` : "", width: told("width"), batch: told("batch") }),
    runs.some((run) => run.data.startsWith("imagefolder")) && t("Images from files: where they are JPEG copies, errors come out a little above those of the originals."),
    steps && t("{n} steps.", { n: steps }),
    images && t("Test accuracy on {n} held-out images, in evaluation mode.", { n: images }),
    t(seeds.length > 1 ? "Seeds {seeds}: mean of those that have come so far, and lowest to highest as a band." : "Seed {seeds}.", { seeds: seeds.join(", ") }),
    one("recorded") && `${one("recorded").replace(/^recorded/, t("recorded"))}.`,
    one("hardware") && `${[one("device"), one("hardware"), one("precision")].filter(Boolean).join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

// What a field of a run's recipe was, in its own settings or the recipe's; a size of 0 is the data set's.
function fieldOf(run, name, choices) {
  const value = run.settings[name] ?? choices?.recipes.find((each) => each.name === run.recipe)?.settings[name] ?? "";
  if (name !== "size" || value !== "0") return value;
  return choices?.data.find((each) => run.data.startsWith(each.name))?.size ?? value;
}

// "trained at 8/16/32 channels, 16 px, ..."
export function trained(lanes) {
  const fine = lanes.filter((lane) => lane && !lane.error);
  if (!fine.length) return "";
  const widths = [...new Set(fine.map((lane) => lane.widths))];
  const [{ image, batch, steps, epochs, lr, optimiser }] = fine;
  const long = Number(epochs) > 0 ? t("{n} epochs", { n: epochs }) : t("{n} steps", { n: count(Number(steps)) });
  const channels = widths.length === 1 ? t("trained at {widths} channels, {n} px", { widths: widths[0], n: image }) : t("trained at {n} px, widths as the lanes say", { n: image });
  return `${channels}; ${t("{long} of {batch} images, {optimiser}, learning rate {lr}", { long, batch, optimiser, lr })}`;
}
