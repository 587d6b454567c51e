// What can be done with whole lanes: add, double, take away, move, take an example, one depth for all.
import { announce } from "../shared/announce.js";
import { createLane, freeSlot, letter, requestOf, SLOTS } from "./lane.js";
import { nameOf, nearestStop, readName } from "./network_name.js";
import { t } from "../shared/words.js";

export function add(store, like) {
  insert(store, store.get().lanes.length, { name: like.name });
  announce(t("Lane {letter} added.", { letter: letter(store.get().selected) }));
}

export function duplicate(store, lane) {
  insert(store, store.get().lanes.findIndex((each) => each.slot === lane.slot) + 1, requestOf(lane));
  announce(t("Lane {letter} doubled as lane {other}.", { letter: letter(lane.slot), other: letter(store.get().selected) }));
}

function insert(store, place, like) {
  if (store.get().lanes.length >= SLOTS) return;
  store.update((draft) => {
    draft.selected = freeSlot(draft.lanes);
    draft.lanes.splice(place, 0, createLane(draft.selected, like));
  });
}

export function remove(store, lane) {
  if (store.get().lanes.length <= 1) return;
  store.update((draft) => (draft.lanes = draft.lanes.filter((each) => each.slot !== lane.slot)));
  announce(t("Lane {letter} removed; undo brings it back.", { letter: letter(lane.slot) }));
}

export function move(store, slot, step) {
  moveTo(store, slot, store.get().lanes.findIndex((each) => each.slot === slot) + step);
}

export function moveTo(store, slot, target) {
  const { lanes } = store.get();
  const place = lanes.findIndex((each) => each.slot === slot);
  const end = Math.max(0, Math.min(lanes.length - 1, target));
  if (place < 0 || place === end) return;
  store.update((draft) => draft.lanes.splice(end, 0, ...draft.lanes.splice(place, 1)));
  announce(t("Lane {letter} is now {place} of {count}.", { letter: letter(slot), place: end + 1, count: lanes.length }));
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
  store.update((draft) => draft.lanes.forEach((lane) => deepen(lane, depth, store.catalog.families)), { kind: "depths" });
}

function deepen(lane, depth, families) {
  const network = readName(lane.name, families);
  if (!network?.values.depth) return;
  lane.name = nameOf(network.family, { ...network.values, depth: nearestStop(network, depth) });
  if (/^\S+ \d+$/.test(lane.title) || lane.title.startsWith(`${network.family.name}-`)) lane.title = "";
}
