// The controls of the gradient view: metric above the figure, the conditions of the probe beside it.
import { html } from "./vendor/preact.js";
import { Images } from "./gradient_images.js";
import { choice, choose } from "./gradient_settings.js";
import { add, t } from "./words.js";

add({
  "drawn shapes": "绘制的形状",
  Metric: "指标",
  Conditions: "条件",
  Seeds: "随机种子",
  Batch: "批大小",
  Input: "输入",
  Initialisation: "初始化",
  "Batch normalisation": "批归一化",
  Loss: "损失",
  "Theory as a thin line": "以细线叠加理论",
  "Horizontal axis": "横轴",
  on: "开",
  off: "关",
  "unit by unit": "逐单元",
  "fraction of the depth": "深度的比例",
  "Gaussian noise": "高斯噪声",
  "my images": "我的图像",
});

const BATCHES = ["2", "4", "8", "16", "32", "64"];

export function Metrics({ settings, choices }) {
  const now = choice(settings, "metric");
  return html`<fieldset class="flow-metrics" data-part="controls" aria-label=${t("Metric")}>
    ${(choices?.metrics ?? []).map(
      ({ name, label, meaning }) => html`<label key=${name} title=${meaning}>
        <input type="radio" name="flow-metric" value=${name} checked=${name === now} aria-label=${`${label}: ${meaning}`} onChange=${() => choose("metric", name)} />
        ${label}
      </label>`,
    )}
  </fieldset>`;
}

export function Conditions({ settings, choices, images, setImages }) {
  if (!choices) return null;
  const seeds = Array.from({ length: choices.most_seeds }, (_, i) => String(i + 1));
  const source = choice(settings, "source");
  return html`<section class="flow-conditions" data-part="controls" aria-label=${t("Conditions")}>
    <h2>${t("Conditions")}</h2>
    <div class="flow-controls">
      <${Pick} settings=${settings} name="seeds" label=${t("Seeds")} options=${seeds.map(same)} />
      <${Pick} settings=${settings} name="batch" label=${t("Batch")} options=${BATCHES.map(same)} />
      <${Pick} settings=${settings} name="source" label=${t("Input")} options=${[["noise", t("Gaussian noise")], ["shapes", t("drawn shapes")], ["images", t("my images")]]} />
      ${source === "images" && html`<${Images} images=${images} set=${setImages} />`}
      <${Pick} settings=${settings} name="init" label=${t("Initialisation")} options=${choices.inits.map(named)} />
      <p class="about">${meaning(choices.inits, choice(settings, "init"))}</p>
      <${Pick} settings=${settings} name="norm" label=${t("Batch normalisation")} options=${[["on", t("on")], ["off", t("off")]]} />
      <${Pick} settings=${settings} name="loss" label=${t("Loss")} options=${choices.losses.map(({ name, meaning }) => [name, meaning])} />
      <${Pick} settings=${settings} name="across" label=${t("Horizontal axis")} options=${[["unit", t("unit by unit")], ["fraction", t("fraction of the depth")]]} />
      <label class="wide">
        <input type="checkbox" checked=${choice(settings, "theory") === "on"} onChange=${(event) => choose("theory", event.target.checked ? "on" : "off")} />
        ${t("Theory as a thin line")}
      </label>
    </div>
  </section>`;
}

function Pick({ settings, name, label, options }) {
  const now = choice(settings, name);
  const known = options.some(([value]) => value === now) ? options : [...options, same(now)];
  return html`<label for=${`flow-${name}`}>${label}</label>
    <select id=${`flow-${name}`} value=${now} onChange=${(event) => choose(name, event.target.value)}>
      ${known.map(([value, text]) => html`<option key=${value} value=${value} selected=${value === now}>${text}</option>`)}
    </select>`;
}

const same = (value) => [value, value];
const named = ({ name }) => [name, name];

function meaning(entries, name) {
  return entries.find((entry) => entry.name === name)?.meaning ?? "";
}
