"""How the page looks: the tokens of its design, once, as CSS variables and as a Gradio theme.

Our components read the variables (`var(--ink)`); the theme points Gradio's own variables at them, so that Gradio's
widgets look the same and both follow light and dark together. The colours are those of `figures/theme.py`.
"""

import gradio as gr
from gradio.themes import Color, Size
from gradio.themes.utils.fonts import LocalFont

from resnet_explorer.figures.theme import DARK, LIGHT, Palette

# what a surface under the pointer has: light, dark
WASH = ("#f3f2ee", "#1c1e20")
SANS = '"IBM Plex Sans", "PingFang SC", "Noto Sans SC", "Microsoft YaHei", system-ui, sans-serif'
MONO = '"IBM Plex Mono", ui-monospace, "Noto Sans SC", monospace'
# every shade that Gradio mixes from a hue is one of ours, so nothing of its own blue is left
INK = Color(
    *("var(--wash)", "var(--wash)", "var(--hair)", "var(--hair)", "var(--faint)"),
    *("var(--ink)", "var(--ink)", "var(--ink)", "var(--ink)", "var(--ink)", "var(--ink)"),
    name="ink",
)
TEXT = Size("11px", "13px", "13px", "15px", "15px", "18px", "24px", name="instrument")
SPACING = Size("1px", "2px", "4px", "4px", "8px", "8px", "16px", name="instrument")
SQUARE = Size("0px", "0px", "0px", "0px", "0px", "0px", "0px", name="square")
# what both modes share: Gradio's variables and ours
SAME = {
    "body_background_fill": "paper",
    "body_text_color": "ink",
    "body_text_color_subdued": "faint",
    "background_fill_primary": "paper",
    "background_fill_secondary": "paper",
    "border_color_primary": "hair",
    "border_color_accent": "ink",
    "color_accent_soft": "wash",
    "block_background_fill": "paper",
    "block_label_background_fill": "paper",
    "block_label_text_color": "ink",
    "block_title_text_color": "ink",
    "block_info_text_color": "faint",
    "panel_background_fill": "paper",
    "input_background_fill": "paper",
    "input_border_color": "hair",
    "input_border_color_focus": "ink",
    "input_placeholder_color": "faint",
    "checkbox_background_color": "paper",
    "checkbox_background_color_selected": "ink",
    "checkbox_border_color": "faint",
    "checkbox_border_color_selected": "ink",
    "checkbox_border_color_focus": "ink",
    "checkbox_label_background_fill": "paper",
    "checkbox_label_background_fill_hover": "wash",
    "checkbox_label_background_fill_selected": "wash",
    "checkbox_label_border_color": "hair",
    "checkbox_label_text_color": "ink",
    "checkbox_label_text_color_selected": "ink",
    "slider_color": "ink",
    "loader_color": "ink",
    "link_text_color": "ink",
    "link_text_color_hover": "ink",
    "link_text_color_visited": "ink",
    "link_text_color_active": "ink",
    "table_border_color": "hair",
    "table_even_background_fill": "paper",
    "table_odd_background_fill": "paper",
    "table_row_focus": "wash",
    "table_text_color": "ink",
    "code_background_fill": "paper",
    "button_primary_background_fill": "ink",
    "button_primary_background_fill_hover": "ink",
    "button_primary_border_color": "ink",
    "button_primary_text_color": "paper",
    "button_secondary_background_fill": "paper",
    "button_secondary_background_fill_hover": "wash",
    "button_secondary_border_color": "hair",
    "button_secondary_text_color": "ink",
    "stat_background_fill": "hair",
    "error_background_fill": "paper",
    "error_border_color": "warn",
    "error_text_color": "warn",
}
PLAIN = {
    "block_border_width": "0px",
    "block_padding": "0px",
    "block_shadow": "none",
    "block_label_padding": "0px",
    "block_label_border_width": "0px",
    "block_title_padding": "0px",
    "block_title_text_weight": "400",
    "block_title_text_size": "13px",
    "panel_border_width": "0px",
    "layout_gap": "16px",
    "form_gap_width": "16px",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "input_padding": "4px 8px",
    "input_border_width": "1px",
    "input_text_size": "13px",
    "checkbox_label_padding": "4px 8px",
    "checkbox_label_shadow": "none",
    "checkbox_shadow": "none",
    "checkbox_label_text_size": "13px",
    "button_large_padding": "4px 16px",
    "button_medium_padding": "4px 16px",
    "button_small_padding": "4px 8px",
    "button_large_text_size": "13px",
    "button_medium_text_size": "13px",
    "button_small_text_size": "13px",
    "button_large_text_weight": "400",
    "button_medium_text_weight": "400",
    "button_small_text_weight": "400",
    "button_transition": "background-color 120ms",
    "button_primary_shadow": "none",
    "button_secondary_shadow": "none",
    "container_radius": "0px",
}


class Instrument(gr.themes.Base):
    """Ink on paper, hairlines instead of boxes, one sans and one monospaced face, nothing fetched."""

    def __init__(self) -> None:
        super().__init__(
            primary_hue=INK,
            secondary_hue=INK,
            neutral_hue=INK,
            spacing_size=SPACING,
            radius_size=SQUARE,
            text_size=TEXT,
            font=[LocalFont("IBM Plex Sans"), "PingFang SC", "Noto Sans SC", "system-ui", "sans-serif"],
            font_mono=[LocalFont("IBM Plex Mono"), "ui-monospace", "monospace"],
        )
        self.name = "instrument"
        both = {name: f"var(--{token})" for name, token in SAME.items()}
        super().set(**both, **{f"{name}_dark": value for name, value in both.items()}, **PLAIN)


def variables() -> str:
    """The tokens and the lanes' colours as CSS variables, for both modes."""
    return f":root {{ {_declare(LIGHT, 0)} }}\n:root.dark, .dark {{ {_declare(DARK, 1)} }}"


def _declare(palette: Palette, mode: int) -> str:
    tokens = {name: getattr(palette, name) for name in ("paper", "ink", "faint", "hair", "warn")}
    lanes = {f"lane-{slot}": colour for slot, colour in enumerate(palette.lanes)}
    declared = {**tokens, "wash": WASH[mode], **lanes, "sans": SANS, "mono": MONO}
    scheme = ("light", "dark")[mode]
    return " ".join((f"color-scheme: {scheme};", *(f"--{name}: {value};" for name, value in declared.items())))
