// Runs before Gradio starts. Gradio reads the language of the browser and `__theme` of the address: a visitor's own
// choice of both is put there first. A still picture of the page is painted at once; it goes when the lanes are drawn.
(() => {
  let stored = {};
  try { stored = JSON.parse(localStorage.getItem("resnet-explorer") ?? "{}") ?? {}; } catch {}
  const query = new URLSearchParams(location.search);
  const root = document.documentElement;
  if (!query.has("__theme") && ["light", "dark"].includes(stored.theme)) {
    query.set("__theme", stored.theme);
    history.replaceState(history.state, "", `${location.pathname}?${query}`);
  }
  const theme = query.get("__theme");
  root.classList.toggle("dark", theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches));
  const language = ["en", "zh"].includes(stored.language) ? stored.language : navigator.language;
  root.lang = language?.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  Object.defineProperty(navigator, "language", { get: () => root.lang });
  for (const part of (query.get("hide") ?? "").split(",")) if (/^[a-z]+$/.test(part)) root.classList.add(`hide-${part}`);
  const still = Object.assign(document.createElement("div"), { className: "still", inert: true, innerHTML: STILL });
  const paint = () => {
    if (!document.body) return requestAnimationFrame(paint);
    document.body.prepend(still);
    import(new URL(FIRST, document.baseURI)).then(({ drawFirst }) => drawFirst(still.querySelector(".still-lanes"), USUAL));
  };
  paint();
  addEventListener("DOMContentLoaded", () => import(new URL(FRAME, document.baseURI)));
})();
