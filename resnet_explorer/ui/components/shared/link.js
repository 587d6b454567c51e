// The state of the page as a link and back: ?lanes=NAME:UNIT;FIELD=VALUE~TITLE,...&view=...&hide=...&v=1
// Controls stand in it under their names where they differ from their defaults.
import { announce } from "./announce.js";
import { t } from "./words.js";

const VERSION = "1";
const PARTS = ["editor", "controls", "lanes", "header", "aside", "tabs"];
const STORED = "resnet-explorer";
const SLOTS = [0, 1, 2, 3, 4, 5];
const WAIT_MS = 150;
const WHILE_OPENING_MS = 20_000;
const LONGEST = 1000;
const OWN = ["lanes", "slots", "view", "hide", "v"];
const now = { view: "", lanes: [], values: {}, others: {} };
let timer = 0;

// What the link or else the last session says, as values for Gradio: lanes, tabs, and a control each.
export function read({ views, lanes, controls }) {
  const session = sessionQuery();
  now.lanes = lanesIn(session) ?? lanes;
  now.view = views.includes(session.get("view")) ? session.get("view") : views[0];
  const known = [...OWN, ...controls.map(({ name }) => name)];
  const rest = [...session].filter(([name]) => !known.includes(name) && /^[a-z][a-z_]{0,19}$/.test(name));
  now.others = Object.fromEntries(rest.map(([name, value]) => [name, value.slice(0, 200)]));
  now.values = Object.fromEntries(controls.map((control) => [control.name, valueOf(session.get(control.name), control)]));
  return [now.lanes, { selected: now.view, __type__: "update" }, ...controls.map(({ name }) => now.values[name])];
}

// The lanes that the link or else the last session names; null where they name none.
export function lanesOfAddress() {
  return lanesIn(sessionQuery());
}

// What begins with __ is Gradio's own.
function sessionQuery() {
  const query = new URLSearchParams(window.location.search);
  const says = [...query.keys()].some((name) => !name.startsWith("__"));
  return says ? query : new URLSearchParams(stored().query ?? "");
}

function lanesIn(session) {
  const lanes = session.get("lanes")?.trim() ? readLanes(session.get("lanes"), session.get("slots") ?? "") : [];
  return lanes.length ? lanes : null;
}

// What stands in the link without a control of its own.
export function others() {
  return now.others;
}

export function setOthers(values) {
  now.others = values;
  later();
}

export function showView(view) {
  now.view = view;
  later();
}

// Lanes are in the link as soon as they are typed.
document.addEventListener("lanes-draft", ({ detail }) => {
  now.lanes = detail.lanes;
  later();
});

// The value of every control, as it is now.
export function write({ controls }, ...values) {
  now.controls = controls;
  now.values = Object.fromEntries(controls.map(({ name }, place) => [name, values[place]]));
  later();
}

// The whole state as an address to share.
export function address() {
  return `${window.location.origin}${window.location.pathname}?${queryOf()}`;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT_MS);
}

// Safari refuses more than a hundred changes of the address in half a minute, so it follows a little later.
function keep() {
  if (!now.lanes.length) return;
  const query = queryOf();
  const private_ = [...new URLSearchParams(window.location.search)].filter(([name]) => name.startsWith("__"));
  const kept = private_.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
  window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}${kept}`);
  store({ query });
}

function queryOf() {
  const parts = [["lanes", now.lanes.map(writeLane).join(",")]];
  const order = now.lanes.map((lane) => "ABCDEF"[lane.slot]).join("");
  if (!"ABCDEF".startsWith(order)) parts.push(["slots", order]);
  parts.push(["view", now.view]);
  const hidden = hiddenParts();
  if (hidden.length) parts.push(["hide", hidden.join(",")]);
  for (const control of now.controls ?? []) {
    const value = now.values[control.name];
    if (value !== null && value !== undefined && String(value) !== String(control.value)) parts.push([control.name, textOf(value)]);
  }
  parts.push(...Object.entries(now.others).filter(([, value]) => value !== ""));
  return [...parts, ["v", VERSION]].map(([name, value]) => `${name}=${encode(value)}`).join("&");
}

function hiddenParts() {
  return (new URLSearchParams(window.location.search).get("hide") ?? "").split(",").filter((part) => PARTS.includes(part));
}

function textOf(value) {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

// A control's value from its text in a link; what it cannot take leaves its default.
function valueOf(text, { value, choices, minimum, maximum }) {
  if (text === null) return value;
  if (typeof value === "boolean") return text === "on";
  if (typeof value === "number") return text.trim() !== "" && Number(text) >= minimum && Number(text) <= maximum ? Number(text) : value;
  if (choices && !choices.includes(text)) return value;
  return text.slice(0, LONGEST);
}

function writeLane({ name, unit, fields, title }) {
  const head = unit ? `${name}:${escape(unit)}` : name;
  const settings = Object.entries(fields).map(([field, value]) => `;${field}=${escape(value)}`);
  return `${head}${settings.join("")}${title ? `~${escape(title)}` : ""}`;
}

function readLanes(text, order) {
  const slots = slotsOf(order);
  const parts = split(text, ",").filter((part) => part.trim());
  if (parts.length > SLOTS.length) announce(t("The link holds {n} lanes; the first {count} are shown.", { n: parts.length, count: SLOTS.length }), WHILE_OPENING_MS);
  return parts
    .slice(0, SLOTS.length)
    .map((part, place) => ({ slot: slots[place], ...readLane(part.slice(0, LONGEST)) }));
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
  return [...named, ...SLOTS.filter((slot) => !named.includes(slot))];
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

export function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

export function store(news) {
  try {
    localStorage.setItem(STORED, JSON.stringify({ ...stored(), ...news }));
  } catch {
    // private windows may have no storage; the link still holds everything
  }
}
