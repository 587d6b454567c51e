// The texts of the page: English is the key, Chinese is looked up and falls back to English.
import { chinese } from "./words_chinese.js";

const texts = new Map(Object.entries(chinese));
let language = "en";

export function speak(name) {
  language = name === "zh" ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function add(more) {
  for (const [english, translated] of Object.entries(more)) texts.set(english, translated);
}

// t("{n} lanes", {n: 6})
export function t(english, values = {}) {
  const text = (language === "zh" && texts.get(english)) || (SHORT[english] ?? english);
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// names that read better as the papers write them
const SHORT = {
  "bn-after-addition": "BN after addition",
  "relu-before-addition": "ReLU before addition",
  "relu-only-preactivation": "ReLU-only pre-activation",
  "full-preactivation": "full pre-activation",
};

// 853018 -> "853,018"
export function count(number) {
  return number.toLocaleString("en-US");
}

// 125485706 -> "125 M"
export function amount(number) {
  const units = ["", " k", " M", " G", " T", " P"];
  let step = 0;
  while (number >= 999.5 && step < units.length - 1) [number, step] = [number / 1000, step + 1];
  return `${step ? Number(number.toPrecision(3)) : number}${units[step]}`;
}
