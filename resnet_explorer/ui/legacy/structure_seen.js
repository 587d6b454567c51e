// What is seen, in three sentences: whose identity path is exact, what stands on the others, who has how many parameters.
import { html } from "../components/shared/vendor/preact.js";
import { letter } from "../components/lanes/lane.js";
import { count, t } from "../components/shared/words.js";

export function Seen({ lanes }) {
  return html`<section class="seen" aria-labelledby="seen-title" aria-live="polite">
    <h2 id="seen-title">${t("What is seen")}</h2>
    ${sentences(lanes).map((said, place) => html`<p key=${place}>${said}</p>`)}
  </section>`;
}

export function sentences(lanes) {
  return lanes.length ? [clean(lanes), standing(lanes), sizes(lanes)].filter(Boolean) : [];
}

function clean(lanes) {
  const exact = lanes.filter((lane) => lane.answer.trunk.exact);
  if (!exact.length) return t("No lane keeps the identity path exact inside its stages.");
  if (exact.length === lanes.length) return t("Every lane keeps the identity path exact inside its stages.");
  const text = exact.length > 1 ? "{lanes} keep the identity path exact inside their stages." : "{lanes} keeps the identity path exact inside its stages.";
  return t(text, { lanes: listed(exact) });
}

function standing(lanes) {
  const said = [...grouped(lanes)].map(([ops, those]) => t("{ops} in {lanes}", { ops, lanes: listed(those) }));
  const plain = lanes.filter((lane) => !lane.answer.trunk.exact && !hasMerge(lane));
  const none = plain.length ? t(plain.length > 1 ? "{lanes} have no shortcut" : "{lanes} has no shortcut", { lanes: listed(plain) }) : "";
  const on = said.length ? t("On the trunk between two additions: {said}", { said: said.join(t("; ")) }) : "";
  return on || none ? `${[on, none].filter(Boolean).join(t("; "))}${t(".")}` : "";
}

function grouped(lanes) {
  const groups = new Map();
  for (const lane of lanes) {
    const { exact, ops } = lane.answer.trunk;
    if (exact || !hasMerge(lane)) continue;
    groups.set(ops.join(" "), [...(groups.get(ops.join(" ")) ?? []), lane]);
  }
  return groups;
}

const MERGE = /(^| )(\+|blend|rk[234])/;

function hasMerge(lane) {
  return MERGE.test(lane.answer.block);
}

function sizes(lanes) {
  const groups = new Map();
  for (const lane of lanes) groups.set(lane.answer.params, [...(groups.get(lane.answer.params) ?? []), lane]);
  if (lanes.length === 1) return t("It has {n} parameters (with BN).", { n: count(lanes[0].answer.params) });
  if (groups.size === 1) return t("All have {n} parameters (with BN).", { n: count(lanes[0].answer.params) });
  const said = [...groups].sort(([one], [two]) => one - two).map(([n, those]) => `${listed(those)} ${count(n)}`);
  return t("Parameters differ (with BN): {said}.", { said: said.join(t("; ")) });
}

// "A, B and C"
function listed(lanes) {
  const letters = lanes.map((lane) => letter(lane.slot));
  if (letters.length < 2) return letters.join("");
  return t("{many} and {last}", { many: letters.slice(0, -1).join(t(", ")), last: letters.at(-1) });
}
