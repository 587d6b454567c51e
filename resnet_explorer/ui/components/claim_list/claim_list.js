// The gallery: a claim a line, with its verdict as a shape and a word, its interval, and buttons that judge it.
import { html, render } from "../shared/vendor/preact.js";
import { Mark } from "../shared/verdict_mark.js";
import { say, t } from "../shared/words.js";

export function mount({ element, props, trigger }) {
  return () => {
    if (props.value) render(html`<${List} cards=${JSON.parse(props.value)} trigger=${trigger} />`, element);
  };
}

function List({ cards, trigger }) {
  return html`<ul class="cards" aria-label=${t("Claims")}>
    ${cards.map((card) => html`<${Card} key=${card.id} ...${card} trigger=${trigger} />`)}
  </ul>`;
}

function Card({ id, claim, source, arxiv, word, svg, picture, about, time, trigger, ...rest }) {
  return html`<li class="card" data-claim=${id} data-state=${rest.state}>
    <${Mark} word=${word} />
    <div class="said">
      <button type="button" class="open" onClick=${() => trigger("open", { claim: id })}>${claim}</button>
      <p class="faint">${say(source)}, <a href=${`https://arxiv.org/abs/${arxiv}`}>arXiv ${arxiv}</a></p>
    </div>
    <div class="picture" role="img" aria-label=${say(picture)} title=${say(picture)} dangerouslySetInnerHTML=${{ __html: svg }}></div>
    <div class="about faint">${about.map((sentence) => html`<p>${say(sentence)}</p>`)}</div>
    <${Acts} id=${id} claim=${claim} time=${time} trigger=${trigger} ...${rest} />
  </li>`;
}

function Acts({ id, claim, time, state, run, forms, done, of, trigger }) {
  const named = (act) => `${t(act)}: ${claim}`;
  const button = (act, event, data) =>
    html`<button type="button" class="quiet act" aria-label=${named(act)} onClick=${() => trigger(event, data)}>${t(act)}</button>`;
  if (state === "live") {
    return html`<div class="acts">
      ${button("Stop", "stop", { run })}
      <progress value=${done} max=${of || 1} aria-label=${named("Progress")}></progress>
    </div>`;
  }
  const again = state === "stopped" && button("Resume", "resume", { run });
  return html`<div class="acts">
    ${again || (forms.includes("short") && button("Judge", "judge", { claim: id, form: "short" }))}
    ${forms.includes("full") && button("Full form", "judge", { claim: id, form: "full" })}
    <span class="faint time">${say(time)}</span>
  </div>`;
}
