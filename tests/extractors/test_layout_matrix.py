"""Whatever the press draws: published rows are the printed ones, or a finding names the table that is not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samples import layout as layouts
from samples.layout_matrix import DEPARTMENTS, MOST, Draw
from samples.layout_report import Compared
from samples.variants import DRIFTS

DRIFTED = st.lists(st.sampled_from(sorted(DRIFTS)), min_size=1, max_size=MOST, unique=True)


def silent(draw: Draw) -> list[Compared]:
    """The tables whose rows are not the printed ones, and of which no finding that fits says so."""
    return [table for table in draw.read() if table.outcome == "silent"]


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
@given(st.sampled_from(layouts.names()), DRIFTED, st.sampled_from(DEPARTMENTS))
def test_rows_are_the_printed_ones_or_a_finding_names_the_table(
    name: str, drifts: list[str], department: str
) -> None:
    assert silent(Draw(name, tuple(drifts), department, 3)) == []


@pytest.mark.parametrize(
    ("name", "drifts"),
    [
        ("hebei", ["tight_cells", "short_pages", "titles_numbered", "rules_horizontal"]),
        ("guangdong_final", ["total_last", "rules_none", "short_pages"]),
        ("national_final", ["rules_none", "short_pages"]),
        ("chongqing_budget", ["figures_wide", "rules_none"]),
        ("guizhou_budget", ["watermark", "separators"]),
        ("national_final", ["unit_apart", "columns_reversed"]),
    ],
)
def test_combinations_that_once_lost_rows_without_a_word(name: str, drifts: list[str]) -> None:
    assert silent(Draw(name, tuple(drifts), "361", 2)) == []


@pytest.mark.parametrize(
    "draw",
    [
        Draw("hebei", ("unit_in_heads", "rules_horizontal", "page_numbers", "titles_spaced"), "306", 5),
        Draw("hunan_budget", ("rules_none", "rows_cut", "titles_broken", "repeat_caption"), "385", 2),
        Draw("sichuan_final", ("total_wide", "unit_in_heads"), "318", 3),
        Draw("shaanxi_final", ("rows_cut",), "306", 5),
        Draw("shanghai", ("rules_none", "short_pages"), "361", 2),
        Draw("neimenggu_final", ("rules_open_sides", "across_over_keys"), "318", 2),
        Draw("chongqing_budget", ("figures_signed", "across_down", "rules_horizontal"), "318", 2),
        Draw("beijing_final", ("font_hei", "names_clipped", "rules_frame"), "306", 3),
    ],
    ids=str,
)
def test_draws_that_were_once_silent(draw: Draw) -> None:
    assert silent(draw) == []
