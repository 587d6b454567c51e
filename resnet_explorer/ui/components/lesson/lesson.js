// A lesson in the header: which step this is, and a list of all that opens; steps are plain links.
import { html, render } from "../shared/vendor/preact.js";
import { t } from "../shared/words.js";

export function mount({ element, props }) {
  const list = () => element.querySelector("details");
  element.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !list()?.open) return;
    list().open = false;
    element.querySelector("summary").focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (list() && !element.contains(target)) list().open = false;
  });
  return () => render(props.value && html`<${Steps} lesson=${JSON.parse(props.value)} />`, element);
}

function Steps({ lesson: { title, steps } }) {
  const now = Number(new URLSearchParams(window.location.search).get("step"));
  const step = steps[now - 1];
  const line = step ? `${t("Step {n} of {count}", { n: now, count: steps.length })}: ${step.title}` : t("Steps");
  return html`<details>
    <summary><b>${title}</b> <span>${line}</span></summary>
    <nav aria-label=${title}><ol>
      ${steps.map((each, place) => html`<li><a href=${each.link} aria-current=${place + 1 === now ? "step" : null}>${each.title}</a><p>${each.task}</p></li>`)}
    </ol></nav>
  </details>`;
}
