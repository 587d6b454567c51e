// Beside the picture: where every shown run stands, and the buttons that stop it or let it go on.
import { html, useState } from "../components/shared/vendor/preact.js";
import { announce } from "../components/shared/announce.js";
import { ask } from "./server.js";
import { Mark } from "./train_figure.js";
import { lastStep } from "./train_points.js";
import { learn } from "./train_runs.js";
import { isLive, percent, span, stateOf } from "./train_says.js";
import { owner } from "./train_settings.js";
import { count, t } from "../components/shared/words.js";

export function Progress({ lines, points, connection, shared }) {
  const runs = lines.flatMap((line) => line.runs);
  const live = runs.filter(isLive);
  return html`<section class="train-progress" aria-label=${t("Progress")}>
    <div class="train-head">
      <h2>${t("Progress")}</h2>
      <${Connection} connection=${connection} />
      ${live.length > 0 && html`<button type="button" class="quiet" onClick=${() => stopAll(live, shared)}>${t("Stop all")}</button>`}
    </div>
    <p class="train-sum" role="status">${runs.length ? summed(runs) : " "}</p>
    <ul class="train-cards">
      ${lines.map((line) => html`<${Card} key=${line.key} line=${line} points=${points} shared=${shared} />`)}
    </ul>
  </section>`;
}

function Connection({ connection }) {
  const said = { live: t("live"), lost: t("the line is lost; trying again"), hidden: t("paused"), opening: t("connecting") }[connection.state];
  return html`<span class=${`train-connection`} role="status" data-state=${connection.state}>${said}</span>`;
}

function summed(runs) {
  const states = ["running", "preparing", "queued", "finished", "stopped", "interrupted", "failed"];
  return states
    .map((state) => [state, runs.filter((run) => run.state === state).length])
    .filter(([, n]) => n)
    .map(([state, n]) => `${n} ${t(state)}`)
    .join(" · ");
}

function Card({ line, points, shared }) {
  const [only] = line.runs;
  const alone = line.runs.length === 1;
  return html`<li class="train-card" style=${`--lane: ${line.slot < 0 ? "var(--ink)" : `var(--lane-${line.slot})`}`}>
    <div class="train-card-top"><${Mark} line=${line} /><span class="train-name" title=${only.line}>${line.name}</span>${alone && html`<${Action} run=${only} shared=${shared} />`}</div>
    ${line.runs.map((run) => html`<${Standing} key=${run.run} run=${run} line=${line} points=${points.get(run.run)} alone=${alone} shared=${shared} />`)}
  </li>`;
}

function Standing({ run, line, points, alone, shared }) {
  const step = Math.max(run.state === "running" ? lastStep(points) : 0, run.step ?? 0);
  const done = run.steps ? Math.min(1, step / run.steps) : 0;
  const label = t("{name}, seed {n}", { name: `${line.label} ${line.name}`, n: run.seed });
  return html`<div class="train-run" data-run=${run.run} data-short=${run.short} data-state=${run.state} data-step=${step}>
    <div class="train-bar" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax=${run.steps || 1} aria-valuenow=${step}><i style=${`transform:scaleX(${done})`}></i></div>
    <p class="train-numbers">${alone ? "" : html`<b>${t("seed {n}", { n: run.seed })}</b>`}<span>${stateOf(run)}</span>${run.steps ? html`<span>${count(step)} / ${count(run.steps)}</span>` : ""}${rate(run)}${alone ? "" : html`<${Action} run=${run} shared=${shared} />`}</p>
    <p class="train-numbers">${step > 0 || alone ? html`<${Shares} run=${run} points=${points} />` : ""}</p>
    ${run.reason && html`<p class="wrong">${run.reason}</p>`}
    ${run.note && html`<p class="train-note">${run.note}</p>`}
  </div>`;
}

function rate(run) {
  if (run.state !== "running") return "";
  const left = Number(run.remaining);
  return html`${run.remaining != null && Number.isFinite(left) ? html`<span>${t("{time} left", { time: span(left) })}</span>` : ""}${run.rate != null ? html`<span>${t("{n} images/s", { n: count(Math.round(Number(run.rate))) })}</span>` : ""}`;
}

function Shares({ run, points }) {
  const test = points?.tests.at(-1)?.accuracy ?? run.test_accuracy;
  const train = points?.count ? recent(points) : run.accuracy;
  return html`<span>${t("training {share}", { share: percent(train) })}</span><span>${t("test {share}", { share: percent(test) })}</span>`;
}

// One batch says little: the mean of the last twenty.
function recent({ steps, count: n }) {
  const last = steps.accuracy.subarray(Math.max(0, n - 20), n).filter(Number.isFinite);
  return last.length ? last.reduce((sum, value) => sum + value, 0) / last.length : null;
}

function Action({ run, shared }) {
  if (shared && !run.mine) return null;
  if (isLive(run)) return html`<${Say} verb="stop" run=${run} label="Stop" />`;
  return run.resumable ? html`<${Say} verb="resume" run=${run} label="Resume" />` : null;
}

export function Say({ verb, run, label }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    await say(verb, run).catch((error) => announce(error.message));
    setBusy(false);
  };
  return html`<button type="button" class="quiet" disabled=${busy} aria-label=${`${t(label)}: ${run.line}, ${t("seed {n}", { n: run.seed })}`} onClick=${press}>${t(label)}</button>`;
}

async function say(verb, run) {
  learn([await ask(verb, { run: run.run, owner: owner() })]);
}

async function stopAll(live, shared) {
  const own = live.filter((run) => run.mine || !shared);
  const done = await Promise.allSettled(own.map((run) => say("stop", run)));
  announce(t("{n} runs are told to stop.", { n: done.filter((each) => each.status === "fulfilled").length }));
}
