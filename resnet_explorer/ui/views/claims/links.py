"""The lanes of a part in other views: what the address says there."""

from collections.abc import Mapping, Sequence

from resnet_explorer.api.study_answers import ClaimAnswer
from resnet_explorer.runs.run_folder import SHORT
from resnet_explorer.studies.catalog import find_study
from resnet_explorer.studies.study import FIRST_SEED, Form, FromAnalysis, FromPlan, FromRuns
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES
from resnet_explorer.ui.views.claims.known import KnownPart

Changes = Mapping[str, str]
# as many runs as a link names
MOST_RUNS = 60


def links_of(claim: ClaimAnswer, part: KnownPart, form: str) -> Sequence[tuple[str, Changes]]:
    """Which views show more of the lanes of a part, and what their link says."""
    measured = find_study(claim["id"]).part(part.part["name"]).form(form)
    if not isinstance(measured, Form):
        return ()
    lines = [lane.line for lane in measured.lanes][:MAX_LANES]
    shared: Changes = {"lanes": lanes_text(lines), "slots": "", "group": ""}
    links: list[tuple[str, Changes]] = []
    match measured.measure:
        case FromPlan():
            links.append(("Open in Structure", {**shared, "view": "structure"}))
        case FromRuns():
            links.append(("Open in Train", {**shared, **_train(measured.measure, measured, trained(part))}))
        case FromAnalysis():
            if measured.measure.trained:
                links.append(("Open in Train", {**shared, **_train(measured.measure.trained, measured, trained(part))}))
            links.append(("Open in Dissect", {**shared, **_dissect(measured.measure, trained(part), part)}))
    return links


def trained(part: KnownPart) -> list[str]:
    """The training runs of a part, by the first letters of their ids: the first run of each lane and seed."""
    first = [lane[0][:SHORT] for lanes in part.verdict["runs"] for lane in lanes if lane]
    return list(dict.fromkeys(first))[:MOST_RUNS]


def lanes_text(lines: Sequence[str]) -> str:
    """Networks by their lines as the address holds them."""
    return ",".join(lines)


def _train(measure: FromRuns, form: Form, runs: Sequence[str]) -> Changes:
    """The runs there are, and the recipe with what all lanes change in it."""
    settings = dict(measure.settings)
    own = [dict(lane.settings) for lane in form.lanes]
    settings |= {name: text for name, text in own[0].items() if all(lane.get(name) == text for lane in own)}
    return {
        "view": "train",
        "runs": ",".join(runs),
        "train_recipe": measure.recipe,
        "train_set": ";".join(f"{name}={text}" for name, text in settings.items()),
    }


def _dissect(measure: FromAnalysis, runs: Sequence[str], part: KnownPart) -> Changes:
    """The analysis with its settings, on the first seed's weights: initial ones or those of its runs."""
    settings = ";".join(f"{name}={_setting(value)}" for name, value in measure.settings.items())
    return {
        "view": "dissect",
        "dissect": measure.analysis,
        f"set_{measure.analysis.replace('-', '_')}": settings,
        "weights": "runs" if measure.trained else "initial",
        "dissect_runs": ",".join(runs[:MAX_LANES]) if measure.trained else "",
        "dissect_data": measure.data,
        "dissect_seed": str(part.verdict["seeds"][0] if part.verdict["seeds"] else FIRST_SEED),
        "measured": "",
    }


def _setting(value: object) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
