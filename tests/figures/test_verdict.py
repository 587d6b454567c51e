"""A verdict as a picture: where the interval, the seeds and the rule stand, in small and whole."""

import json
import re
from typing import Any

import pytest

from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.theme import LIGHT
from resnet_explorer.figures.verdict import WIDTH, reach_of, verdict_svg, verdict_words
from resnet_explorer.figures.verdict_panels import draw

INTERVAL = {"low": 0.2, "mean": 0.4, "high": 0.6, "level": 0.017, "count": 3}


def form(least: float | None = None, most: float | None = None) -> dict[str, Any]:
    lanes = [{"letter": letter, "network": f"cifar-basic-{letter}", "settings": {}} for letter in "AB"]
    return {"lanes": lanes, "number": "late loss", "statistic": "B - A", "least": least, "most": most}


def part(statistics: list[Any], interval: dict[str, Any] | None = None) -> dict[str, Any]:
    seeds = [100 + place for place in range(len(statistics))]
    numbers = [[1.0, 1.5] for _ in statistics]
    shared = {"name": "deeper", "hash": "1", "seeds": seeds, "numbers": numbers}
    return {**shared, "statistics": statistics, "interval": interval}


def centres(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', svg)]


def test_seeds_interval_and_bound_stand_in_their_order() -> None:
    svg = verdict_svg(part([0.3, 0.4, 0.5], INTERVAL), form(least=0.05), LIGHT)
    *seeds, mean = centres(svg)
    assert seeds == sorted(seeds)
    assert mean == seeds[1]
    assert svg.count("stroke-dasharray") == 1
    bound = float(re.findall(r'x1="([\d.]+)"[^>]*stroke-dasharray', svg)[0])
    low, high = (float(x) for x in re.findall(r'x1="([\d.]+)" y1="10.0"[^>]*stroke-width="1.5"', svg))
    assert 0 < bound < low < mean < high < WIDTH


def test_errors_far_below_their_bound_stand_by_powers_of_ten() -> None:
    exact = form(most=1e-13)
    reach = reach_of(part([1e-16, 0.0]), exact)
    assert reach.log
    assert reach.share(0.0) < reach.share(1e-16) < reach.share(1e-13)
    # a difference never does, nor an interval
    assert not reach_of(part([1e-3, 1.0], INTERVAL), exact).log
    assert not reach_of(part([1e-3, 1.0]), form(least=0.05)).log


@pytest.mark.parametrize("known", [part([]), part(["NaN", 0.1]), part([0.0]), part([0.2, 0.2, 0.2])])
@pytest.mark.parametrize("rule", [form(), form(0.05), form(None, 0.0), form(None, 1e-6), form(-0.1, 0.1)])
def test_whatever_is_known_can_be_drawn(known: dict[str, Any], rule: dict[str, Any]) -> None:
    assert "nan" not in verdict_svg(known, rule).lower()
    figure = json.loads(to_json(draw(known, rule)))
    # a dot for each seed that has a number
    dots: dict[str, Any] = next((trace for trace in figure["data"] if trace.get("name") == "statistic"), {"y": []})
    assert len(dots["y"]) == sum(isinstance(value, float) for value in known["statistics"])
    assert len(re.findall("<circle", verdict_svg(known, rule))) == len(dots["y"])
    dashed = [shape for shape in figure["layout"]["shapes"] if shape["line"].get("dash")]
    assert len(dashed) == sum(bound is not None for bound in (rule["least"], rule["most"]))


def test_the_picture_is_said_in_words() -> None:
    words = str(verdict_words(part([0.3, 0.4, 0.5], INTERVAL), form(least=0.05)))
    assert words == "B - A: mean 0.4, interval 0.2 to 0.6, 3 seeds; judged by at least 0.05."
    assert str(verdict_words(part([]), form(-1, 1))) == "Nothing is measured yet; B - A is judged by -1 to 1."
    assert str(verdict_words(part([1e-16]), form(most=1e-13))).startswith(
        "B - A: 1e-16 to 1e-16, 1 seeds; judged by at"
    )


def test_dots_of_a_lane_have_its_colour_and_those_of_a_seed_are_joined() -> None:
    figure = draw(part([0.5, 0.5], None), form(least=0.05), LIGHT)
    lanes = [trace for trace in figure["data"] if trace.get("meta") is not None]
    assert [trace["marker"]["color"] for trace in lanes] == list(LIGHT.lanes[:2])
    assert [len(trace["y"]) for trace in lanes] == [2, 2]
    assert sum(trace["mode"] == "lines" for trace in figure["data"]) == 2
