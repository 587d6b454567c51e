// What the view asks for: its own choices, kept in the link where they differ from the defaults.
import { useEffect, useState } from "../components/shared/vendor/preact.js";
import { change } from "./store.js";
import { url } from "./server.js";

export const DEFAULTS = {
  metric: "gradient",
  seeds: "3",
  batch: "8",
  source: "noise",
  init: "he-fan-out",
  norm: "on",
  loss: "cross-entropy",
  theory: "off",
  across: "unit",
};

export function choice(settings, name) {
  return settings[name] || DEFAULTS[name];
}

export function choose(name, value) {
  change((draft) => {
    if (value === DEFAULTS[name]) delete draft.settings[name];
    else draft.settings[name] = value;
  });
}

// The metrics, inits, losses and sources there are, with their meanings; they never change while a page is open.
let asked = null;
export function useChoices() {
  const [choices, set] = useState(null);
  useEffect(() => {
    asked ??= fetch(url("stream/choices")).then((response) => response.json());
    asked.then(set, () => (asked = null));
  }, []);
  return choices;
}

// The question for the server, or null while no lane can be read.
export function questionOf(state, name, images) {
  const { settings } = state;
  const lanes = state.lanes.filter((lane) => lane.spec).map((lane) => ({ slot: lane.slot, name: name(lane), spec: lane.spec }));
  if (!lanes.length) return null;
  const picked = images && choice(settings, "source") === "images";
  return {
    lanes: lanes.sort((one, two) => one.slot - two.slot),
    metric: choice(settings, "metric"),
    seeds: Number(choice(settings, "seeds")) || 3,
    // a batch is drawn without repetition
    batch: Math.min(Number(choice(settings, "batch")) || 8, picked ? images.count : Infinity),
    init: choice(settings, "init"),
    batch_norm: choice(settings, "norm") !== "off",
    loss: choice(settings, "loss"),
    theory: choice(settings, "theory") === "on",
    fraction: choice(settings, "across") === "fraction",
    images: picked ? images.numbers : "",
    source: choice(settings, "source") === "shapes" ? "shapes" : "noise",
  };
}
