// Light, dark, or as the system has it: one attribute on the document, which page.css reads.
const system = window.matchMedia("(prefers-color-scheme: dark)");
let chosen = "auto";

export const THEMES = ["auto", "light", "dark"];

export function dark() {
  return chosen === "dark" || (chosen === "auto" && system.matches);
}

export function paint(theme) {
  chosen = THEMES.includes(theme) ? theme : "auto";
  const name = dark() ? "dark" : "light";
  document.documentElement.dataset.theme = name;
  // Gradio's own rules follow this class
  document.body.classList.toggle("dark", dark());
}

// Call back when the system turns and the page follows it.
export function onTurn(listener) {
  system.addEventListener("change", () => chosen === "auto" && listener());
}
