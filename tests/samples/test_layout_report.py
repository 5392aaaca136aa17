"""docs/layouts.md is what the command prints today, and no table in it is silently other than printed."""

from __future__ import annotations

import pytest

from samples import layout as layouts
from samples.layout_report import PAGE, drift_line, layout_line
from samples.variants import DRIFTS

LINES = PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", layouts.names())
def test_the_line_of_each_layout_is_current(name: str) -> None:
    assert layout_line(name) in LINES


@pytest.mark.parametrize("drift", ["rules_none", "rows_cut", "watermark", "heads_reworded"])
def test_the_lines_of_some_drifts_are_current(drift: str) -> None:
    assert drift_line(drift) in LINES


def test_every_drift_has_a_line_and_no_table_is_silently_other_than_printed() -> None:
    told = {cells[1]: cells[-2] for line in LINES if len(cells := [c.strip() for c in line.split("|")]) == 6}
    assert {drift: told[drift] for drift in DRIFTS} == dict.fromkeys(DRIFTS, "0")
