"""What the page's head asks for: its styles, its modules early, and its colours before the first paint."""

STYLES = ("page", "frame", "lanes", "editor", "structure", "gradient")
MODULES = ("main", "store", "vendor/preact")
BASE = "gradio_api/explorer/static"
# the reader's choice of colours stands before anything is drawn, so that nothing flashes
COLOURS = """<script>
try {
  const chosen = JSON.parse(localStorage.getItem("resnet-explorer") ?? "{}").theme;
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
} catch {}
</script>"""


def head() -> str:
    """The lines for the page's head."""
    styles = [f'<link rel="stylesheet" href="{BASE}/{name}.css">' for name in STYLES]
    modules = [f'<link rel="modulepreload" href="{BASE}/{name}.js">' for name in MODULES]
    return "\n".join((*styles, *modules, COLOURS))
