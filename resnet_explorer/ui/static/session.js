// Keeps link, storage and state in step: the link first, then the last session, then the first page.
import { change, get, subscribe } from "./store.js";
import { read, write } from "./link.js";
import { onTurn, paint, THEMES } from "./theme.js";
import { speak } from "./words.js";

const KEY = "resnet-explorer";
const WAIT_MS = 150;

export function restore() {
  const stored = load();
  const says = read(window.location.search);
  const session = says.lanes || says.view || says.hide ? says : { ...read(stored.query ?? ""), ...without(says) };
  change(
    (draft) => {
      if (session.lanes?.length) draft.lanes = session.lanes;
      draft.view = session.view ?? draft.view;
      draft.hide = session.hide ?? draft.hide;
      draft.settings = session.settings;
      draft.theme = THEMES.includes(stored.theme) ? stored.theme : "auto";
      draft.language = ["en", "zh"].includes(stored.language) ? stored.language : ownLanguage();
    },
    { undoable: false },
  );
  follow(get());
  onTurn(() => change(() => {}, { undoable: false }));
  subscribe(follow);
}

// The whole state as an address to share.
export function address() {
  const query = [...new URLSearchParams(window.location.search)].filter(([name]) => name.startsWith("__"));
  const kept = query.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
  return `${window.location.origin}${window.location.pathname}?${write(get())}${kept}`;
}

let timer = 0;
function follow(state) {
  speak(state.language);
  paint(state.theme);
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT_MS);
}

// Safari refuses more than a hundred changes of the address in half a minute, so it follows a little later.
function keep() {
  const { theme, language } = get();
  window.history.replaceState(window.history.state, "", address());
  try {
    localStorage.setItem(KEY, JSON.stringify({ query: write(get()), theme, language }));
  } catch {
    // private windows may have no storage; the link still holds everything
  }
}

function load() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return stored && typeof stored === "object" ? stored : {};
  } catch {
    return {};
  }
}

function without({ settings }) {
  return Object.keys(settings).length ? { settings } : {};
}

function ownLanguage() {
  return navigator.language?.toLowerCase().startsWith("zh") ? "zh" : "en";
}
