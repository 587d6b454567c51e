// The keys and the words of the page, which ? opens.
import { t } from "./words.js";

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
const WORDS = [
  ["lane", "one network; its letter, colour and dash mean it in every figure"],
  ["unit", "what is repeated: a branch of words and, beside it, the shortcut"],
  ["+", "the addition where branch and shortcut meet"],
  ["trunk", "the path on which the additions stand; it is clean if nothing else stands on it"],
  ["ordering", "where convolution, BN and ReLU stand in a unit"],
];

export function showKeys() {
  if (document.querySelector("dialog.keys")) return;
  const close = make("button", t("Close"));
  const dialog = make("dialog", "", make("h2", t("Keys")), list(KEYS), make("h2", t("Words")), list(WORDS), close);
  dialog.className = "keys";
  dialog.ariaLabel = t("Keys");
  close.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}

function list(rows) {
  return make("dl", "", ...rows.map(([name, meaning]) => make("div", "", make("dt", name), make("dd", t(meaning)))));
}

function make(tag, text, ...children) {
  const element = document.createElement(tag);
  element.append(text, ...children);
  return element;
}
