// Says a sentence to screen readers, and briefly to everybody else.
const SHOWN_MS = 4000;
const place = Object.assign(document.createElement("div"), { className: "live", role: "status", ariaLive: "polite" });
document.body.append(place);
let timer = 0;

export function announce(text, shown = SHOWN_MS) {
  clearTimeout(timer);
  place.textContent = text;
  timer = setTimeout(() => (place.textContent = ""), shown);
}
