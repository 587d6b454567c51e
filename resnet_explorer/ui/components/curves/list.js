// Where every run stands: letter, name, state, progress with the time to go, latest values, and the button for it.
import { html } from "../shared/vendor/preact.js";
import { Swatch } from "../shared/swatch.js";
import { count, t } from "../shared/words.js";

export const LIVE = ["queued", "preparing", "running"];
const STATES = [...LIVE.toReversed(), "finished", "stopped", "interrupted", "failed"];
const CONNECTION = { live: "live", lost: "the line is lost; trying again", hidden: "paused", idle: "", opening: "connecting" };
// one batch says little: the mean of so many
const RECENT = 20;
// the place of the speed among the measures; a phone has no room for it
const RATE = 3;

export function List({ lines, points, hidden, hide, obeys, connection, trigger }) {
  const runs = lines.flatMap((line) => line.runs);
  const summed = STATES.map((state) => [state, runs.filter((run) => run.state === state).length]).filter(([, n]) => n);
  const standing = (line) => (run) =>
    html`<${Standing} key=${run.run} ...${{ run, line, trigger }} points=${points.get(run.run)} obeys=${obeys.includes(run.run)} />`;
  return html`<section class="train-progress" aria-label=${t("Progress")}>
    <p class="train-sum">
      <span role="status">${summed.map(([state, n]) => `${n} ${t(state)}`).join(" · ")}</span>
      <span class="train-connection" role="status" data-state=${connection}>${runs.length ? t(CONNECTION[connection]) : ""}</span>
    </p>
    <div role="group" aria-label=${t("Lines in the picture")}>
      ${lines.map((line) => html`<div class="train-line" key=${line.key}>
        <button type="button" class="quiet" aria-pressed=${!hidden.includes(line.label)} title=${line.runs[0].line}
          onClick=${() => hide(line.label)}><${Mark} line=${line} /> <span>${line.title}</span></button>
        <div>${line.runs.map(standing(line))}</div>
      </div>`)}
    </div>
  </section>`;
}

export function Mark({ line: { slot, label } }) {
  if (slot >= 0) return html`<${Swatch} slot=${slot} />${label.length > 1 && html`<small class="mono">${label.slice(2)}</small>`}`;
  return html`<b class="mono">${label}</b>`;
}

function Standing({ run, line, points, obeys, trigger }) {
  const step = Math.max((run.state === "running" && points?.steps.step.at(-1)) || 0, run.step ?? 0);
  const seed = t("seed {n}", { n: run.seed });
  const press = (verb, label, send = trigger) => {
    const name = `${label}: ${line.label} ${line.title}, ${seed}`;
    return html`<button type="button" class="quiet" aria-label=${name} onClick=${() => send(verb, { run: run.run })}>${label}</button>`;
  };
  const live = LIVE.includes(run.state);
  return html`<div class="train-run" data-run=${run.run} data-short=${run.short} data-state=${run.state} data-step=${step}>
    ${line.runs.length > 1 && html`<b>${seed}</b>`}
    <div class="train-bar" role="progressbar" aria-label=${`${line.label} ${line.title}, ${seed}`}
      aria-valuemin="0" aria-valuemax=${run.steps || 1} aria-valuenow=${step}>
      <i style=${`transform:scaleX(${run.steps ? Math.min(1, step / run.steps) : 0})`}></i>
    </div>
    ${measures(run, step, points).map((text, at) => text && html`<span class=${at === RATE ? "train-rate" : ""}>${text}</span>`)}
    ${obeys && live && press("stop", t("Stop"))}
    ${obeys && !live && run.resumable && press("resume", t("Resume"))}
    ${obeys && !live && press("remove", t("Remove"), asked(trigger))}
    ${(run.reason || run.note) && html`<p class=${run.reason ? "wrong" : "faint"}>${run.reason || run.note}</p>`}
  </div>`;
}

// State, steps, time to go, speed and accuracies, each where it is known.
function measures(run, step, points) {
  const running = run.state === "running";
  const latest = points?.steps.accuracy.slice(-RECENT).filter(Number.isFinite) ?? [];
  const training = points?.steps.step.length ? latest.reduce((sum, value) => sum + value, 0) / latest.length : run.accuracy;
  return [
    stateOf(run),
    run.steps > 0 && `${count(step)} / ${count(run.steps)}`,
    running && run.remaining != null && Number.isFinite(Number(run.remaining)) && t("{time} left", { time: span(Number(run.remaining)) }),
    running && run.rate != null && t("{n} images/s", { n: count(Math.round(Number(run.rate))) }),
    step > 0 && named(run, "training {share}", "training {measure} {share}", training),
    step > 0 && named(run, "test {share}", "test {measure} {share}", points?.tests.at(-1)?.accuracy ?? run.test_accuracy),
  ];
}

// A share right, under its name where it is not an accuracy.
function named({ measure }, plain, full, share) {
  return t(!measure || measure === "accuracy" ? plain : full, { share: percent(share), measure });
}

// Asks before a run is removed.
function asked(trigger) {
  return (verb, { run }) => {
    if (confirm(t("Remove run {run} with its curves and checkpoints?", { run: run.slice(0, 6) }))) trigger(verb, { run });
  };
}

function stateOf({ state, position, starts_in: wait, waiting, preparing, of, done }) {
  if (state === "preparing" && preparing) return `${preparing}${of ? ` ${Math.round((100 * done) / of)} %` : ""}`;
  if (state !== "queued" || !position) return t(state);
  const start = wait == null ? "" : t("starts in about {time}", { time: span(wait) });
  return [t("queued, place {n}", { n: position }), start, waiting && t(waiting)].filter(Boolean).join(" · ");
}

// 0.4 -> "0.4 s", 75 -> "1 min 15 s", 9000 -> "2 h 30 min"
function span(seconds) {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${Number(seconds).toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

export function percent(share) {
  const value = Number(share);
  return share == null || Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`;
}
