// A button that opens a short list: arrows move, Enter chooses, Escape closes.
import { html, useEffect, useRef, useState } from "../components/shared/vendor/preact.js";

export function Menu({ label, items }) {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  useEffect(() => {
    if (!open) return undefined;
    root.current.querySelector("[role=menuitem]")?.focus();
    const outside = (event) => root.current.contains(event.target) || setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    root.current.querySelector("button").focus();
  };
  const choose = (item) => {
    close();
    item.choose();
  };
  return html`<div class="menu" ref=${root} onKeyDown=${(event) => keys(event, close)}>
    <button type="button" class="quiet" aria-haspopup="menu" aria-expanded=${open} onClick=${() => setOpen(!open)}>${label} ▾</button>
    ${open &&
    html`<ul role="menu" aria-label=${label}>
      ${items.map(
        (item) => html`<li role="none"><button type="button" role="menuitem" tabindex="-1" onClick=${() => choose(item)}>
          <b>${item.title}</b><small>${item.about}</small>
        </button></li>`,
      )}
    </ul>`}
  </div>`;
}

function keys(event, close) {
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  if (!items.length) return;
  const place = items.indexOf(document.activeElement);
  const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close();
  if (next === undefined && event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  if (next !== undefined) items[(next + items.length) % items.length].focus();
}
