"""What stands around and across tables is none of them, and a cell never gives a number that is not printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import cos, radians, sin

import pymupdf
import pytest

from fisc.extractors.document import extract
from fisc.extractors.tables.captions import says_empty
from fisc.schemas.identity import Hints
from samples.disclosure import make_disclosure
from samples.layout import load
from samples.layout_report import compared, read_back
from samples.press import expected_rows, print_disclosure
from samples.printing.sheet import Sheet, with_text
from samples.variants import variant

HEAD = "预决算公开平台 打印时间 2025-02-10 第{n}页"


@pytest.mark.parametrize("name", ["hebei", "national_final", "guangxi"])
@pytest.mark.parametrize("drift", ["short_pages", "rules_none"])
def test_running_heads_part_no_table(name: str, drift: str) -> None:
    layout = variant(name, drift).styled(page_head=HEAD, page_numbers="http://yjs.example.cn/info/{n}.html")
    assert [table for table in read_back(layout)[1] if table.outcome != "exact"] == []


@pytest.mark.parametrize("text", ["公开文本 2025", "内部 12.50"])
def test_watermarks_are_no_words(text: str) -> None:
    layout = variant("hebei", "watermark").styled(watermark=text)
    assert [table for table in read_back(layout)[1] if table.outcome != "exact"] == []


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("2025   34.50", None),
        ("12.00   34.50", None),
        ("12\n34", None),
        ("1 2 3 . 5 0", Decimal("1235000.00")),
        ("￥ 123.50", Decimal("1235000.00")),
        ("（123.50）", Decimal("-1235000.00")),
        ("－123.50", Decimal("-1235000.00")),
        ("12.5%", None),
    ],
)
def test_a_cell_gives_the_number_that_it_prints_or_none(printed: str, amount: Decimal | None) -> None:
    layout = replace(load("tianjin"), order=("cover", "tables"))
    disclosure = make_disclosure(1, "306", 2025)

    def edit(sheet: Sheet) -> Sheet:
        return with_text(sheet, 1, 3, printed) if sheet.title == "部门支出总体情况表" else sheet

    tables = extract(print_disclosure(disclosure, layout, edit).content, Hints()).tables
    assert tables["expenditure"].to_pylist()[1]["basic"] == amount
    told = [f["where"] for f in tables["finding"].to_pylist() if f["rule"] == "number.unreadable"]
    assert told == ([] if amount else ["expenditure"])


def test_a_note_that_was_turned_over_to_the_next_page_is_that_of_its_table() -> None:
    layout = load("jiangsu")
    printed = print_disclosure(make_disclosure(1, "309", 2019, layout.stage), layout)
    with pymupdf.open(stream=printed.content) as pdf:
        lines = [page.get_text().split("\n")[1] for page in pdf]
    assert any(line.startswith("注：") and line.endswith("此表列空表。") for line in lines)
    tables = extract(printed.content, Hints(printed.file_name)).tables
    assert "table.said_empty" not in [f["rule"] for f in tables["finding"].to_pylist()]
    assert not any("此表列空表" in (row["text"] or "") for row in tables["section"].to_pylist())


def test_a_watermark_is_told_once() -> None:
    extracted = read_back(variant("hebei", "watermark"))[0]
    told = [f for f in extracted.tables["finding"].to_pylist() if f["rule"].startswith("page.")]
    assert [(f["rule"], f["severity"], f["quote"], f["page"]) for f in told] == [
        ("page.watermark", "info", "公开文本 2025", 1)
    ]


def turned(content: bytes, number: int, degrees: float) -> bytes:
    """A file with one page, counted from 0, whose whole content is turned by so many degrees about its middle."""
    document = pymupdf.open(stream=content)
    (xref,) = document[number].get_contents()
    a, b = cos(radians(degrees)), sin(radians(degrees))
    x, y = document[number].mediabox.width / 2, document[number].mediabox.height / 2
    matrix = (
        f"q {a:.4f} {b:.4f} {-b:.4f} {a:.4f} {x - a * x + b * y:.2f} {y - b * x - a * y:.2f} cm\n".encode()
    )
    document.update_stream(xref, matrix + document.xref_stream(xref) + b"\nQ")
    return bytes(document.tobytes())


@pytest.mark.parametrize("degrees", [0.3, -3.0, 12.0])
def test_pages_that_run_aslant_are_turned_straight(degrees: float) -> None:
    layout = load("hebei")
    disclosure = make_disclosure(1, "306", 2025)
    content = print_disclosure(disclosure, layout).content
    for number in range(len(pymupdf.open(stream=content))):
        content = turned(content, number, degrees)
    extracted = extract(content, Hints())
    tables = compared(extracted, expected_rows(disclosure, layout))
    assert [table for table in tables if table.outcome != "exact"] == []
    cells = [c for c in extracted.tables["cell"].to_pylist() if c["table"] == "expenditure" and c["value"]]
    shown = pymupdf.open(stream=content)
    for cell in cells[:5]:
        box = pymupdf.Rect(cell["x0"], cell["y0"], cell["x1"], cell["y1"])
        printed = shown[cell["page"] - 1].search_for(cell["text"])
        assert any(box.contains((one.tl + one.br) / 2) for one in printed)


def test_text_aslant_beside_a_picture_is_no_watermark() -> None:
    printed = print_disclosure(make_disclosure(1, "306", 2025), load("hebei")).content
    document = pymupdf.open(stream=printed)
    number = next(page.number for page in document if "部门预算支出总表" in page.get_text())
    dot = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 4, 4), False)
    document[number].insert_image(pymupdf.Rect(5, 5, 9, 9), pixmap=dot)
    document[number].clean_contents()
    findings = extract(turned(bytes(document.tobytes()), number, 15.0), Hints()).tables["finding"].to_pylist()
    (told,) = [f for f in findings if f["rule"] == "page.aslant"]
    assert (told["severity"], told["where"], told["page"]) == ("error", f"第{number + 1}页", number + 1)
    assert "expenditure" in {f["where"] for f in findings if f["rule"] == "table.present"}


@pytest.mark.parametrize("name", ["hebei", "shanghai", "national_final"])
def test_a_name_that_its_cell_clips_takes_no_amount_with_it(name: str) -> None:
    layout = variant(name, "names_clipped")
    disclosure = make_disclosure(2, "361", 2025, layout.stage)
    extracted = extract(print_disclosure(disclosure, layout).content, Hints())
    for table in ("expenditure", "general_public_budget"):
        expected = [row["total"] for row in expected_rows(disclosure, layout)[table]]
        assert [row["total"] for row in extracted.tables[table].to_pylist()] == expected
    findings = extracted.tables["finding"].to_pylist()
    assert {f["severity"] for f in findings if f["rule"] == "text.clipped"} == {"warning"}
    assert not [f for f in findings if f["rule"] == "number.unreadable"]


@pytest.mark.parametrize("name", ["hebei", "shanghai"])
@pytest.mark.parametrize("rules", ["frame", "white", "banded"])
def test_a_line_round_the_table_or_colour_is_no_set_of_rules(name: str, rules: str) -> None:
    tables = read_back(variant(name, f"rules_{rules}").styled(margin=(57.0, 57.0, 57.0, 300.0)))[1]
    assert [table for table in tables if table.outcome != "exact"] == []


@pytest.mark.parametrize(
    "note",
    [
        "本表无内容。",
        "故本表无数",
        "本单位不涉及此表",
        "无内容，应公开空表",
        "此表为空表",
        "以空表列示",
        "2025年未安排政府性基金预算",
    ],
)
def test_a_note_says_that_a_table_is_empty(note: str) -> None:
    assert says_empty([note]) == note


def test_a_note_of_figures_says_nothing_of_the_sort() -> None:
    assert says_empty(["注：本表反映部门本年度的总收支"]) is None
