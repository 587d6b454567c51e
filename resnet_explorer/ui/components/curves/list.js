// Where every run stands: letter, name, state, progress with the time to go, latest values, and the button for it.
import { html } from "../shared/vendor/preact.js";
import { Swatch } from "../shared/swatch.js";
import { count, t } from "../shared/words.js";

export const LIVE = ["queued", "preparing", "running"];
const STATES = [...LIVE.toReversed(), "finished", "stopped", "interrupted", "failed"];
const CONNECTION = { live: "live", lost: "the line is lost; trying again", hidden: "paused", idle: "", opening: "connecting" };

export function List({ lines, points, hidden, hide, obeys, connection, trigger }) {
  const runs = lines.flatMap((line) => line.runs);
  const summed = STATES.map((state) => [state, runs.filter((run) => run.state === state).length]).filter(([, n]) => n);
  return html`<section class="train-progress" aria-label=${t("Progress")}>
    <p class="train-sum">
      <span role="status">${summed.map(([state, n]) => `${n} ${t(state)}`).join(" · ")}</span>
      <span class="train-connection" role="status" data-state=${connection}>${runs.length ? t(CONNECTION[connection]) : ""}</span>
    </p>
    <div role="group" aria-label=${t("Lines in the picture")}>
      ${lines.map((line) => html`<div class="train-line" key=${line.key}>
          <button type="button" class="quiet" aria-pressed=${!hidden.includes(line.label)} title=${line.runs[0].line} onClick=${() => hide(line.label)}>
            <${Mark} line=${line} /> <span>${line.title}</span>
          </button>
          <div>${line.runs.map((run) => html`<${Standing} key=${run.run} run=${run} line=${line} points=${points.get(run.run)} obeys=${obeys.includes(run.run)} trigger=${trigger} />`)}</div>
        </div>`)}
    </div>
  </section>`;
}

export function Mark({ line: { slot, label } }) {
  if (slot >= 0) return html`<${Swatch} slot=${slot} />${label.length > 1 && html`<small class="mono">${label.slice(2)}</small>`}`;
  return html`<b class="mono">${label}</b>`;
}

function Standing({ run, line, points, obeys, trigger }) {
  const step = stepOf(run, points);
  const name = `${line.label} ${line.title}, ${t("seed {n}", { n: run.seed })}`;
  const left = Number(run.remaining);
  return html`<div class="train-run" data-run=${run.run} data-short=${run.short} data-state=${run.state} data-step=${step}>
    ${line.runs.length > 1 && html`<b>${t("seed {n}", { n: run.seed })}</b>`}
    <div class="train-bar" role="progressbar" aria-label=${name} aria-valuemin="0" aria-valuemax=${run.steps || 1} aria-valuenow=${step}><i style=${`transform:scaleX(${run.steps ? Math.min(1, step / run.steps) : 0})`}></i></div>
    <span>${stateOf(run)}</span>
    ${run.steps > 0 && html`<span>${count(step)} / ${count(run.steps)}</span>`}
    ${run.state === "running" && run.remaining != null && Number.isFinite(left) && html`<span>${t("{time} left", { time: span(left) })}</span>`}
    ${run.state === "running" && run.rate != null && html`<span class="train-rate">${t("{n} images/s", { n: count(Math.round(Number(run.rate))) })}</span>`}
    ${step > 0 && html`<span>${t("training {share}", { share: percent(points?.count ? recent(points) : run.accuracy) })}</span>
      <span>${t("test {share}", { share: percent(points?.tests.at(-1)?.accuracy ?? run.test_accuracy) })}</span>`}
    ${obeys && (LIVE.includes(run.state) ? html`<${Press} verb="stop" label=${t("Stop")} name=${name} run=${run} trigger=${trigger} />` : run.resumable && html`<${Press} verb="resume" label=${t("Resume")} name=${name} run=${run} trigger=${trigger} />`)}
    ${obeys && !LIVE.includes(run.state) && html`<${Press} verb="remove" label=${t("Remove")} name=${name} run=${run} trigger=${asked(trigger)} />`}
    ${(run.reason || run.note) && html`<p class=${run.reason ? "wrong" : "faint"}>${run.reason || run.note}</p>`}
  </div>`;
}

function Press({ verb, label, name, run, trigger }) {
  return html`<button type="button" class="quiet" aria-label=${`${label}: ${name}`} onClick=${() => trigger(verb, { run: run.run })}>${label}</button>`;
}

// Asks before a run is removed.
function asked(trigger) {
  return (verb, { run }) => {
    if (confirm(t("Remove run {run} with its curves and checkpoints?", { run: run.slice(0, 6) }))) trigger(verb, { run });
  };
}

export function stepOf(run, points) {
  return Math.max(run.state === "running" && points?.count ? points.steps.step[points.count - 1] : 0, run.step ?? 0);
}

function stateOf(run) {
  if (run.state === "queued" && run.position) return `${t("queued, place {n}", { n: run.position })}${run.starts_in == null ? "" : ` · ${t("starts in about {time}", { time: span(run.starts_in) })}`}${run.waiting ? ` · ${t(run.waiting)}` : ""}`;
  if (run.state === "preparing" && run.preparing) return `${run.preparing}${run.of ? ` ${Math.round((100 * run.done) / run.of)} %` : ""}`;
  return t(run.state);
}

// 0.4 -> "0.4 s", 75 -> "1 min 15 s", 9000 -> "2 h 30 min"
function span(seconds) {
  if (seconds < 10) return `${Number(seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

export function percent(share) {
  const value = Number(share);
  return share == null || Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`;
}

// One batch says little: the mean of the last twenty.
function recent({ steps, count: n }) {
  const last = steps.accuracy.subarray(Math.max(0, n - 20), n).filter(Number.isFinite);
  return last.length ? last.reduce((sum, value) => sum + value, 0) / last.length : null;
}
