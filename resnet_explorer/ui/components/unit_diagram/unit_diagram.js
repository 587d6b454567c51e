// A unit of each lane side by side, drawn by the server to one scale; every op is a button over the drawing.
import { html, render } from "../shared/vendor/preact.js";
import { Swatch } from "../shared/swatch.js";
import { specOf } from "../lanes/lane.js";
import { Files } from "../shared/download.js";
import { labelled, t } from "../shared/words.js";

const HALF = 36;

// Beside a row of lanes it draws what is typed there at once; what Python sends meanwhile counts if it is about the same.
export function mount({ element, props, trigger, server }) {
  let known = null;
  let draft = null;
  let asking = false;
  const show = (found) => {
    // what cannot be drawn leaves the last drawing, dimmed
    known = found.error && known ? { ...known, error: found.error } : found;
    render(html`<${Units} ...${known} pick=${(data) => trigger("select", data)} server=${server} />`, element);
  };
  const take = () => {
    const found = props.value ? JSON.parse(props.value) : { units: [], error: "" };
    if (!draft || JSON.stringify(found.lanes) === linesOf(draft)) show(found);
  };
  const ask = async () => {
    if (asking || !element.checkVisibility()) return;
    asking = true;
    const [lanes, unit] = [draft, known?.unit];
    const found = await server.draw_units({ lanes, unit }).catch(() => null);
    asking = false;
    if (lanes !== draft || unit !== known?.unit) return ask();
    if (found) show(found);
  };
  if (props.follows) document.addEventListener("lanes-draft", ({ detail }) => detail.waitFor(ask((draft = detail.lanes))));
  return take;
}

const linesOf = (lanes) => JSON.stringify(lanes.map((lane) => [lane.slot, specOf(lane), lane.title]));

function Units({ units, error, width, networks, unit, pick, server }) {
  const make = (form) => {
    const theme = document.documentElement.classList.contains("dark") ? "dark" : "light";
    const slots = units.map(({ slot }) => slot);
    return server.picture_of_units({ networks, unit, slots, theme, format: form === "PNG" ? "svg" : form.toLowerCase() });
  };
  return html`<div class=${`units ${error ? "old" : ""}`} style=${`--count: ${units.length}`} role="group" tabindex="0"
      aria-label=${t("One unit of each lane")} onKeyDown=${travel}>
      ${units.map((one) => html`<${Unit} key=${one.slot} ...${one} width=${width} pick=${pick} />`)}
    </div>
    ${error && html`<p class="wrong" role="alert">${error}</p>`}
    <div class="below">
      <${Caption} units=${units} />
      ${units.length > 0 && html`<${Files} forms=${["SVG", "PNG", "TikZ", "PDF"]} name="units" make=${make} />`}
    </div>`;
}

function Unit({ slot, title, old, shape, stage, unit, height, svg, ops, width, pick }) {
  return html`<figure class=${`unit ${old ? "old" : ""}`} style=${`--lane: var(--lane-${slot})`} data-slot=${slot}>
    <button type="button" class="head" onClick=${() => pick({ slot, op: "", part: "", meaning: "" })}>
      <span><${Swatch} slot=${slot} /> <i>${shape}</i></span>
      <b>${t(title)}</b>
      <i>${t("stage {stage}, unit {unit}", { stage, unit })}</i>
    </button>
    <div class="drawing">
      <div dangerouslySetInnerHTML=${{ __html: labelled(svg) }}></div>
      ${ops.map(
        (op, place) => html`<button key=${place} type="button" class="op" tabindex="-1" title=${op.meaning} aria-label=${`${op.op}, ${t(op.part)}`}
          style=${`left: ${((op.x - HALF) / width) * 100}%; width: ${(2 * HALF * 100) / width}%; top: ${(op.y / height) * 100}%; height: ${(op.height / height) * 100}%`}
          onClick=${() => pick({ slot, op: op.op, part: op.part, meaning: op.meaning })}></button>`,
      )}
    </div>
  </figure>`;
}

// Down and up go through a lane and its ops, left and right to the lane beside.
function travel(event) {
  const columns = [...event.currentTarget.children].map((unit) => [...unit.querySelectorAll("button")]);
  const column = columns.findIndex((buttons) => buttons.includes(event.target));
  const row = columns[column]?.indexOf(event.target) ?? 0;
  const beside = (step) => columns[column + step]?.[Math.min(row, columns[column + step].length - 1)];
  const next = {
    ArrowDown: () => columns[Math.max(column, 0)]?.[column < 0 ? 0 : row + 1],
    ArrowUp: () => columns[column]?.[row - 1],
    ArrowRight: () => beside(1),
    ArrowLeft: () => beside(-1),
  }[event.key]?.();
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Caption({ units }) {
  const rules = new Map();
  for (const { slot, rules: those } of units) for (const rule of those) rules.set(rule, `${rules.get(rule) ?? ""}${"ABCDEF"[slot]} `);
  return html`<p class="caption">
    ${t("The straight line is the trunk, the branch leaves it to the right; what the signal passes between two additions stands on the line, marked. All to one scale.")}${" "}
    ${[...rules].map(([rule, letters]) => html`<span key=${rule} class="rule"><b>${letters}</b>${rule}. </span>`)}
    ${t("After He et al. 2016, Fig. 4")} (<a href="https://arxiv.org/abs/1603.05027">arXiv:1603.05027</a>).
  </p>`;
}
