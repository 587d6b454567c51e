// What the header's buttons do: copy the link, turn colours and language, show the keys.
import { announce } from "./announce.js";
import "./connection.js";
import { showKeys } from "./keys.js";
import { address, store, stored } from "./link.js";
import { t } from "./words.js";

const THEMES = ["auto", "light", "dark"];
const NAMES = { auto: "as the system", light: "light", dark: "dark" };
const MARKS = { auto: "◐", light: "○", dark: "●" };
const system = window.matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

// Gradio turns its own class on the body; the tokens of the whole document follow it.
new MutationObserver(() => root.classList.toggle("dark", document.body.classList.contains("dark"))).observe(document.body, {
  attributeFilter: ["class"],
});
system.addEventListener("change", () => themeNow() === "auto" && paint("auto"));

document.addEventListener("keydown", ({ key, target }) => {
  const typing = target.closest?.("input:not([type=range]):not([type=radio]):not([type=checkbox]), select, textarea");
  if (key === "?" && !typing) showKeys();
});
export { showKeys };

export async function copyLink() {
  try {
    await navigator.clipboard.writeText(address());
    announce(t("The link is copied."));
  } catch {
    announce(t("The browser did not allow copying; the address bar holds the same link."));
  }
}

// The next of three, kept for the next visit; `__theme` in the address is Gradio's own switch.
export function turnTheme() {
  const next = THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length];
  store({ theme: next });
  const url = new URL(window.location.href);
  if (next === "auto") url.searchParams.delete("__theme");
  else url.searchParams.set("__theme", next);
  window.history.replaceState(window.history.state, "", url);
  paint(next);
  nameButtons();
  announce(t("Colours: {name}", { name: t(NAMES[next]) }));
}

// Every text is drawn in one language when the page opens, and the link holds the state: the page is opened anew.
export function turnLanguage() {
  store({ language: root.lang.startsWith("zh") ? "en" : "zh" });
  window.location.reload();
}

// Gradio's buttons show their text only, so these two are named; arrow keys go between tabs and choices, and Escape closes
// what is opened, which Gradio's do not know. Tabs stand in the document where they are seen: before the lanes.
export function start() {
  nameButtons();
  document.addEventListener("keydown", turn);
  document.addEventListener("keydown", leave);
  document.addEventListener("focusin", passList);
  document.addEventListener("scroll", keepReachable, true);
  const tabs = document.querySelector(".view-tabs > .tab-wrapper");
  tabs.classList.add("view-names");
  document.querySelector(".row.header").before(tabs);
}

function nameButtons() {
  const [colours, keys] = ["#turn-theme", "#show-keys"].map((id) => document.querySelector(id));
  colours.textContent = MARKS[themeNow()];
  colours.ariaLabel = colours.title = t("Colours: {name}", { name: t(NAMES[themeNow()]) });
  keys.ariaLabel = keys.title = t("Keys");
}

function turn(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const list = event.target.closest?.(".tab-container[role=tablist], fieldset:has(> .wrap > label > [type=radio])");
  if (!step || !list) return;
  const tabs = [...list.querySelectorAll("[role=tab], [type=radio]")];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  event.preventDefault();
  next.click();
  next.focus();
}

// A browser stops at a list that scrolls, and this one goes as soon as its field is left: the focus would be nowhere.
function passList({ target }) {
  if (target.role !== "combobox") return;
  requestAnimationFrame(() => document.querySelectorAll(".option-list:not([tabindex])").forEach((list) => (list.tabIndex = -1)));
}

// Gradio's table drops the cell that Tab comes to once it is scrolled away; Tab comes to another one then.
function keepReachable({ target }) {
  if (!target.matches?.(".virtual-table-viewport")) return;
  requestAnimationFrame(() => {
    const cells = [...target.querySelectorAll("[role=gridcell]")];
    if (cells.length && cells.every((cell) => cell.tabIndex < 0)) cells[0].tabIndex = 0;
  });
}

// The menu of tabs that a phone has no room for, or the claim that is opened; the focus goes back to where it came from.
function leave({ key, target, defaultPrevented }) {
  if (key !== "Escape" || defaultPrevented) return;
  const menu = target.closest?.(".overflow-menu");
  const claim = document.querySelector(".claims-view.opened .claim-back");
  if (menu?.querySelector(".overflow-dropdown:not(.hide)")) {
    menu.querySelector("button").click();
    menu.querySelector("button").focus();
  } else if (claim?.checkVisibility() && (target === document.body || target.closest(".claims-view"))) claim.click();
}

const themeNow = () => THEMES.includes(stored().theme) ? stored().theme : "auto";

function paint(theme) {
  document.body.classList.toggle("dark", theme === "dark" || (theme === "auto" && system.matches));
}
