// The bar on top: name, views, link, language, theme.
import { html } from "./vendor/preact.js";
import { announce } from "./announce.js";
import { address } from "./session.js";
import { change } from "./store.js";
import { THEMES } from "./theme.js";
import { t } from "./words.js";

const TABS = [
  ["structure", "Structure"],
  ["gradient", "Gradient flow"],
  ["train", "Train"],
];
const MARKS = { auto: "◐", light: "○", dark: "●" };
const NAMES = { auto: "as the system", light: "light", dark: "dark" };

export function Header({ state }) {
  return html`<header class="bar" data-part="header">
    <h1>ResNet Explorer</h1>
    <${Tabs} view=${state.view} />
    <div class="bar-end">
      <button type="button" class="quiet" onClick=${copyLink}>${t("Copy link")}</button>
      <${Language} language=${state.language} />
      <${Theme} theme=${state.theme} />
    </div>
  </header>`;
}

function Tabs({ view }) {
  return html`<div class="tabs" role="tablist" aria-label=${t("Views")} data-part="tabs" onKeyDown=${moveTab}>
    ${TABS.map(
      ([name, title]) =>
        html`<button
          type="button"
          role="tab"
          id=${`tab-${name}`}
          aria-selected=${view === name}
          aria-controls="view"
          tabindex=${view === name ? 0 : -1}
          onClick=${() => show(name)}
        >
          ${t(title)}
        </button>`,
    )}
  </div>`;
}

function show(view) {
  change((draft) => (draft.view = view), { undoable: false });
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
  const place = tabs.indexOf(event.target);
  if (!step || place < 0) return;
  event.preventDefault();
  const next = tabs[(place + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(address());
    announce(t("The link is copied."));
  } catch {
    announce(t("The browser did not allow copying; the address bar holds the same link."));
  }
}

function Language({ language }) {
  const other = language === "en" ? "zh" : "en";
  const turn = () => change((draft) => (draft.language = other), { undoable: false });
  return html`<button type="button" class="quiet language" lang=${other} aria-label=${other === "zh" ? "中文" : "English"} onClick=${turn}>
    <span class=${language === "en" ? "on" : ""}>EN</span>/<span class=${language === "zh" ? "on" : ""}>中</span>
  </button>`;
}

function Theme({ theme }) {
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  const turn = () => {
    change((draft) => (draft.theme = next), { undoable: false });
    announce(t("Colours: {name}", { name: t(NAMES[next]) }));
  };
  const label = t("Colours: {name}", { name: t(NAMES[theme]) });
  return html`<button type="button" class="quiet icon" aria-label=${label} title=${label} onClick=${turn}>${MARKS[theme]}</button>`;
}
