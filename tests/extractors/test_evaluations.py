"""Self-evaluation tables as they are printed: scores against their points, and against their total."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fisc.extractors.document import extract
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure


def told(*rows: tuple[str, str, str]) -> list[tuple[str, str, int]]:
    """Rule, outcome and count of the checks of a self-evaluation table with these names, points and scores."""
    layout = layouts.load("yunnan_final")
    forms = tuple(
        replace(form, rows=tuple((name, "", "", points, score) for name, points, score in rows))
        if form.table == "self_evaluation"
        else form
        for form in layout.forms
    )
    printed = print_disclosure(make_disclosure(1, "306", 2025, layout.stage), replace(layout, forms=forms))
    checks = extract(printed.content, Hints(printed.file_name)).tables["check"].to_pylist()
    return [(c["rule"], c["outcome"], c["count"]) for c in checks if c["rule"].startswith("evaluation.")]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            [("预算执行", "10", "4.17"), ("产出", "90", "90"), ("总分", "100", "94.17")],
            [("evaluation.points", "pass", 2), ("evaluation.total", "pass", 1)],
        ),
        (
            [("预算执行", "10", "4.17"), ("产出", "90", "91"), ("总分", "100", "95.17")],
            [
                ("evaluation.points", "fail", 1),
                ("evaluation.points", "pass", 1),
                ("evaluation.total", "pass", 1),
            ],
        ),
        (
            [("预算执行", "10", "4.17"), ("产出", "90", "90"), ("总分", "100", "97.14")],
            [("evaluation.points", "pass", 2), ("evaluation.total", "fail", 1)],
        ),
        (
            [("产出", "50", "50"), ("总分", "100", "97.14")],
            [("evaluation.points", "pass", 1)],
        ),
    ],
)
def test_scores_and_their_points(rows: list[tuple[str, str, str]], found: list[tuple[str, str, int]]) -> None:
    assert sorted(told(*rows)) == found
