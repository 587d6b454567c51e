// What concerns all lanes: presets, undo, one depth for all (the gradient view has a larger slider of its own).
import { html, useEffect, useState } from "../shared/vendor/preact.js";
import { announce } from "../shared/announce.js";
import { DepthSlider } from "./lane_knobs.js";
import { createLane } from "./lane.js";
import { Menu } from "./menu.js";
import { nameOf, nearestStop, readName, stopsOf } from "./names.js";
import { PRESETS } from "./presets.js";
import { catalog } from "./catalog.js";
import { canRedo, canUndo, change, redo, undo } from "./store.js";
import { t } from "../shared/words.js";

export function Toolbar({ state }) {
  return html`<div class="toolbar" role="toolbar" aria-label=${t("All lanes")} data-part="controls">
    <${Menu} label=${t("Presets")} items=${PRESETS.map((preset) => ({
      title: t(preset.title),
      about: t(preset.about),
      choose: () => load(preset),
    }))} />
    <button type="button" class="quiet" disabled=${!canUndo()} aria-keyshortcuts="Control+Z" onClick=${undo}>${t("Undo")}</button>
    <button type="button" class="quiet" disabled=${!canRedo()} aria-keyshortcuts="Control+Shift+Z" onClick=${redo}>${t("Redo")}</button>
    <${DepthForAll} lanes=${state.lanes} />
  </div>`;
}

export function load(preset) {
  change((draft) => {
    draft.lanes = preset.lanes.map((lane, slot) => createLane(slot, lane));
    draft.selected = draft.lanes[0].slot;
  });
  announce(t("{title}: {n} lanes.", { title: t(preset.title), n: preset.lanes.length }));
}

// The slider stops where the first lane's family does; the others go to their nearest legal depth.
function DepthForAll({ lanes }) {
  const families = useFamilies();
  const deep = lanes.map((lane) => readName(lane.name, families)).filter((found) => found?.values.depth && stopsOf(found));
  if (!deep.length) return null;
  const set = (depth) => setDepth(depth, families);
  const same = new Set(deep.map((found) => found.values.depth)).size === 1;
  return html`<div class="depth-for-all">
    <${DepthSlider} label=${t("Depth, all lanes")} stops=${stopsOf(deep[0])} value=${deep[0].values.depth} mixed=${!same} set=${set} />
  </div>`;
}

// Every lane goes to its family's nearest legal depth; a whole sweep is one undo.
export function setDepth(depth, families) {
  change((draft) => draft.lanes.forEach((lane) => deepen(lane, depth, families)), { kind: "depths" });
}

function deepen(lane, depth, families) {
  const found = readName(lane.name, families);
  if (!found?.values.depth) return;
  lane.name = nameOf(found.family, { ...found.values, depth: nearestStop(found, depth) });
  if (/^\S+ \d+$/.test(lane.title) || lane.title.startsWith(`${found.family.name}-`)) lane.title = "";
}

export function useFamilies() {
  const [families, setFamilies] = useState([]);
  useEffect(() => {
    catalog().then((answer) => setFamilies(answer.families), () => {});
  }, []);
  return families;
}
