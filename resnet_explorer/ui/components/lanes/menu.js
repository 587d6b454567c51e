// A button that opens a short list: arrows move, Enter chooses; the browser closes it and gives the focus back.
import { html, useRef } from "../shared/vendor/preact.js";
import { t } from "../shared/words.js";

export function Menu({ id, label, items, choose }) {
  const button = useRef(null);
  const opened = (event) => {
    if (event.newState !== "open") return;
    const { left, bottom } = button.current.getBoundingClientRect();
    Object.assign(event.target.style, { left: `${left + scrollX}px`, top: `${bottom + scrollY}px` });
    event.target.querySelector("button").focus();
  };
  return html`<button type="button" class="quiet" ref=${button} popovertarget=${id} aria-haspopup="menu">${label} ▾</button>
    <ul id=${id} popover="auto" class="menu" role="menu" aria-label=${label} onToggle=${opened} onKeyDown=${keys}>
      ${items.map(
        (item) => html`<li role="none"><button type="button" role="menuitem" tabindex="-1" popovertarget=${id} popovertargetaction="hide" onClick=${() => choose(item)}>
          <b>${t(item.title)}</b><small>${t(item.about)}</small>
        </button></li>`,
      )}
    </ul>`;
}

function keys(event) {
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const place = items.indexOf(document.activeElement);
  const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}
