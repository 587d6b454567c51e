// Says a sentence to screen readers, and briefly to everybody else.
const SHOWN_MS = 4000;
const place = document.createElement("div");
place.className = "live";
place.setAttribute("role", "status");
place.setAttribute("aria-live", "polite");
document.body.append(place);
let timer = 0;

export function announce(text, shown = SHOWN_MS) {
  clearTimeout(timer);
  place.textContent = text;
  timer = setTimeout(() => (place.textContent = ""), shown);
}
