// All runs of this home, the newest first: into the picture, out of it, on, off, away, and to take along.
import { html, useState } from "../components/shared/vendor/preact.js";
import { announce } from "../components/shared/announce.js";
import { ask, url } from "./server.js";
import { Menu } from "./menu.js";
import { copy as copyText } from "../components/layer_table/keep.js";
import { Mark } from "./train_figure.js";
import { Say } from "./train_progress.js";
import { linesOf } from "./train_lanes.js";
import { isLive, percent, stateOf } from "./train_says.js";
import { isShown, owner, show } from "./train_settings.js";
import { count, t } from "../components/shared/words.js";

const STATES = ["", "live", "finished", "stopped", "interrupted", "failed", "recorded"];
const FIRST = 30;
const FORMS = { jsonl: "JSON Lines", csv: "CSV", card: "Run card" };

export function RunList({ state, rows, heard, shared }) {
  const [text, setText] = useState("");
  const [kind, setKind] = useState("");
  const [most, setMost] = useState(FIRST);
  const found = rows.filter((run) => fits(run, kind, text));
  return html`<section class="train-runs" aria-label=${t("Runs")}>
    <div class="train-head">
      <h2>${t("Runs")}</h2>
      <label><span class="unseen">${t("Search runs")}</span><input type="search" class="field" placeholder=${t("network, data, recipe or id")} value=${text} onInput=${(event) => setText(event.target.value)} /></label>
      <label><span class="unseen">${t("State")}</span><select value=${kind} onChange=${(event) => setKind(event.target.value)}>
        ${STATES.map((name) => html`<option key=${name} value=${name} selected=${name === kind}>${t(name || "any state")}</option>`)}
      </select></label>
      <span class="faint" role="status">${t("{n} of {all}", { n: found.length, all: rows.filter((run) => !run.recorded).length || found.length })}</span>
    </div>
    ${found.length > 0
      ? html`<div class="train-table" role="table" aria-label=${t("Runs")}>
          <div role="row" class="train-row head">${["Show", "Run", "Data and recipe", "State", "Step", "Test", "Launched", "Actions"].map((title) => html`<span role="columnheader" key=${title}>${t(title)}</span>`)}</div>
          ${found.slice(0, most).map((run) => html`<${Row} key=${run.run} run=${run} rows=${rows} state=${state} shared=${shared} />`)}
        </div>`
      : html`<p class="faint">${heard ? t(rows.every((run) => run.recorded) ? "No run yet." : "No such run.") : t("The list is coming.")}</p>`}
    ${found.length > most && html`<button type="button" class="quiet" onClick=${() => setMost(most + 100)}>${t("More")}</button>`}
  </section>`;
}

function fits(run, kind, text) {
  // what came with the program stands above, and here when it is looked for
  if (run.recorded && kind !== "recorded" && !text) return false;
  if (kind && run.state !== kind && !(kind === "live" && isLive(run)) && !(kind === "recorded" && run.recorded)) return false;
  const words = [run.line, run.ordering, run.data, run.recipe, run.run, run.group, run.reason, run.recorded, ...Object.entries(run.settings).flat()].join(" ").toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => words.includes(word));
}

function Row({ run, rows, state, shared }) {
  const { settings } = state;
  const shown = isShown(settings, run);
  const [line] = linesOf([run], state.lanes);
  const turn = (event) => {
    const wanted = event.target.checked;
    const fine = show(settings, rows, (each) => (each.run === run.run ? wanted : isShown(settings, each)));
    if (!fine) {
      event.target.checked = shown;
      announce(t("A link holds at most 28 runs that were picked one by one."));
    }
  };
  const own = Object.entries(run.settings).map(([name, value]) => `${name}=${value}`).join(" ");
  return html`<div role="row" class="train-row" data-run=${run.run} data-state=${run.state}>
    <span role="cell"><input type="checkbox" checked=${shown} aria-label=${t("Show {run}", { run: `${run.short} ${run.line}` })} onChange=${turn} /></span>
    <span role="cell" class="train-what"><${Mark} line=${line} /> <span title=${run.line}>${run.line}</span></span>
    <span role="cell" class="train-with" title=${own}>${run.data} · ${run.recipe} · ${t("seed {n}", { n: run.seed })}${own && html` <small>${own}</small>`}</span>
    <span role="cell" class=${run.state === "failed" ? "on-trunk" : ""} title=${run.recorded || run.reason}>${run.recorded ? t("recorded") : stateOf(run)}</span>
    <span role="cell" class="number">${count(run.step ?? 0)}${run.steps ? ` / ${count(run.steps)}` : ""}</span>
    <span role="cell" class="number">${percent(run.test_accuracy)}</span>
    <span role="cell" class="number faint">${when(run.created)}</span>
    <span role="cell" class="train-acts"><${Acts} run=${run} shared=${shared} /></span>
  </div>`;
}

// today the hour, before that the day
function when(milliseconds) {
  const then = new Date(milliseconds);
  if (then.toDateString() === new Date().toDateString()) return then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  return then.toLocaleDateString([], { year: "numeric", month: "short", day: "numeric" });
}

function Acts({ run, shared }) {
  const mine = (run.mine || !shared) && !run.recorded;
  const files = Object.entries(FORMS).map(([form, title]) => ({ title: t("Export {form}", { form: title }), about: t(ABOUT[form]), choose: () => take(run, form) }));
  const items = [...files, { title: t("Copy command line"), about: t("repeats this run"), choose: () => copyCommand(run) }];
  if (mine && !isLive(run)) items.push({ title: t("Remove"), about: t("with its curves and checkpoints, for good"), choose: () => remove(run) });
  return html`${mine && isLive(run) && html`<${Say} verb="stop" run=${run} label="Stop" />`}
    ${mine && run.resumable && html`<${Say} verb="resume" run=${run} label="Resume" />`}
    <${Menu} label=${html`<span class="unseen">${t("More about {run}", { run: run.short })}</span>⋯`} items=${items} />`;
}

const ABOUT = { jsonl: "every event as it stands in the journal", csv: "one row a step", card: "what repeats the run, and what came out of it" };

function take(run, form) {
  const link = document.createElement("a");
  link.href = `${url("runs/file")}?${new URLSearchParams({ run: run.run, form })}`;
  link.download = "";
  link.click();
}

async function copyCommand(run) {
  try {
    await copyText((await ask("show", { run: run.run })).command);
  } catch (error) {
    announce(error.message);
  }
}

async function remove(run) {
  if (!window.confirm(t("Remove run {run} ({line}) with its curves and checkpoints?", { run: run.short, line: run.line }))) return;
  try {
    await ask("remove", { run: run.run, owner: owner() });
    announce(t("Run {run} is removed.", { run: run.short }));
  } catch (error) {
    announce(error.message);
  }
}
