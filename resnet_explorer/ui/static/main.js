// Starts the page: loads the style, reads the link, draws.
import { html, render } from "./vendor/preact.js";

export function start(element) {
  const root = element.querySelector(".explorer");
  root.replaceChildren();
  render(html`<h1>ResNet Explorer</h1>`, root);
}
