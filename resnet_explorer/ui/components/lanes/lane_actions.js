// What can be done with whole lanes: add, double, take away, move, take an example, one depth for all.
import { announce } from "../shared/announce.js";
import { createLane, letter, requestOf, SLOTS } from "./lane.js";
import { readName, turned } from "./network_name.js";
import { t } from "../shared/words.js";

export const placeOf = (store, slot) => store.get().lanes.findIndex((lane) => lane.slot === slot);

export function add(store, like) {
  insert(store, store.get().lanes.length, { name: like.name });
  announce(t("Lane {letter} added.", { letter: letter(store.get().selected) }));
}

export function duplicate(store, lane) {
  insert(store, placeOf(store, lane.slot) + 1, requestOf(lane));
  announce(t("Lane {letter} doubled as lane {other}.", { letter: letter(lane.slot), other: letter(store.get().selected) }));
}

function insert(store, place, like) {
  if (store.get().lanes.length >= SLOTS) return;
  store.update((draft) => {
    draft.selected = [0, 1, 2, 3, 4, 5].find((slot) => placeOf(store, slot) < 0);
    draft.lanes.splice(place, 0, createLane(draft.selected, like));
  });
}

export function remove(store, { slot }) {
  if (store.get().lanes.length <= 1) return;
  store.update((draft) => draft.lanes.splice(placeOf(store, slot), 1));
  announce(t("Lane {letter} removed; undo brings it back.", { letter: letter(slot) }));
}

export function move(store, slot, target) {
  const count = store.get().lanes.length;
  const [place, end] = [placeOf(store, slot), Math.max(0, Math.min(count - 1, target))];
  if (place < 0 || place === end) return;
  store.update((draft) => draft.lanes.splice(end, 0, ...draft.lanes.splice(place, 1)));
  announce(t("Lane {letter} is now {place} of {count}.", { letter: letter(slot), place: end + 1, count }));
}

export function takeExample(store, { name, lanes }) {
  store.update((draft) => {
    draft.lanes = lanes.map((lane, slot) => createLane(slot, lane));
    draft.selected = 0;
  });
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
