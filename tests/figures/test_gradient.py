"""What the gradient figure draws of a small world: two lanes, three seeds, values known."""

import json

import numpy as np
import plotly.graph_objects as go

from resnet_explorer.figures.gradient import Curve, draw
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.theme import DARK, DASHES, LIGHT, PAGE, Palette
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import GradientProfile

PLACES = ((0, 0), (1, 1), (1, 2), (2, 1), (2, 2))
GROWING = ((16.0, 8.0, 4.0, 2.0, 1.0), (32.0, 16.0, 8.0, 4.0, 2.0), (24.0, 12.0, 6.0, 3.0, 1.5))


def curve(slot: int, rows: tuple[tuple[float, ...], ...] = GROWING, shapes: tuple[str, ...] = ()) -> Curve:
    return Curve(slot, f"lane {slot}", GradientProfile(METRICS["gradient"], PLACES, rows), shapes)


def figure(curves: list[Curve], fraction: bool = False, palette: Palette = LIGHT) -> go.Figure:
    return to_plotly(draw(curves, fraction, palette))


def lanes(drawn: go.Figure) -> list[go.Scatter]:
    return [trace for trace in drawn.data if trace.name]


def words(drawn: go.Figure) -> list[str]:
    return [note.text for note in drawn.layout.annotations]


def test_a_line_is_the_mean_over_seeds() -> None:
    assert lanes(figure([curve(0)]))[0].y.tolist() == [24, 12, 6, 3, 1.5]


def test_the_hover_knows_the_range_over_seeds() -> None:
    assert lanes(figure([curve(0)]))[0].customdata[0].tolist() == [16, 32]


def test_a_band_walks_the_lowest_and_back_the_highest() -> None:
    band = figure([curve(0)]).data[0]
    assert band.y.tolist() == [16, 8, 4, 2, 1, 2, 4, 8, 16, 32]
    assert band.opacity == 0.15


def test_a_lane_has_the_colour_and_dash_of_its_slot() -> None:
    for palette in (LIGHT, DARK, PAGE):
        drawn = lanes(figure([curve(4)], palette=palette))[0].line
        assert (drawn.color, drawn.dash) == (palette.lanes[4], DASHES[4])


def test_a_letter_stands_where_gradients_end() -> None:
    letter = figure([curve(2)]).data[-1]
    assert "C" in letter.text[0]
    assert (letter.x[0], letter.y[0]) == (0, 24)


def test_what_a_log_axis_cannot_show_is_a_gap() -> None:
    drawn = lanes(figure([curve(0, rows=((4.0, 0.0, float("nan"), 2.0, 1.0),))]))[0]
    assert np.isnan(drawn.y).tolist() == [False, True, True, False, False]


def test_stages_are_named_with_their_shapes() -> None:
    assert words(figure([curve(0, shapes=("16×32²", "32×16²"))])) == ["stage 1 · 16×32²", "stage 2 · 32×16²"]


def test_lanes_of_different_shapes_share_only_the_name_of_a_stage() -> None:
    assert words(figure([curve(0, shapes=("16×32²", "32×16²")), curve(1)])) == ["stage 1", "stage 2"]


def test_no_hairlines_where_the_lanes_change_at_different_units() -> None:
    shallow = Curve(1, "shallow", GradientProfile(METRICS["gradient"], PLACES[:3], tuple(row[:3] for row in GROWING)))
    assert not figure([curve(0), shallow]).layout.shapes


def test_a_fraction_ends_at_one_for_every_depth() -> None:
    shallow = Curve(1, "shallow", GradientProfile(METRICS["gradient"], PLACES[:3], tuple(row[:3] for row in GROWING)))
    assert {float(trace.x[-1]) for trace in lanes(figure([curve(0), shallow], fraction=True))} == {1.0}


def test_zoom_is_kept_until_the_axes_mean_something_else() -> None:
    revisions = {figure([curve(slot)]).layout.uirevision for slot in range(6)}
    assert len(revisions) == 1
    assert figure([curve(0)], fraction=True).layout.uirevision not in revisions


def test_a_figure_is_small_and_carries_no_lists_of_numbers() -> None:
    text = to_json(draw([curve(slot) for slot in range(6)], palette=PAGE))
    assert len(text) < 14_000
    assert "bdata" in json.loads(text)["data"][1]["y"]
    assert "#" not in text


def test_no_lanes_give_an_empty_figure() -> None:
    assert not figure([]).data


def test_theory_is_in_sight() -> None:
    high = Curve(0, "lane", GradientProfile(METRICS["gradient"], PLACES, GROWING), theory=(1e6, 1e3, 10.0, 3.0, 1.5))
    assert figure([high]).layout.yaxis.range[1] > 6
    (name,) = [trace for trace in figure([high]).data if trace.text and "theory" in trace.text[0]]
    assert (name.text[0], name.x.tolist(), name.y.tolist()) == ("theory A", [2], [10])


def test_the_names_of_theories_stand_apart() -> None:
    rows = tuple(Curve(slot, "lane", curve(slot).flow, theory=GROWING[0]) for slot in range(3))
    names = [trace for trace in figure(list(rows)).data if trace.text and "theory" in trace.text[0]]
    assert [(name.text[0], float(name.x[0])) for name in names] == [("theory A", 0), ("theory B", 2), ("theory C", 4)]
