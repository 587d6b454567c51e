// Drags a chip, a word of the palette or a lane, with mouse, pen or finger.
const STARTS_AFTER = 5;
const REACH = 40;
const LIFT = 30;

// A chip into a row of chips: `mark(place)` shows where it would go (-1: nowhere), `drop(place)` puts it there.
export function dragChip(event, list, { mark, drop, skip = -1 }) {
  const others = () => [...list.querySelectorAll("[role=option]")].filter((_, place) => place !== skip);
  const place = ({ clientX: x, clientY: y }) => {
    const box = list.getBoundingClientRect();
    if (x < box.left - REACH || x > box.right + REACH || y < box.top - REACH || y > box.bottom + REACH) return -1;
    return others().filter((chip) => isBefore(chip.getBoundingClientRect(), x, y)).length;
  };
  follow(event, event.currentTarget, {
    // lifted, so that it hides neither the gap nor the word beside it
    shift: (dx, dy) => `${dx}px ${dy - LIFT}px`,
    mark: (moved) => mark(moved ? place(moved) : -1),
    drop: (ended) => drop(place(ended)),
  });
}

// A lane along its row.
export function dragLane(event, drop) {
  const row = event.currentTarget.closest(".row");
  const card = event.currentTarget.closest(".lane");
  const others = [...row.querySelectorAll(".lane")].filter((each) => each !== card);
  const place = ({ clientX }) => others.filter((each) => middle(each.getBoundingClientRect()) < clientX).length;
  follow(event, card, {
    shift: (dx) => `${dx}px 0`,
    mark: (moved) => others.forEach((each, index) => each.classList.toggle("before", Boolean(moved) && index === place(moved))),
    drop: (ended) => drop(place(ended)),
  });
}

function follow(event, element, { shift, mark, drop }) {
  if (event.button > 0) return;
  let moving = false;
  const move = (moved) => {
    if (moved.pointerId !== event.pointerId) return;
    const [dx, dy] = [moved.clientX - event.clientX, moved.clientY - event.clientY];
    moving ||= Math.hypot(dx, dy) > STARTS_AFTER;
    if (!moving) return;
    element.classList.add("dragged");
    element.style.translate = shift(dx, dy);
    mark(moved);
  };
  const end = (ended) => {
    if (ended.pointerId !== event.pointerId) return;
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    element.classList.remove("dragged");
    element.style.translate = "";
    if (moving && ended.type === "pointerup") drop(ended);
    mark(null);
    if (moving) swallowClick();
  };
  const listeners = [["pointermove", move], ["pointerup", end], ["pointercancel", end]];
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
}

function middle({ left, width }) {
  return left + width / 2;
}

function isBefore(box, x, y) {
  return y > box.bottom + 4 || (y >= box.top - 4 && x > middle(box));
}

// The click that ends a drag opens and inserts nothing.
function swallowClick() {
  const swallow = (click) => (click.stopPropagation(), click.preventDefault());
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
