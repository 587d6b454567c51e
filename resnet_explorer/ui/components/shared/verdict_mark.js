// A verdict as a shape and a word, so that no colour has to say it.
import { html } from "./vendor/preact.js";
import { t } from "./words.js";

const SHAPES = {
  supported: html`<circle cx="8" cy="8" r="7" fill="currentColor" /><path d="M4.5 8.2 7 10.7 11.5 5.6" stroke="var(--paper)" stroke-width="1.8" fill="none" />`,
  contradicted: html`<path d="M1.5 1.5h13v13h-13z" fill="currentColor" /><path d="m5 5 6 6m0-6-6 6" stroke="var(--paper)" stroke-width="1.8" />`,
  inconclusive: html`<circle cx="8" cy="8" r="6.3" fill="none" stroke="currentColor" stroke-width="1.4" /><path d="M8 1.7a6.3 6.3 0 0 1 0 12.6z" fill="currentColor" />`,
  "not measured here": html`<circle cx="8" cy="8" r="6.3" fill="none" stroke="currentColor" stroke-width="1.4" /><path d="M3.5 12.5 12.5 3.5" stroke="currentColor" stroke-width="1.4" />`,
  "not judged yet": html`<circle cx="8" cy="8" r="6.3" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2 2.4" />`,
};

export function Mark({ word }) {
  return html`<span class="mark" data-word=${word}>
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${SHAPES[word]}</svg>
    <b>${t(word)}</b>
  </span>`;
}
