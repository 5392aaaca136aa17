"""Every number of the pages is accounted for, and what remains is published number by number."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pymupdf
import pytest

from fisc.extractors.document import Extracted, extract
from fisc.extractors.grids import Grid, GridCell
from fisc.extractors.numbers import number_outcomes, overlooked, table_numbers
from fisc.extractors.page import Page, Word
from fisc.extractors.tables.captions import Caption
from fisc.extractors.tables.fitting import read_tables
from fisc.extractors.tables.printed import PrintedTable, TableCell
from fisc.schemas.identity import Hints
from fisc.schemas.narrative import NumericToken
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure

HEADS = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")


def printed(*lines: tuple[str, ...], title: str = "部门支出总表") -> PrintedTable:
    """A table of expenditure with these lines, ten points high and fifty wide a cell."""
    cells = [
        GridCell(i, j, 1, 1, text, (50.0 * j, 10.0 * i, 50.0 * j + 50, 10.0 * i + 10))
        for i, line in enumerate(lines)
        for j, text in enumerate(line)
    ]
    width = len(lines[0])
    edges = tuple(50.0 * j for j in range(width + 1)), tuple(10.0 * i for i in range(len(lines) + 1))
    grid = Grid(1, (0.0, 0.0, edges[0][-1], edges[1][-1]), *edges, tuple(cells))
    table_cells = tuple(TableCell(c.row, c.column, 1, 1, c.text, 1, c) for c in cells)
    return PrintedTable(1, Caption((title,), "万元"), (grid,), table_cells, len(lines), width)


def roles(table: PrintedTable) -> Counter[tuple[str, str | None]]:
    tokens = table_numbers([table], read_tables([table], "budget"))
    return Counter((token.text, token.role) for token in tokens)


def test_amounts_and_codes_of_rows_are_accounted_for() -> None:
    found = roles(printed(HEADS, ("2010301", "行政运行", "12.00", "12.00", "")))
    assert found == {("2010301", "cell"): 1, ("12.00", "cell"): 2}


def test_a_figure_on_a_line_that_reaches_no_row_is_not() -> None:
    found = roles(printed(HEADS, ("201", "一般公共服务支出", "5.00", "5.00", ""), ("", "", "7.00", "", "")))
    assert found == {("201", "cell"): 1, ("5.00", "cell"): 2, ("7.00", None): 1}


def test_the_zeros_of_a_blank_line_are_part_of_the_form() -> None:
    found = roles(printed(HEADS, ("201", "一般公共服务支出", "5.00", "", ""), ("", "", "0.00", "", "0.00")))
    assert found == {("201", "cell"): 1, ("5.00", "cell"): 1, ("0.00", "blank"): 2}


def test_a_code_that_cannot_be_read_is_not() -> None:
    found = roles(printed(HEADS, ("20103X", "行政运行", "12.00", "12.00", "")))
    assert found == {("20103X", None): 1, ("12.00", "cell"): 2}


def test_column_numbers_are_header_and_ordinals_are_ordinals() -> None:
    heads = ("序号", *HEADS)
    found = roles(
        printed(heads, ("1", "2", "3", "4", "5", "6"), ("7", "201", "一般公共服务支出", "5.00", "5.00", ""))
    )
    assert found == {
        **{(str(number), "header"): 1 for number in range(1, 7)},
        ("7", "ordinal"): 1,
        ("201", "cell"): 1,
        ("5.00", "cell"): 2,
    }


def test_a_table_of_no_known_form_is_accounted_for_raw() -> None:
    found = roles(printed(("甲", "乙"), ("8", "9"), title="车辆里程登记表"))
    assert found == {("8", "raw"): 1, ("9", "raw"): 1}


def test_words_from_which_no_number_was_taken_are_listed() -> None:
    words = (Word("合计12.50元", 10, 10, 70, 20), Word("88", 10, 700, 20, 710))
    page = Page(1, 600, 800, words, ())
    taken = [NumericToken("12.50", 1, (30, 10, 55, 20), "fact")]
    (missed,) = overlooked([page], taken)
    assert (missed.text, missed.page, missed.box, missed.role) == ("88", 1, (10, 700, 20, 710), None)
    assert list(overlooked([page], [*taken, missed])) == []


def test_each_number_is_a_check_and_each_that_remains_a_finding_with_its_line() -> None:
    words = (Word("另有", 10, 10, 30, 20), Word("88", 40, 10, 50, 20), Word("件", 52, 10, 60, 20))
    page = Page(1, 600, 800, words, ())
    numbers = [NumericToken("88", 1, (40, 10, 50, 20), None), NumericToken("9", 1, (0, 0, 1, 1), "ordinal")]
    failed, passed = number_outcomes([page], numbers)
    assert (passed.outcome, passed.finding) == ("pass", None)
    finding = failed.finding
    assert finding is not None
    assert (finding.rule, finding.severity, finding.quote) == ("number.unaccounted", "info", "88")
    assert (finding.page, finding.box) == (1, (40, 10, 50, 20))
    assert "另有 88 件" in finding.message_zh
    assert "另有 88 件" in finding.message_en


def test_a_number_of_a_table_that_reached_no_row_is_a_warning_on_that_table() -> None:
    page = Page(1, 600, 800, (Word("12.50", 40, 10, 70, 20),), ())
    (failed,) = number_outcomes([page], [NumericToken("12.50", 1, (40, 10, 70, 20), None, "支出总表")])
    assert failed.finding is not None
    assert (failed.finding.severity, failed.finding.where) == ("warning", "支出总表")


@cache
def read(name: str) -> tuple[bytes, Extracted]:
    layout = layouts.load(name)
    printed = print_disclosure(make_disclosure(1, "306", 2025, layout.stage), layout)
    return printed.content, extract(printed.content, Hints(file_name=printed.file_name))


@pytest.mark.parametrize("name", layouts.names())
def test_the_count_the_checks_and_the_findings_agree(name: str) -> None:
    _, extracted = read(name)
    (document,) = extracted.tables["document"].to_pylist()
    checks = {
        check["outcome"]: check["count"]
        for check in extracted.tables["check"].to_pylist()
        if check["rule"] == "number.unaccounted"
    }
    findings = [f for f in extracted.tables["finding"].to_pylist() if f["rule"] == "number.unaccounted"]
    assert checks["pass"] == document["numbers_accounted"]
    assert checks.get("fail", 0) == len(findings) == document["numbers"] - document["numbers_accounted"]


def test_what_remains_stands_where_it_is_said_to_stand() -> None:
    content, _ = read("tianjin")
    with pymupdf.open(stream=content) as document:
        document[7].insert_text((72, 600), "附页另见登记簿8866。", fontname="china-s", fontsize=10)
        extracted = extract(document.tobytes(), Hints())
        (finding,) = [f for f in extracted.tables["finding"].to_pylist() if f["rule"] == "number.unaccounted"]
        x0, y0, x1, y1 = (finding[side] for side in ("x0", "y0", "x1", "y1"))
        around = pymupdf.Rect(x0 - 8, y0 - 1, x1 + 8, y1 + 1)
        assert (finding["page"], finding["quote"]) == (8, "8866")
        assert "8866" in document[7].get_textbox(around)
    assert "附页另见登记簿8866。" in finding["message"]
