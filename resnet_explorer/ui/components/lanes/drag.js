// Drags a chip, a word of the palette or a lane, with mouse, pen or finger.
const STARTS_AFTER = 5;
const REACH = 40;
const LIFT = 30;

// A chip into a row of chips: `mark(place)` shows where it would go (-1: nowhere), `drop(place)` puts it there.
export function dragChip(event, list, mark, drop) {
  const others = [...list.children].filter((chip) => chip !== event.currentTarget);
  const place = ({ clientX: x, clientY: y }) => {
    const { left, right, top, bottom } = list.getBoundingClientRect();
    if (x < left - REACH || x > right + REACH || y < top - REACH || y > bottom + REACH) return -1;
    return others.filter((chip) => isBefore(chip.getBoundingClientRect(), x, y)).length;
  };
  // lifted, so that it hides neither the gap nor the word beside it
  follow(event, event.currentTarget, { shift: (dx, dy) => `${dx}px ${dy - LIFT}px`, place, mark, drop });
}

// A lane along its row.
export function dragLane(event, drop) {
  const card = event.currentTarget.closest(".lane");
  const others = [...card.parentElement.querySelectorAll(".lane")].filter((each) => each !== card);
  const place = ({ clientX }) => others.filter((each) => middle(each.getBoundingClientRect()) < clientX).length;
  const mark = (at) => others.forEach((each, index) => each.classList.toggle("before", index === at));
  follow(event, card, { shift: (dx) => `${dx}px 0`, place, mark, drop });
}

function follow(event, element, { shift, place, mark, drop }) {
  if (event.button > 0) return;
  const over = new AbortController();
  let moving = false;
  const listen = (name, act) => window.addEventListener(name, (now) => now.pointerId === event.pointerId && act(now), over);
  const end = (now) => {
    over.abort();
    element.classList.remove("dragged");
    element.style.translate = "";
    if (moving && now.type === "pointerup") drop(place(now));
    mark(-1);
    // the click that ends a drag opens and inserts nothing
    if (moving) window.addEventListener("click", swallow, { capture: true, signal: AbortSignal.timeout(0) });
  };
  listen("pointermove", (now) => {
    const [dx, dy] = [now.clientX - event.clientX, now.clientY - event.clientY];
    moving ||= Math.hypot(dx, dy) > STARTS_AFTER;
    if (!moving) return;
    element.classList.add("dragged");
    element.style.translate = shift(dx, dy);
    mark(place(now));
  });
  listen("pointerup", end);
  listen("pointercancel", end);
}

const middle = ({ left, width }) => left + width / 2;
const isBefore = (box, x, y) => y > box.bottom + 4 || (y >= box.top - 4 && x > middle(box));

function swallow(click) {
  click.stopPropagation();
  click.preventDefault();
}
