"""What stands around and across tables is none of them, and a cell never gives a number that is not printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from fisc.extractors.document import extract
from fisc.schemas.identity import Hints
from samples.disclosure import make_disclosure
from samples.layout import load
from samples.layout_report import read_back
from samples.press import print_disclosure
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
