"""Tables without rules, or with lines across only: every cell as printed, and said to be read by alignment."""

from __future__ import annotations

import pytest

from fisc.extractors.document import extract
from fisc.extractors.grids import grids_of
from fisc.extractors.reading import read_pages
from fisc.extractors.unruled import unruled_grids
from fisc.schemas.identity import Hints
from samples.disclosure import make_disclosure
from samples.layout import load
from samples.press import expected_rows, print_disclosure
from samples.variants import variant


@pytest.mark.parametrize("layout", ["hebei", "national_final", "shanghai"])
@pytest.mark.parametrize("rules", ["rules_none", "rules_horizontal"])
def test_amounts_are_the_printed_ones_and_the_table_says_how_it_was_read(layout: str, rules: str) -> None:
    printed_in = variant(layout, rules)
    disclosure = make_disclosure(2, "361", 2025, printed_in.stage)
    printed = print_disclosure(disclosure, printed_in)
    tables = extract(printed.content, Hints(title=printed.title)).tables
    for table, rows in expected_rows(disclosure, printed_in).items():
        amounts = [
            [row.get("total", row.get("amount")) for row in got] for got in (rows, tables[table].to_pylist())
        ]
        assert amounts[0] == amounts[1], table
    told = [
        finding["where"] for finding in tables["finding"].to_pylist() if finding["rule"] == "table.unruled"
    ]
    assert {"revenue", "expenditure", "general_public_budget"} <= set(told)
    assert tables["document"]["cells_refuted"].to_pylist() == [0]


def test_ruled_tables_contents_and_narrative_are_left_alone() -> None:
    layout = load("hebei")
    pages = read_pages(print_disclosure(make_disclosure(2, "361", 2025, "budget"), layout).content)
    ruled = {page.number: grids_of(page) for page in pages}
    assert {number: tuple(grids) for number, grids in unruled_grids(pages, ruled).items()} == ruled
