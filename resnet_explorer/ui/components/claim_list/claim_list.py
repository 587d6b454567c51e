"""The claims as a list of cards, each with its verdict, its picture, and what judging it takes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gradio.events import EventListener

from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.ui.components.component import Component


@dataclass(frozen=True)
class ClaimCard:
    """A claim in one line; `svg` is its picture, and `picture` the same in words.

    `state` is live, stopped, failed, or empty where nothing is at work; `about` says when and where it was measured,
    or how far it is. `forms` are those that it can be judged in.
    """

    id: str
    claim: str
    source: Sentence
    arxiv: str
    word: str
    svg: str
    picture: Sentence
    about: Sequence[Sentence]
    time: Sentence
    state: str = ""
    run: str = ""
    forms: tuple[str, ...] = ()
    done: int = 0
    of: int = 0


class ClaimList(Component):
    """Shows claims as cards; the value is a list of them.

    Events: `open` when one is opened (`event.claim`), `judge` (`event.claim`, `event.form`), and `stop` and `resume`
    (`event.run`).

    import gradio as gr
    from resnet_explorer.describe.sentence import Sentence
    from resnet_explorer.ui.components.claim_list.claim_list import ClaimCard, ClaimList
    with gr.Blocks() as demo:
        none = Sentence("")
        ClaimList([ClaimCard("a", "Deeper is worse.", none, "1512.03385", "supported", "", none, [], none)])
    demo.launch()
    """

    EVENTS: list[Any] = [EventListener(name) for name in ("open", "judge", "stop", "resume")]

    def __init__(self, value: Sequence[ClaimCard] | None = None, **props: Any) -> None:
        super().__init__("claim_list", value, **props)

    def preprocess(self, payload: object) -> None:
        """Claims are only shown: there is nothing to read from them but events."""

    def postprocess(self, value: Sequence[ClaimCard] | None) -> str:  # type: ignore[override]
        """One JSON text; a sentence is a pair of its text and its values."""
        return "" if value is None else json.dumps([asdict(card) for card in value], ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of cards."""
        return {"type": "string", "description": "the JSON of cards: a claim, its verdict, and what judging it takes"}
