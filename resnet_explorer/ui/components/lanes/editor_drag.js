// Drags a chip, or a word of the palette, into the row of chips; with mouse, pen or finger.
const STARTS_AFTER = 5;
const REACH = 40;

// `mark(place)` shows where it would go (-1: nowhere), `drop(place)` puts it there.
export function startDrag(event, list, { mark, drop, skip = -1 }) {
  if (event.button > 0) return;
  const element = event.currentTarget;
  const from = { x: event.clientX, y: event.clientY };
  let moving = false;
  const follow = (moved) => {
    if (moved.pointerId !== event.pointerId) return;
    const dx = moved.clientX - from.x;
    const dy = moved.clientY - from.y;
    moving ||= Math.hypot(dx, dy) > STARTS_AFTER;
    if (!moving) return;
    element.classList.add("dragged");
    element.style.translate = `${dx}px ${dy}px`;
    mark(placeAt(list, moved, skip));
  };
  const end = (ended) => {
    if (ended.pointerId !== event.pointerId) return;
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    element.classList.remove("dragged");
    element.style.translate = "";
    mark(-1);
    if (!moving) return;
    swallowClick();
    if (ended.type === "pointerup") drop(placeAt(list, ended, skip));
  };
  const listeners = [
    ["pointermove", follow],
    ["pointerup", end],
    ["pointercancel", end],
  ];
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
}

// How many of the other chips come before the pointer, row by row; -1 away from the chips.
function placeAt(list, { clientX, clientY }, skip) {
  const box = list.getBoundingClientRect();
  const near = clientX > box.left - REACH && clientX < box.right + REACH && clientY > box.top - REACH && clientY < box.bottom + REACH;
  if (!near) return -1;
  const chips = [...list.querySelectorAll("[role=option]")].filter((_, place) => place !== skip);
  return chips.filter((chip) => isBefore(chip.getBoundingClientRect(), clientX, clientY)).length;
}

function isBefore(box, x, y) {
  if (y > box.bottom + 4) return true;
  return y >= box.top - 4 && x > box.left + box.width / 2;
}

// The click that ends a drag opens and inserts nothing.
export function swallowClick() {
  const swallow = (click) => {
    click.stopPropagation();
    click.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
