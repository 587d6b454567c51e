// The big figure: one curve of all shown lanes, over steps or seconds, with its controls above and lane switches below.
import { html, useState } from "../components/shared/vendor/preact.js";
import { figureOf, NOISY, tableOf } from "./curves.js";
import { Figure } from "./figure.js";
import { Sample } from "./sample.js";
import { setLanes } from "./train_recorded.js";
import { choice, choose } from "./train_settings.js";
import { counted, early, isLive, percent } from "./train_says.js";
import { t } from "../components/shared/words.js";

export const CURVES = { loss: "Loss", accuracy: "Training accuracy", test: "Test accuracy", rate: "Learning rate", gradient: "Gradient norm" };
const HEIGHT = 440;
const SMOOTHINGS = ["0", "0.5", "0.8", "0.9", "0.95", "0.98", "0.99"];

export function Curves({ state, lines, points, choices, heard }) {
  const [zoomed, zoom] = useState(null);
  const { settings } = state;
  const [curve, across, smooth] = [choice(settings, "train_curve"), choice(settings, "train_x"), Number(choice(settings, "train_smooth"))];
  const off = choice(settings, "train_off").split(",");
  const shown = lines.filter((line) => !off.includes(line.label));
  const known = choices && shown.some((line) => line.runs.some((run) => points.get(run.run)?.count));
  const figure = known ? figureOf({ lanes: shown, points, curve: CURVES[curve] ? curve : "loss", across, smooth, choices, zoomed: zoomed?.[0] }) : null;
  const runs = lines.flatMap((line) => line.runs);
  return html`<div class="train-figure" data-points=${total(shown, points)}>
    <div class="train-switches" data-part="controls">
      <${Radios} name="train_curve" label=${t("Curve")} options=${CURVES} now=${curve} cls="flow-metrics" />
      <span class="train-right">
        ${NOISY.includes(curve) && html`<${Smoothing} value=${choice(settings, "train_smooth")} />`}
        <${Radios} name="train_x" label=${t("Horizontal axis")} options=${{ steps: "steps", seconds: "seconds" }} now=${across} cls="choice" />
      </span>
    </div>
    <${Figure}
      figure=${figure}
      name=${`training-${curve}`}
      height=${HEIGHT}
      alt=${figure && inWords(figure.drawn, curve)}
      table=${figure && lazily(figure.drawn, across)}
      caption=${runs.length ? captioned(runs, curve, smooth, choices) : ""}
      empty=${runs.length ? t(runs.some(isLive) ? "The first points come with the first steps." : "These runs have measured nothing.") : heard && t("Nothing is trained yet. A press launches a run for every lane; its curve is drawn while it learns.")}
      onZoom=${zoom}
    />
    ${lines.length > 0 && html`<${Switches} lines=${lines} off=${off} />`}
    ${lines.some((line) => line.slot < 0) && html`<button type="button" class="quiet train-lanes-of" onClick=${() => setLanes(runs)}>${t("Set the lanes to these runs")}</button>`}
  </div>`;
}

function total(lines, points) {
  return lines.reduce((sum, line) => sum + line.runs.reduce((all, run) => all + (points.get(run.run)?.count ?? 0), 0), 0);
}

export function Radios({ name, label, options, now, cls }) {
  return html`<fieldset class=${cls} aria-label=${label}>
    ${Object.entries(options).map(
      ([value, text]) => html`<label key=${value} class=${value === now ? "on" : ""}>
        <input type="radio" name=${name} value=${value} checked=${value === now} onChange=${() => choose(name, value)} />${t(text)}
      </label>`,
    )}
  </fieldset>`;
}

function Smoothing({ value }) {
  const at = Math.max(0, SMOOTHINGS.indexOf(value));
  return html`<label class="train-smooth">${t("Smoothing")}
    <input type="range" min="0" max=${SMOOTHINGS.length - 1} step="1" value=${at} aria-valuetext=${over(Number(SMOOTHINGS[at]))} onInput=${(event) => choose("train_smooth", SMOOTHINGS[event.target.value])} />
    <output>${at ? t("{n} steps", { n: steps(Number(value)) }) : t("off")}</output>
  </label>`;
}

// A share of 0.9 weighs about the last ten steps.
function steps(share) {
  return Math.round(1 / (1 - share));
}

function over(share) {
  return share ? t("each point the mean of about the last {n} steps", { n: steps(share) }) : t("every step as it was");
}

function captioned(runs, curve, smooth, choices) {
  const said = NOISY.includes(curve) ? `${capital(over(smooth))}. ` : "";
  const warning = early(runs) ? `${t("These are differences in early optimisation speed, not in final accuracy.")} ` : "";
  return html`<b>${warning}</b>${said}${counted(runs, choices)}`;
}

// Rows are made when somebody wants them, not five times a second.
function lazily(drawn, across) {
  const made = () => tableOf(drawn, across === "steps" ? "step" : "second");
  return {
    get columns() {
      return made().columns;
    },
    get rows() {
      return made().rows;
    },
  };
}

function inWords(drawn, curve) {
  const value = (number) => (curve === "accuracy" || curve === "test" ? percent(number) : Number(number).toPrecision(3));
  return `${t(CURVES[curve])}. ${drawn.map((each) => `${each.lane.label} ${each.lane.name}: ${value(each.mean.at(-1))}`).join("; ")}.`;
}

// Lanes in or out of the picture; the choice stays with the link, whatever streams in.
function Switches({ lines, off }) {
  const turn = (label) => {
    const next = off.includes(label) ? off.filter((each) => each !== label) : [...off, label];
    choose("train_off", next.filter(Boolean).join(","));
  };
  return html`<div class="train-lanes" role="group" aria-label=${t("Lines in the picture")} data-part="controls">
    ${lines.map(
      (line) => html`<button type="button" key=${line.key} class="quiet" aria-pressed=${!off.includes(line.label)} title=${line.name} onClick=${() => turn(line.label)}>
        <${Mark} line=${line} /> <span>${line.name}</span>
      </button>`,
    )}
  </div>`;
}

export function Mark({ line }) {
  if (line.slot >= 0) return html`<${Sample} slot=${line.slot} />${line.label.length > 1 && html`<small class="mono">${line.label.slice(2)}</small>`}`;
  return html`<span class="sample ink"><b class="mono">${line.label}</b><svg width="22" height="4" aria-hidden="true" focusable="false"><line x1="0" y1="2" x2="22" y2="2" stroke="currentColor" stroke-width="2" /></svg></span>`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
