"""The texts of the page in other languages: English is the key, and what is not translated stays English."""

import json
from functools import cache

import gradio as gr
from gradio.i18n import I18nData

from resnet_explorer.ui.components.component import FOLDER

# of an event whose last value is the page's language
IN_LANGUAGE = "(...values) => [...values.slice(0, -1), document.documentElement.lang]"
CHINESE = FOLDER / "shared" / "zh.json"


@cache
def translations() -> gr.I18n:
    """English to itself and to Chinese, for every text that a component of Gradio's shows."""
    chinese = json.loads(CHINESE.read_text())
    english = {text: text for text in chinese}
    return gr.I18n(en=english, zh=chinese, **{"zh-CN": chinese})


def i18n(text: str) -> I18nData | str:
    """A text that is shown in the visitor's language, if there is a translation."""
    return translations()(text) if text in translations().translations_dict["en"] else text


def translate(text: str, language: str) -> str:
    """A text for a component that shows what Python sends as it is; a visitor's language is such as zh-CN."""
    return translations().translations_dict["zh"].get(text, text) if language.startswith("zh") else text
