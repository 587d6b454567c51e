"""The report on claims: a row a part, what it measured, and texts that break neither table."""

from resnet_explorer.api.claims_report import latex_report, markdown_report
from resnet_explorer.api.study_answers import ClaimAnswer, PartVerdict, VerdictAnswer, claim_answer
from resnet_explorer.studies.catalog import find_study


def part(name: str, **changes: object) -> PartVerdict:
    values = {
        "name": name,
        "verdict": "supported",
        "reason": "why",
        "seeds": [100, 101, 102],
        "numbers": [[1.0, 2.0]] * 3,
        "statistics": [1.0, 1.1, 0.9],
        "interval": {"low": 0.5, "mean": 1.0, "high": 1.5},
        "p": 0.01,
        "holm": None,
        "runs": [],
        "run_seconds": 3.0,
        "hardware": ["a processor"],
        "hash": "abc",
    }
    return PartVerdict(**{**values, **changes})  # type: ignore[typeddict-item]


def claim(*parts: PartVerdict, older: bool = False) -> ClaimAnswer:
    verdict = VerdictAnswer(
        study="degradation", verdict="supported", parts=list(parts), form="short", data="shapes", asked_seeds=0,
        first_seed=100, run="a" * 26, short="aaaaaa", state="finished", reason="", done=3, of=3, seconds=1.0,
        remaining=None, resumable=False, mine=False, date=0, commit="0123456789abcdef", torch="2.14.1",
        older_rule=older, recorded=False,
    )  # fmt: skip
    return claim_answer(find_study("degradation"), verdict, None, {})


def test_a_row_says_what_was_measured_and_below_where() -> None:
    text = markdown_report([claim(part("deeper"))])
    assert "A plain network of 56 layers trains worse than one of 20. | supported | 1 [0.5, 1.5] | 3 |" in text
    assert "Judged in the short form on shapes, a processor, torch 2.14.1, commit 0123456789." in text


def test_what_has_no_interval_is_given_by_its_largest_value() -> None:
    assert "| 1.1 | 3 |" in markdown_report([claim(part("deeper", interval=None, p=None))])
    assert "| 10 of 10 fail | 3 |" in markdown_report([claim(part("deeper", interval=None, reason="10 of 10 fail"))])


def test_an_older_rule_is_said() -> None:
    assert "| supported, under an older rule |" in markdown_report([claim(part("deeper"), older=True)])


def test_no_text_breaks_a_table() -> None:
    text = latex_report([claim(part("50 % of A_b & c|d"))])
    assert r"50 \% of A\_b \& c|d & supported" in text
    assert r"50 % of A_b & c\|d" in markdown_report([claim(part("50 % of A_b & c|d"))])
    assert text.count(r"\\") == 2
    assert "% Judged in the short form" in text
