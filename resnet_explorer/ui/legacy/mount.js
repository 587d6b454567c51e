// Draws a view of the page before Gradio's inside a component: lanes come from the component's value, and go back
// there when the view sets them; what the view keeps in the link goes through the page's own link.
import { others, setOthers } from "../components/shared/link.js";
import { html, render } from "../components/shared/vendor/preact.js";
import { createLane } from "../components/lanes/lane.js";
import { change, get, subscribe, useStore } from "./store.js";

const VIEWS = {
  train: () => import("./train.js").then((module) => module.TrainView),
};
const SAID = ["slot", "name", "unit", "fields", "title"];
const root = document.documentElement;
let known = "";

export async function mount({ element, props, watch }, view) {
  change((draft) => Object.assign(draft, { view, settings: { ...others() }, theme: themeOf() }), { undoable: false });
  new MutationObserver(() => change((draft) => (draft.theme = themeOf()), { undoable: false })).observe(root, { attributeFilter: ["class"] });
  const take = () => {
    const lanes = (props.value || []).map(plain);
    if (!lanes.length || JSON.stringify(lanes) === known) return;
    known = JSON.stringify(lanes);
    const before = new Map(get().lanes.map((lane) => [lane.slot, lane]));
    change((draft) => (draft.lanes = lanes.map((lane) => ({ ...createLane(lane.slot, lane), ...kept(before.get(lane.slot), lane) }))), { undoable: false });
  };
  subscribe((state) => {
    setOthers(state.settings);
    const lanes = state.lanes.map(plain);
    if (!known || JSON.stringify(lanes) === known) return;
    known = JSON.stringify(lanes);
    props.value = state.lanes.map((lane) => ({ ...plain(lane), spec: lane.spec }));
  });
  document.addEventListener("lane-select", ({ detail }) => change((draft) => (draft.settings.lane = String(detail)), { undoable: false }));
  watch("value", take);
  take();
  const View = await VIEWS[view]();
  render(html`<${Drawn} View=${View} />`, element);
}

function Drawn({ View }) {
  return html`<div class="explorer view-legacy"><${View} state=${useStore()} /></div>`;
}

function plain(lane) {
  return Object.fromEntries(SAID.map((name) => [name, lane[name]]));
}

// A lane with an answer keeps it until the next is there.
function kept(before, lane) {
  return before?.answer ? { answer: before.answer, spec: before.spec } : {};
}

function themeOf() {
  return root.classList.contains("dark") ? "dark" : "light";
}
