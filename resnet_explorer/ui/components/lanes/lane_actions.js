// What can be done with whole lanes: add, double, take away, move, take an example, one depth for all.
import { announce } from "../shared/announce.js";
import { createLane, letter, requestOf } from "./lane.js";
import { readName, turned } from "./network_name.js";
import { t } from "../shared/words.js";

export const placeOf = (store, slot) => store.get().lanes.findIndex((lane) => lane.slot === slot);
const say = (text, slot, values) => announce(t(text, { letter: letter(slot), ...values }));

export function add(store, like) {
  insert(store, store.get().lanes.length, { name: like.name });
  say("Lane {letter} added.", store.get().selected);
}

export function duplicate(store, lane) {
  insert(store, placeOf(store, lane.slot) + 1, requestOf(lane));
  say("Lane {letter} doubled as lane {other}.", lane.slot, { other: letter(store.get().selected) });
}

function insert(store, place, like) {
  store.update((draft) => {
    draft.selected = [0, 1, 2, 3, 4, 5].find((slot) => placeOf(store, slot) < 0);
    draft.lanes.splice(place, 0, createLane(draft.selected, like));
  });
}

export function remove(store, { slot }) {
  store.update((draft) => draft.lanes.splice(placeOf(store, slot), 1));
  say("Lane {letter} removed; undo brings it back.", slot);
}

export function move(store, slot, target) {
  const count = store.get().lanes.length;
  const [place, end] = [placeOf(store, slot), Math.max(0, Math.min(count - 1, target))];
  if (place < 0 || place === end) return;
  store.update((draft) => draft.lanes.splice(end, 0, ...draft.lanes.splice(place, 1)));
  say("Lane {letter} is now {place} of {count}.", slot, { place: end + 1, count });
}

export function takeExample(store, { name, lanes }) {
  store.update((draft) => Object.assign(draft, { lanes: lanes.map((lane, slot) => createLane(slot, lane)), selected: 0 }));
  announce(t("{title}: {n} lanes.", { title: t(name), n: lanes.length }));
}

// Every lane goes to its family's nearest legal depth; a whole sweep is one undo.
export function setDepth(store, depth) {
  const deepen = (lane) => {
    const network = readName(lane.name, store.catalog.families);
    if (!network?.values.depth) return;
    lane.name = turned(network, "depth", depth);
    if (/^\S+ \d+$/.test(lane.title) || lane.title.startsWith(`${network.family.name}-`)) lane.title = "";
  };
  store.update((draft) => draft.lanes.forEach(deepen), { kind: "depths" });
}
