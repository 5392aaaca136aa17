"""Tables whose columns stand on several pages: joined where it is certain, told where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fisc.extractors.grids import Grid, grids_of
from fisc.extractors.page import Page
from fisc.extractors.reading import read_pages
from fisc.extractors.tables.across import joined_across
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.layout_report import read_back
from samples.press import print_disclosure
from samples.variants import variant

WAYS = ("across_over", "across_over_keys", "across_down", "across_down_keys")


@pytest.mark.parametrize("way", WAYS)
def test_columns_on_two_pages_are_one_table(way: str) -> None:
    extracted, tables = read_back(variant("hebei", way))
    assert {table.table for table in tables if table.outcome != "exact"} == set()
    joined = [f for f in extracted.tables["finding"].to_pylist() if f["rule"] == "table.across"]
    assert {"revenue_expenditure", "revenue", "expenditure", "general_public_budget"} <= {
        f["where"] for f in joined
    }
    assert {finding["severity"] for finding in joined} == {"info"}


def test_a_figure_leads_to_its_own_page() -> None:
    extracted, _ = read_back(variant("hebei", "across_over"))
    cells = [c for c in extracted.tables["cell"].to_pylist() if c["table"] == "expenditure" and c["text"]]
    pages = {column: {c["page"] for c in cells if c["column"] == column} for column in ("total", "basic")}
    assert pages["basic"] == {page + 1 for page in pages["total"]}


def printed() -> tuple[list[Page], dict[int, tuple[Grid, ...]]]:
    """支出总表 with its codes and names on both pages."""
    layout = layouts.load("hebei").reformed(across="over", keys=True, repeat="none", new_page=True)
    layout = replace(layout, forms=(layout.form("expenditure"),), order=("tables",))
    content = print_disclosure(make_disclosure(2, "361", 2025, "budget"), layout).content
    pages = list(read_pages(content))
    return pages, {page.number: tuple(grids_of(page)) for page in pages}


def other_code(grid: Grid) -> Grid:
    """The page with one of its repeated codes changed."""
    changed = next(c for c in grid.cells if c.column == 1 and c.row > 4 and c.text.isdigit())
    return replace(grid, cells=tuple(replace(c, text="20999") if c is changed else c for c in grid.cells))


def shorter(grid: Grid) -> Grid:
    """The page without its last row."""
    last = len(grid.row_edges) - 2
    return replace(grid, row_edges=grid.row_edges[:-1], cells=tuple(c for c in grid.cells if c.row < last))


def lower_row(grid: Grid) -> Grid:
    """The page with the edge of one of its rows moved."""
    edges = list(grid.row_edges)
    edges[8] += 5
    return replace(grid, row_edges=tuple(edges))


def other_head(grid: Grid) -> Grid:
    """The page with a head that no form knows."""
    changed = next(c for c in grid.cells if c.text.startswith("经营支出"))
    return replace(grid, cells=tuple(replace(c, text="其他口径") if c is changed else c for c in grid.cells))


def test_pages_that_agree_are_joined() -> None:
    pages, grids = printed()
    first, further = (page.number for page in pages)
    whole = joined_across(pages, grids)
    assert whole[further] == ()
    assert [part.page for part in whole[first][0].parts] == [first, further]


@pytest.mark.parametrize("change", [other_code, shorter, lower_row, other_head])
def test_pages_that_do_not_agree_stay_apart(change: Callable[[Grid], Grid]) -> None:
    pages, grids = printed()
    first, further = (page.number for page in pages)
    grids[further] = (change(grids[further][0]),)
    assert joined_across(pages, grids) == grids
    assert len(grids[first]) == 1


def test_a_title_of_its_own_begins_another_table() -> None:
    pages, grids = printed()
    first, further = pages
    title = [word for word in first.words if word.y1 < grids[first.number][0].box[1]]
    pages[1] = replace(further, words=(*(replace(w, text=f"甲{w.text}") for w in title), *further.words))
    assert joined_across(pages, grids) == grids
