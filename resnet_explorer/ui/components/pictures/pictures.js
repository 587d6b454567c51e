// Rows of small pictures: [[title, [{uri, words, alt, key, wrong}, ...]], ...]; one with a key can be pressed.
import { html, render } from "../shared/vendor/preact.js";
import { t } from "../shared/words.js";

export function mount({ element, props, trigger }) {
  let pressed = "";
  const press = (key) => ((pressed = key), draw(), trigger("select", { key }));
  const draw = () => render(html`${JSON.parse(props.value || "[]").map(([title, pictures]) => html`<${Row} ...${{ title, pictures, pressed, press, size: props.size }} />`)}`, element);
  return () => ((pressed = ""), draw());
}

function Row({ title, pictures, pressed, press, size }) {
  return html`<figure>
    <figcaption>${t(title)}</figcaption>
    <div class="pictures-row" style=${`--size:${size}px`}>${pictures.map((picture) => html`<${Picture} picture=${picture} pressed=${pressed} press=${press} />`)}</div>
  </figure>`;
}

function Picture({ picture: { uri, words, alt, key, wrong }, pressed, press }) {
  const inner = html`<img src=${uri} alt=${alt} /><span class=${wrong ? "wrong" : ""}>${words}</span>`;
  if (!key) return html`<div class="picture">${inner}</div>`;
  return html`<button type="button" class="picture" aria-pressed=${key === pressed} onClick=${() => press(key)}>${inner}</button>`;
}
