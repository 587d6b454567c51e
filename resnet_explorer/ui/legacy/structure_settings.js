// The view's own choices, kept in the link where they differ from the defaults.
import { change } from "./store.js";

export const DEFAULTS = { unit: "inside", training: "128", precision: "fp32", tab: "layers" };

export function choice(settings, name) {
  return settings[name] || DEFAULTS[name];
}

export function choose(name, value) {
  change((draft) => {
    if (value === DEFAULTS[name]) delete draft.settings[name];
    else draft.settings[name] = value;
  });
}

export function focus(slot) {
  change((draft) => {
    draft.settings.lane = String(slot);
  });
}
