// The state as a link and back: ?lanes=NAME:UNIT;FIELD=VALUE~TITLE,...&view=...&hide=...&v=1
import { createLane, SLOTS } from "./lane.js";

export const VERSION = "1";
export const VIEWS = ["structure", "gradient", "train"];
export const PARTS = ["editor", "controls", "lanes", "header", "aside", "tabs"];
const OWN = ["lanes", "slots", "view", "hide", "v"];
const LONGEST = 1000;

export function write({ lanes, view, hide, settings }) {
  const parts = [["lanes", lanes.map(writeLane).join(",")]];
  const order = lanes.map((lane) => "ABCDEF"[lane.slot]).join("");
  if (!"ABCDEF".startsWith(order)) parts.push(["slots", order]);
  parts.push(["view", view]);
  if (hide.length) parts.push(["hide", hide.join(",")]);
  parts.push(...Object.entries(settings).filter(([, value]) => value !== ""));
  return [...parts, ["v", VERSION]].map(([name, value]) => `${name}=${encode(value)}`).join("&");
}

// What a link says; what it does not say is absent, what cannot be read is left out.
export function read(query) {
  const given = new URLSearchParams(query);
  const found = { settings: {} };
  if (given.get("lanes")?.trim()) found.lanes = readLanes(given.get("lanes"), given.get("slots") ?? "");
  if (VIEWS.includes(given.get("view"))) found.view = given.get("view");
  if (given.has("hide")) found.hide = given.get("hide").split(",").filter((part) => PARTS.includes(part));
  for (const [name, value] of given) {
    if (!OWN.includes(name) && /^[a-z][a-z_]{0,19}$/.test(name)) found.settings[name] = value.slice(0, 200);
  }
  return found;
}

function writeLane(lane) {
  const { answer, error, pending } = lane;
  const settled = answer && !error && !pending;
  const unit = lane.unit && settled ? answer.ordering || answer.block : lane.unit;
  const head = unit ? `${lane.name}:${escape(unit)}` : lane.name;
  const fields = Object.entries(lane.fields).map(([name, value]) => `;${name}=${escape(value)}`);
  return `${head}${fields.join("")}${lane.title ? `~${escape(lane.title)}` : ""}`;
}

function readLanes(text, order) {
  const slots = slotsOf(order);
  return split(text, ",")
    .filter((part) => part.trim())
    .slice(0, SLOTS)
    .map((part, place) => createLane(slots[place], readLane(part.slice(0, LONGEST))));
}

function readLane(text) {
  const [spec, ...title] = text.split("~");
  const [head, ...settings] = spec.split(";");
  const colon = head.indexOf(":");
  const name = (colon < 0 ? head : head.slice(0, colon)).trim();
  const unit = colon < 0 ? "" : unescape(head.slice(colon + 1)).trim();
  const fields = settings.map((setting) => {
    const equals = setting.indexOf("=");
    return equals < 0 ? [setting.trim(), ""] : [setting.slice(0, equals).trim(), unescape(setting.slice(equals + 1)).trim()];
  });
  return { name, unit, fields: Object.fromEntries(fields), title: unescape(title.join("~")) };
}

function slotsOf(order) {
  const named = [...new Set(order.toUpperCase())].map((letter) => "ABCDEF".indexOf(letter)).filter((slot) => slot >= 0);
  return [...named, ...[0, 1, 2, 3, 4, 5].filter((slot) => !named.includes(slot))];
}

// Commas inside parentheses belong to a sentence.
function split(text, separator) {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    depth = Math.max(0, depth + (character === "(") - (character === ")"));
    if (character === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

// The signs that separate lanes are spelled %2C ... in a sentence, unless parentheses keep them together.
function escape(text) {
  const signs = balanced(text) && split(text, ",").length === 1 ? /[%~;]/g : /[%~;,()]/g;
  return text.replace(signs, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unescape(text) {
  return text.replace(/%(25|7E|3B|2C|28|29)/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

function balanced(text) {
  return /^[^()]*(\([^()]*\)[^()]*)*$/.test(text);
}

// Percent signs only where a query needs them; a space is a plus.
function encode(text) {
  return encodeURIComponent(text).replace(/%20/g, "+").replace(/%(3A|2C|3B|3D|2F)/g, (whole) => decodeURIComponent(whole));
}
