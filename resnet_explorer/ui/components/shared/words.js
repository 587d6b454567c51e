// The texts of the page: English is the key, Chinese is looked up and falls back to English.
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const texts = language === "zh" ? await (await fetch(new URL("./zh.json", import.meta.url))).json() : {};

// names that read better as the papers write them
const NAMES = {
  "bn-after-addition": "BN after addition",
  "relu-before-addition": "ReLU before addition",
  "relu-only-preactivation": "ReLU-only pre-activation",
  "full-preactivation": "full pre-activation",
};

// t("{n} lanes", {n: 6})
export function t(english, values = {}) {
  const text = texts[english] || NAMES[english] || english;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// What a figure or a drawing names, part by part: of "stage 2 · 32×16²" only "stage {n}" is known; a second number is n1.
function part(text) {
  const found = [];
  const key = text.replace(/(?<=^| )([\d,-]+|[A-F])(?= |$)/g, (n) => `{n${found.push(n) - 1 || ""}}`);
  return t(key, Object.fromEntries(found.map((n, at) => [`n${at || ""}`, n])));
}
export const label = (text) => (texts[text] ? t(text) : text.split(/( · |, |: | \(|\)| → )/).map(part).join(""));
// The words of an SVG that the server has drawn.
export const labelled = (svg) => svg.replace(/>([^<>]+)</g, (_, text) => `>${label(text)}<`);

// A sentence of Python's: a text, and what stands at its places; that may be a sentence of its own.
export function say([text, values]) {
  const spoken = ([name, value]) => [name, Array.isArray(value) ? say(value) : t(String(value))];
  return t(text, Object.fromEntries(Object.entries(values).map(spoken)));
}

// 853018 -> "853,018"
export const count = (number) => number.toLocaleString("en-US");

// 125485706 -> "125 M"
export function amount(number) {
  const units = ["", " k", " M", " G", " T", " P"];
  let step = 0;
  while (number >= 999.5 && step < units.length - 1) [number, step] = [number / 1000, step + 1];
  return `${step ? Number(number.toPrecision(3)) : number}${units[step]}`;
}
