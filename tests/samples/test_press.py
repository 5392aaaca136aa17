"""The press: what is printed is what is expected, in every layout, and always the same bytes."""

import unicodedata
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pymupdf
import pytest

from samples import layout as layouts
from samples.city.catalogue import departments
from samples.disclosure import Disclosure, make_disclosure
from samples.layout import UNITS, Layout
from samples.press import expected_rows, print_apart, print_disclosure
from samples.printing.rules import STYLES
from samples.printing.sheet import header_cells, with_text
from samples.telling.narrative import sentences
from samples.telling.printed import numeral
from samples.telling.statements import statement
from samples.variants import DRIFTS, variant

NAMES = layouts.names()


def text_of(content: bytes) -> str:
    with pymupdf.open(stream=content) as pdf:
        return "".join("".join(pdf[n].get_text().split()) for n in range(pdf.page_count))


@cache
def printed(name: str, department: str = "342") -> tuple[Disclosure, Layout, bytes]:
    layout = layouts.load(name)
    disclosure = make_disclosure(3, department, 2025, layout.stage)
    return disclosure, layout, print_disclosure(disclosure, layout).content


def shown(amount: Decimal, layout: Layout, table: str) -> str:
    form = layout.form(table)
    own = next((column.unit for column in form.columns if column.field == "total" and column.unit), form.unit)
    number = amount / UNITS[own]
    return f"{number:{',' * form.separators}.{form.decimals}f}"


@pytest.mark.parametrize("name", NAMES)
def test_every_expected_cell_is_on_the_pages(name: str) -> None:
    disclosure, layout, content = printed(name)
    text = text_of(content)
    for table, rows in expected_rows(disclosure, layout).items():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, Decimal) and value and column != "quantity" and table != "project":
                    assert shown(value, layout, table) in text, (table, row, column)
                elif isinstance(value, str) and column in ("function_name", "economic_name", "item_text"):
                    assert "".join(value.split()) in text, (table, value)


@pytest.mark.parametrize("name", NAMES)
def test_same_disclosure_same_bytes(name: str) -> None:
    disclosure, layout, content = printed(name)
    assert print_disclosure(disclosure, layout).content == content


@pytest.mark.parametrize("name", NAMES)
def test_rows_hold_the_identities_as_printed(name: str) -> None:
    """合计 = the classes; parent = children, in the rounded figures that are printed."""
    disclosure, layout, _ = printed(name)
    for table, rows in expected_rows(disclosure, layout).items():
        codes = {row["function_code"]: row for row in rows if row.get("function_code") and "side" not in row}
        total = next((row for row in rows if row.get("is_total") and "function_name" in row), None)
        amounts = [c for c in (total or {}) if c not in ("function_code", "function_name", "is_total")]
        for column in amounts:
            whole = sum(r[column] or 0 for c, r in codes.items() if len(c) == 3)
            assert (total or {})[column] in (whole, None), (table, column)
            for code, row in codes.items():
                inner = [
                    r[column] or 0 for c, r in codes.items() if len(c) == len(code) + 2 and c.startswith(code)
                ]
                assert not inner or sum(inner) == (row[column] or 0), (table, code)


@pytest.mark.parametrize("name", NAMES)
def test_two_sides_meet(name: str) -> None:
    disclosure, layout, _ = printed(name)
    rows = expected_rows(disclosure, layout)["revenue_expenditure"]
    totals = {row["side"]: row["amount"] for row in rows if row.get("key") == "total"}
    assert totals["revenue"] == totals["expenditure"] > 0


def test_empty_tables_are_expected_empty_and_said_to_be() -> None:
    disclosure, layout, content = printed("hebei", "306")
    rows = expected_rows(disclosure, layout)
    assert rows["government_fund"] == rows["state_capital"] == []
    assert "空表列示" in text_of(content)


def test_rounding_to_the_printed_unit() -> None:
    layout = layouts.load("hebei")
    disclosure = make_disclosure(5, "306", 2025, "budget", grain=Decimal("0.01"))
    rows = expected_rows(disclosure, layout)["expenditure"]
    exact = disclosure.flow("spent")
    assert exact % 100 != 0
    assert rows[0]["total"] % 100 == 0
    assert abs(rows[0]["total"] - exact) <= 50


def test_zero_and_blank() -> None:
    disclosure, layout, _ = printed("hebei", "306")
    blank = expected_rows(disclosure, layout)["expenditure"][0]
    zeros = expected_rows(disclosure, layout.reformed("expenditure", zero="0.00"))["expenditure"][0]
    dashes = expected_rows(disclosure, layout.reformed("expenditure", zero="—"))["expenditure"][0]
    assert blank["operating"] is None
    assert dashes["operating"] is None
    assert zeros["operating"] == 0


@pytest.mark.parametrize("rules", sorted(STYLES))
def test_rule_styles_draw_what_they_say(rules: str) -> None:
    disclosure, layout, _ = printed("hebei", "316")
    content = print_disclosure(disclosure, replace(layout.styled(rules=rules), order=("tables",))).content
    with pymupdf.open(stream=content) as pdf:
        drawn = [item[0] for path in pdf[0].get_drawings() for item in path["items"]]
    boxes = {"rectangles": {"re"}, "doubled": {"re"}, "banded": {"re"}, "white": {"re", "l"}}
    assert set(drawn) <= boxes.get(rules, {"l"})
    assert bool(drawn) == (rules != "none")


@pytest.mark.parametrize("rotated", ["flag", "sideways"])
def test_turned_pages(rotated: str) -> None:
    disclosure, layout, _ = printed("hebei", "316")
    turned = layout.reformed("revenue", rotated=rotated)
    with pymupdf.open(stream=print_disclosure(disclosure, turned).content) as pdf:
        page = next(pdf[n] for n in range(pdf.page_count) if "部门预算收入总表" in pdf[n].get_text())
        direction = page.get_text("dict")["blocks"][0]["lines"][0]["dir"]
        turn = pymupdf.Matrix(page.rotation)
        assert page.rotation == (90 if rotated == "flag" else 0)
        assert page.mediabox.height > page.mediabox.width
    assert direction == (0.0, -1.0)
    as_shown = pymupdf.Point(direction) * turn
    assert as_shown == ((1, 0) if rotated == "flag" else (0, -1))


def test_page_breaks_with_and_without_a_repeated_header() -> None:
    disclosure, layout, _ = printed("hebei")
    pages = {}
    for repeat in ("none", "header"):
        content = print_disclosure(disclosure, layout.reformed("revenue", repeat=repeat)).content
        with pymupdf.open(stream=content) as pdf:
            pages[repeat] = sum("科目名称" in pdf[n].get_text() for n in range(pdf.page_count))
    assert pages["header"] == pages["none"] + 1


def test_narrative_and_tables_apart() -> None:
    disclosure, layout, _ = printed("national_final")
    narrative, tables = print_apart(disclosure, layout)
    assert "公开01表" not in text_of(narrative.content)
    assert "收入支出决算总体情况说明" in text_of(narrative.content)
    assert "公开01表" in text_of(tables.content)
    assert "收入支出决算总体情况说明" not in text_of(tables.content)


def test_edits_reach_the_page() -> None:
    disclosure, layout, content = printed("hebei")

    def edit(sheet):
        return with_text(sheet, 0, 3, "77.77") if sheet.title == "部门预算支出总表" else sheet

    assert "77.77" not in text_of(content)
    assert "77.77" in text_of(print_disclosure(disclosure, layout, edit).content)


def test_every_department_prints() -> None:
    for n, department in enumerate(departments()):
        layout = layouts.load(NAMES[n % len(NAMES)])
        disclosure = make_disclosure(9, department.number, 2023, layout.stage)
        assert department.name in text_of(print_disclosure(disclosure, layout).content)


def test_header_tree() -> None:
    cells, depth = header_cells(["序号", "收入/项目", "收入/金额", "支出/小计/甲", "支出/小计/乙"])
    assert depth == 3
    told = {(c.text, c.row, c.column, c.rows, c.columns) for c in cells}
    assert ("序号", 0, 0, 3, 1) in told
    assert ("收入", 0, 1, 1, 2) in told
    assert ("项目", 1, 1, 2, 1) in told
    assert ("小计", 1, 3, 1, 2) in told


@pytest.mark.parametrize("drift", sorted(DRIFTS))
def test_drifts_print_what_is_expected(drift: str) -> None:
    layout = replace(variant("hebei", drift), order=("tables",))
    disclosure = make_disclosure(3, "385", 2025)
    text = unicodedata.normalize("NFKC", text_of(print_disclosure(disclosure, layout).content))
    rows = {form.table: statement(disclosure, form) for form in layout.forms}
    for table in ("revenue", "government_fund", "state_capital"):
        for row in rows[table]:
            assert shown(row["total"], layout, table) in text
    assert layout.name == f"hebei+{drift}"


def test_units_print_as_units() -> None:
    layout = layouts.load("shanghai")
    printed = print_disclosure(make_disclosure(1, "318", 2025, level="unit"), layout)
    assert printed.title == "河北省望溪市财政局本级2025年单位预算"
    assert "2025年单位财务收支预算总表" in text_of(printed.content)


def test_numerals() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 31)] == ["一", "十", "十一", "二十", "三十一"]


@pytest.mark.parametrize("name", NAMES)
def test_sentences_tell_the_figures_of_the_tables(name: str) -> None:
    disclosure, layout, _ = printed(name)
    unnumbered = layout.styled(
        page_numbers=""
    )  # a page number may stand inside a sentence, as in real documents
    text, told = text_of(print_disclosure(disclosure, unnumbered).content), 0
    for sentence in sentences(disclosure, layout):
        assert "".join(sentence.text.split()) in text
        for _, yuan in sentence.said:
            assert f"{yuan / 10_000:.2f}万元" in sentence.text
            told += 1
    rows = expected_rows(disclosure, layout)[
        "expenditure" if "jiangsu" not in name else "revenue_expenditure"
    ]
    whole = max(row.get("total", row.get("amount")) or 0 for row in rows)
    assert f"{whole / 10_000:.2f}万元" in text
    assert told > 5
