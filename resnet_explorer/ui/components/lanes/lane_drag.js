// Moves a lane by its handle with mouse or finger.
import { swallowClick } from "./editor_drag.js";
import { moveTo } from "./lane_moves.js";

const STARTS_AFTER = 6;

export function startDrag(event, slot) {
  if (event.button > 0) return;
  const row = event.currentTarget.closest(".row");
  const card = event.currentTarget.closest(".lane");
  const from = event.clientX;
  let moving = false;
  const follow = (moved) => {
    if (moved.pointerId !== event.pointerId) return;
    moving ||= Math.abs(moved.clientX - from) > STARTS_AFTER;
    if (!moving) return;
    card.classList.add("dragged");
    card.style.translate = `${moved.clientX - from}px 0`;
    mark(row, place(row, card, moved.clientX));
  };
  const end = (ended) => {
    if (ended.pointerId !== event.pointerId) return;
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    const target = place(row, card, ended.clientX);
    card.classList.remove("dragged");
    card.style.translate = "";
    mark(row, -1);
    if (!moving) return;
    swallowClick();
    if (ended.type === "pointerup") moveTo(slot, target);
  };
  const listeners = [
    ["pointermove", follow],
    ["pointerup", end],
    ["pointercancel", end],
  ];
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
}

// How many of the other cards have their middle left of the pointer.
function place(row, card, x) {
  const others = [...row.querySelectorAll(".lane")].filter((each) => each !== card);
  return others.filter((each) => middle(each) < x).length;
}

function mark(row, target) {
  const others = [...row.querySelectorAll(".lane:not(.dragged)")];
  others.forEach((each, index) => each.classList.toggle("before", index === target));
}

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.left + box.width / 2;
}
