"""The texts of the page in other languages: English is the key, and what is not translated stays English."""

import json
import re
from functools import cache

import gradio as gr
from gradio.i18n import I18nData

from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.ui.components.component import FOLDER

# of an event whose last value is the page's language
IN_LANGUAGE = "(...values) => [...values.slice(0, -1), document.documentElement.lang]"
CHINESE = FOLDER / "shared" / "zh.json"
# Gradio translates every text that is a key, the values of controls too: what may be one has a key of its own
VALUE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
UNSEEN = "\u200b"


@cache
def translations() -> gr.I18n:
    """English to itself and to Chinese, for every text that a component of Gradio's shows."""
    english = {_key(text): text for text in _chinese()}
    chinese = {_key(text): translation for text, translation in _chinese().items()}
    return gr.I18n(en=english, zh=chinese, **{"zh-CN": chinese})


def i18n(text: str | Sentence) -> I18nData | str:
    """A text that is shown in the visitor's language, if there is a translation; before the page is launched."""
    if isinstance(text, Sentence):
        for language, known in translations().translations_dict.items():
            known[str(text)] = say(text, language)
        return translations()(str(text))
    return translations()(_key(text)) if text in _chinese() else text


def translate(text: str, language: str) -> str:
    """A text for a component that shows what Python sends as it is; a visitor's language is such as zh-CN."""
    return _chinese().get(text, text) if language.startswith("zh") else text


def say(sentence: Sentence | str | int, language: str) -> str:
    """A sentence with all that stands at its places, in a visitor's language."""
    if not isinstance(sentence, Sentence):
        return translate(str(sentence), language)
    values = {name: say(value, language) for name, value in sentence.values.items()}
    return translate(sentence.text, language).format(**values)


@cache
def _chinese() -> dict[str, str]:
    texts: dict[str, str] = json.loads(CHINESE.read_text())
    return texts


def _key(text: str) -> str:
    return text + UNSEEN if VALUE.fullmatch(text) else text
