// A unit of each lane side by side, drawn by the server to one scale.
import { html } from "../components/shared/vendor/preact.js";
import { choose } from "./structure_settings.js";
import { fileUrl, useAnswer } from "./structure_ask.js";
import { letter, titleOf } from "../components/lanes/lane.js";
import { Sample } from "./sample.js";
import { savePng } from "./diagram_save.js";
import { dark } from "./theme.js";
import { t } from "../components/shared/words.js";

export const UNITS = { inside: "inside a stage", first: "first", transition: "transition", last: "last" };

export function Diagrams({ state, lanes }) {
  const unit = state.settings.unit ?? "inside";
  const networks = lanes.map((lane) => lane.spec);
  const slots = lanes.map((lane) => lane.slot);
  const { answer, error, pending, tag } = useAnswer("draw", lanes.length ? { networks, unit } : null, slots);
  const of = (lane) => answer?.drawings[(tag ?? []).indexOf(lane.slot)];
  return html`<section class="diagrams" aria-labelledby="diagrams-title" aria-busy=${pending}>
    <header class="part-head">
      <h2 id="diagrams-title">${t("One unit of each lane")}</h2>
      <${Chooser} unit=${unit} />
      <${Save} networks=${networks} slots=${slots} unit=${unit} />
    </header>
    <div class=${`units ${pending ? "older" : ""}`} style=${`--count: ${lanes.length}`} role="group" tabindex="0" aria-label=${t("One unit of each lane")}>
      ${lanes.map((lane) => html`<${Unit} key=${lane.slot} lane=${lane} drawing=${of(lane)} />`)}
    </div>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    <${Caption} lanes=${lanes} of=${of} />
  </section>`;
}

function Unit({ lane, drawing }) {
  return html`<figure class="unit" style=${`--lane: var(--lane-${lane.slot})`} data-slot=${lane.slot}>
    <figcaption>
      <span class="place"><${Sample} slot=${lane.slot} /> ${drawing?.shape}</span>
      <b>${titleOf(lane, t)}</b>
      <span class="place">${drawing ? t("stage {stage}, unit {unit}", drawing) : " "}</span>
    </figcaption>
    ${drawing ? html`<div class="drawing" dangerouslySetInnerHTML=${{ __html: drawing.svg }}></div>` : html`<div class="drawing empty"></div>`}
  </figure>`;
}

function Chooser({ unit }) {
  const names = unit in UNITS ? Object.keys(UNITS) : [...Object.keys(UNITS), unit];
  const said = (name) => (name in UNITS ? t(UNITS[name]) : t("unit {place}", { place: name }));
  return html`<fieldset class="choice" data-part="controls">
    <legend class="unseen">${t("Which unit")}</legend>
    ${names.map(
      (name) => html`<label key=${name} class=${name === unit ? "on" : ""}>
        <input type="radio" name="unit" value=${name} checked=${name === unit} onChange=${() => choose("unit", name)} />${said(name)}
      </label>`,
    )}
  </fieldset>`;
}

function Save({ networks, slots, unit }) {
  const svg = () => fileUrl("units", networks, { format: "svg", unit, slots: slots.join(","), theme: dark() ? "dark" : "light" });
  const keep = (event) => {
    event.currentTarget.href = svg();
  };
  return html`<div class="keep">
    <a class="quiet" href=${svg()} download="units.svg" onClick=${keep}>SVG</a>
    <button type="button" class="quiet" onClick=${() => savePng(svg(), "units.png")}>PNG</button>
  </div>`;
}

function Caption({ lanes, of }) {
  const rules = new Map();
  for (const lane of lanes) for (const rule of of(lane)?.rules ?? []) rules.set(rule, `${rules.get(rule) ?? ""}${letter(lane.slot)} `);
  return html`<p class="caption">
    ${t("The straight line is the trunk, the branch leaves it to the right; what the signal passes between two additions stands on the line, marked. All to one scale.")}${" "}
    ${[...rules].map(([rule, letters]) => html`<span key=${rule} class="rule"><b>${letters}</b>${rule}. </span>`)}
    ${t("After He et al. 2016, Fig. 4")} (<a href="https://arxiv.org/abs/1603.05027">arXiv:1603.05027</a>).
  </p>`;
}
