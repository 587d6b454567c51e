// What can be done with a whole lane: add, double, take away, move.
import { announce } from "../shared/announce.js";
import { asked, createLane, freeSlot, letter, SLOTS } from "./lane.js";
import { change, get } from "./store.js";
import { t } from "../shared/words.js";

export function add(like) {
  if (get().lanes.length >= SLOTS) return;
  change((draft) => {
    const slot = freeSlot(draft.lanes);
    draft.lanes.push(createLane(slot, { name: like.name }));
    draft.selected = slot;
  });
  announce(t("Lane {letter} added.", { letter: letter(get().selected) }));
}

export function duplicate(lane) {
  if (get().lanes.length >= SLOTS) return;
  change((draft) => {
    const slot = freeSlot(draft.lanes);
    const place = draft.lanes.findIndex((each) => each.slot === lane.slot);
    draft.lanes.splice(place + 1, 0, createLane(slot, asked(lane)));
    draft.selected = slot;
  });
  announce(t("Lane {letter} doubled as lane {other}.", { letter: letter(lane.slot), other: letter(get().selected) }));
}

export function remove(lane) {
  if (get().lanes.length <= 1) return;
  change((draft) => (draft.lanes = draft.lanes.filter((each) => each.slot !== lane.slot)));
  announce(t("Lane {letter} removed; undo brings it back.", { letter: letter(lane.slot) }));
}

export function move(slot, step) {
  const place = get().lanes.findIndex((each) => each.slot === slot);
  moveTo(slot, place + step);
}

export function moveTo(slot, target) {
  const { lanes } = get();
  const place = lanes.findIndex((each) => each.slot === slot);
  const end = Math.max(0, Math.min(lanes.length - 1, target));
  if (place < 0 || place === end) return;
  change((draft) => draft.lanes.splice(end, 0, ...draft.lanes.splice(place, 1)));
  announce(t("Lane {letter} is now {place} of {count}.", { letter: letter(slot), place: end + 1, count: lanes.length }));
}

// Change one lane by its slot.
export function edit(slot, how, options) {
  change((draft) => {
    const lane = draft.lanes.find((each) => each.slot === slot);
    if (lane) how(lane);
  }, options);
}
