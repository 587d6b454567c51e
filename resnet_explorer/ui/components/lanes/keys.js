// Keys that work everywhere, and the list of all keys that ? opens.
import { html, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { redo, undo } from "./store.js";
import { t } from "../shared/words.js";

const KEYS = [
  ["Ctrl+Z", "undo"],
  ["Ctrl+Shift+Z", "redo"],
  ["Alt+← Alt+→", "on a lane or a chip: move it"],
  ["← →", "between chips and tabs"],
  ["Space", "on a chip: lift it, then move it with the arrows"],
  ["Enter", "on a chip: its arguments"],
  ["Delete", "on a chip: remove it"],
  ["Escape", "close"],
  ["?", "these keys"],
];

export function Keys() {
  const [open, setOpen] = useState(false);
  const dialog = useRef(null);
  useEffect(() => {
    const listen = (event) => pressed(event, setOpen);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  useEffect(() => {
    if (open) dialog.current.showModal();
  }, [open]);
  if (!open) return null;
  return html`<dialog class="keys" ref=${dialog} aria-label=${t("Keys")} onClose=${() => setOpen(false)}>
    <h2>${t("Keys")}</h2>
    <dl>${KEYS.map(([key, meaning]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${t(meaning)}</dd></div>`)}</dl>
    <form method="dialog"><button class="quiet">${t("Close")}</button></form>
  </dialog>`;
}

function pressed(event, setOpen) {
  const typing = event.target.closest?.("input:not([type=range]):not([type=radio]):not([type=checkbox]), select, textarea");
  if (event.key === "?" && !typing) setOpen(true);
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) redo();
  else undo();
}
