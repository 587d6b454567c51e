"""Each seed's numbers by lane, what was judged, and the runs that gave them, as links to other views."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from resnet_explorer.ui.components.component import Component


@dataclass(frozen=True)
class SeedRow:
    """A seed: a text for each lane's number, that of the statistic, and the first letters of its runs' ids by lane."""

    seed: int
    numbers: Sequence[str]
    statistic: str
    runs: Sequence[Sequence[str]]


@dataclass(frozen=True)
class SeedTable:
    """The rows under the lanes' networks; `links` are other views, each by what its address says."""

    lanes: Sequence[str]
    statistic: str
    rows: Sequence[SeedRow]
    links: Sequence[tuple[str, Mapping[str, str]]] = field(default_factory=tuple)


class ClaimSeeds(Component):
    """Shows the seeds of a part as a table with links to their runs; the value is a `SeedTable`.

    import gradio as gr
    from resnet_explorer.ui.components.claim_seeds.claim_seeds import ClaimSeeds, SeedRow, SeedTable
    with gr.Blocks() as demo:
        ClaimSeeds(SeedTable(["cifar-basic-20"], "A", [SeedRow(100, ["1.2"], "1.2", [[]])]))
    demo.launch()
    """

    EVENTS: list[Any] = []

    def __init__(self, value: SeedTable | None = None, **props: Any) -> None:
        super().__init__("claim_seeds", value, **props)

    def preprocess(self, payload: object) -> None:
        """Numbers are only shown: there is nothing to read from them."""

    def postprocess(self, value: SeedTable | None) -> str:  # type: ignore[override]
        """One JSON text."""
        return "" if value is None else json.dumps(asdict(value), ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of a table."""
        return {"type": "string", "description": "the JSON of lanes, a statistic, a row a seed, and links"}
