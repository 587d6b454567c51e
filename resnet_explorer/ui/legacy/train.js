// The Train view: lanes times seeds launched with one press, their curves and gradient flow as they come, all runs below.
import { html, useEffect, useMemo } from "../components/shared/vendor/preact.js";
import { Heat } from "./heat.js";
import { Curves } from "./train_figure.js";
import { linesOf } from "./train_lanes.js";
import { RunList } from "./train_list.js";
import { RecordedSets } from "./train_recorded.js";
import { Progress } from "./train_progress.js";
import { useRuns, watch } from "./train_runs.js";
import { choice, chooseAll, isShown, useChoices } from "./train_settings.js";
import { Seen } from "./train_seen.js";
import { Setup } from "./train_setup.js";
import { isLive } from "./train_says.js";

export function TrainView({ state }) {
  const choices = useChoices();
  const { rows, points, connection, heard } = useRuns();
  const { settings } = state;
  const runs = useMemo(() => rows.filter((run) => isShown(settings, run)), [rows, settings]);
  const lines = useMemo(() => linesOf(runs, state.lanes), [runs, state.lanes]);
  const ids = runs.map((run) => run.run).join(",");
  useEffect(() => watch(ids ? ids.split(",") : []), [ids]);
  useEffect(() => {
    if (heard) showNewest(settings, rows, choices?.shared);
  }, [heard]);
  const shared = choices?.shared;
  // what new points do not change is not drawn anew with them
  const setup = useMemo(() => html`<${Setup} state=${state} choices=${choices} />`, [state, choices]);
  const list = useMemo(() => html`<${RunList} state=${state} rows=${rows} heard=${heard} shared=${shared} />`, [state, rows, heard, shared]);
  const sets = useMemo(() => html`<${RecordedSets} rows=${rows} settings=${settings} />`, [rows, settings]);
  return html`<div class="figure train" data-runs=${runs.length} data-line=${connection.state}>
      ${setup}
      ${sets}
      <${Curves} state=${state} lines=${lines} points=${points} choices=${choices} heard=${heard} />
      <${Heat} state=${state} lines=${lines} points=${points} choices=${choices} />
    </div>
    <aside class="aside train-aside">
      <${Seen} lines=${lines} points=${points} />
      <${Progress} lines=${lines} points=${points} connection=${connection} shared=${shared} />
    </aside>
    ${list}`;
}

// A page that names no run shows what is being trained right now.
function showNewest(settings, rows, shared) {
  if (choice(settings, "group") || choice(settings, "runs")) return;
  const live = rows.find((run) => isLive(run) && (run.mine || !shared));
  if (live) chooseAll({ group: live.group.slice(0, 10) });
}
