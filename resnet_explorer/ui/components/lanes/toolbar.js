// What concerns all lanes: starting points, undo, one depth for all.
import { html } from "../shared/vendor/preact.js";
import { Slider } from "./controls.js";
import { setDepth, takeExample } from "./lane_actions.js";
import { depthStops, readName } from "./network_name.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Toolbar({ lanes }) {
  const store = useStore();
  // a link, so that another tab can have it; in this one the lanes change and undo brings them back, unless it is about
  // data too, which only the whole link can choose
  const take = (event, example) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || example.link.includes("&train_data=")) return;
    event.preventDefault();
    takeExample(store, example);
  };
  // the slider stops where the first lane's family does; the others go to their nearest legal depth
  const deep = lanes.map((lane) => readName(lane.name, store.catalog.families)).filter((network) => network?.values.depth);
  const depths = deep.map(({ values }) => values.depth);
  const mixed = depths.some((depth) => depth !== depths[0]);
  const slide = (depth) => setDepth(store, depth);
  const link = (example) => html`<a
    class="link"
    key=${example.name}
    href=${example.link}
    title=${`${t(example.about)} (${example.citation})`}
    onClick=${(event) => take(event, example)}
  >${t(example.name)}</a>`;
  return html`<nav class="starts" data-part="controls" aria-label=${t("Begin with")}>
      <span class="faint" aria-hidden="true">${t("Begin with")}</span>
      ${store.catalog.examples.map(link)}
    </nav>
    <div class="toolbar" role="toolbar" aria-label=${t("All lanes")} data-part="controls">
      <button type="button" class="quiet" disabled=${!store.canUndo()} aria-keyshortcuts="Control+Z" onClick=${store.undo}>${t("Undo")}</button>
      <button type="button" class="quiet" disabled=${!store.canRedo()} aria-keyshortcuts="Control+Shift+Z" onClick=${store.redo}>${t("Redo")}</button>
      ${depths.length > 0 && html`<div class="depth-for-all">
        <${Slider} label=${t("Depth, all lanes")} stops=${depthStops(deep[0])} value=${depths[0]} mixed=${mixed} set=${slide} />
      </div>`}
    </div>`;
}
