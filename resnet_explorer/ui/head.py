"""The page's head: its styles, its modules to load early, and a still picture of the page to paint first."""

import json
from pathlib import Path

STATIC = Path(__file__).parent / "static"
BASE = "gradio_api/explorer/static"
STYLES = ("page", "frame", "lanes", "editor", "structure", "gradient", "train")
# The page is painted as a still picture in its own colours as soon as its styles are there, and brought to life
# as soon as its modules are; nothing moves in between.
START = """<script>
(() => {
  let chosen = "auto";
  try { chosen = JSON.parse(localStorage.getItem("resnet-explorer") ?? "{}").theme; } catch {}
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  const styles = [...document.querySelectorAll('link[href^="BASE"][rel=stylesheet]')];
  const loaded = (style) => style.sheet || new Promise((done) => (style.onload = style.onerror = done));
  const root = document.createElement("div");
  root.className = "explorer";
  root.innerHTML = SKELETON;
  const painted = Promise.all(styles.map(loaded)).then(() => document.body.append(root));
  const page = import(new URL("BASE/main.js", document.baseURI));
  Promise.all([page, painted]).then(([page]) => page.start(root));
})();
</script>"""


def head() -> str:
    """The lines for the page's head."""
    styles = [f'<link rel="stylesheet" href="{BASE}/{name}.css">' for name in STYLES]
    modules = [f'<link rel="modulepreload" href="{BASE}/{name}">' for name in _modules()]
    skeleton = json.dumps((STATIC / "page.html").read_text())
    script = START.replace("BASE", BASE).replace("SKELETON", skeleton)
    return "\n".join((*styles, *modules, script))


def _modules() -> list[str]:
    """The modules that the first view loads, those that others import first; later views load their own."""
    names = sorted(path.name for path in STATIC.glob("*.js"))
    later = ("gradient", "figure", "cliff", "train", "curves", "heat")
    return ["main.js", "vendor/preact.js", "store.js", *(name for name in names if not name.startswith(later))]
