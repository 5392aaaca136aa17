"""Scanned tables whose rules are dashed: strokes of print beside them are none of them."""

from __future__ import annotations

from collections.abc import Sequence

import pymupdf
import pytest

from fisc.extractors.page import Rule
from fisc.extractors.scan import Scan, recognise
from fisc.extractors.scan.traces import Trace, open_ends
from tests.extractors.scan_pages import BOX, HEIGHT, WIDTH, pixels, scanned, write

pytest.importorskip("onnxruntime")

COLUMNS = (30.0, 90.0, 230.0, 310.0, 390.0)
TOP, ROW = 90.0, 17.0


def dashed(
    cells: list[tuple[str, ...]], columns: Sequence[float] = COLUMNS, codes: int = 0
) -> pymupdf.Document:
    """A table of dashed rules with rows as low as print allows; ``codes`` columns have one head over theirs, the others
    heads of two rows."""
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    rows = [TOP + i * ROW for i in range(len(cells) + 1)]
    for y, row in zip(rows, cells, strict=False):
        for x, text in zip(columns, row, strict=False):
            write(page, x + 3, y + 12, text, 9)
    for y in rows:
        end = columns[codes] if codes and y == rows[1] else columns[-1]
        page.draw_line((columns[0], y), (end, y), width=0.5, dashes="[1.5 1] 0")
    for j, x in enumerate(columns):
        top = rows[1] if 0 < j < codes else rows[0]
        page.draw_line((x, top), (x, rows[-1]), width=0.5, dashes="[1.5 1] 0")
    return document


def places(rules: tuple[Rule, ...], *, horizontal: bool) -> list[float]:
    return sorted({rule.y0 if horizontal else rule.x0 for rule in rules if rule.horizontal == horizontal})


def read(document: pymupdf.Document, skew: float = 0.8, dpi: int = 150) -> Scan:
    return recognise(scanned(pixels(document, dpi), skew=skew, noise=7, quality=50), box=BOX, page_number=1)


BODY = [
    ("", "合计", "1,551.25", "431.00"),
    ("208", "社会保障和就业支出", "157.19", "0.00"),
    ("20805", "行政事业单位养老支出", "157.19", "0.00"),
    ("2080501", "行政单位离退休", "22.70", "4.90"),
]


@pytest.mark.parametrize("skew", [0.4, 1.2])
def test_strokes_of_characters_one_below_the_other_are_no_column(skew: float) -> None:
    scan = read(dashed(BODY), skew, 100)
    assert places(scan.rules, horizontal=False) == pytest.approx(COLUMNS, abs=1.5)
    assert places(scan.rules, horizontal=True) == pytest.approx([TOP + i * ROW for i in range(5)], abs=1.5)


@pytest.mark.parametrize("skew", [0.8, 2.0])
def test_a_single_row_keeps_its_columns(skew: float) -> None:
    scan = read(dashed([("总计", "1,207.90", "1,207.90", "0.00")]), skew, 200)
    assert places(scan.rules, horizontal=False) == pytest.approx(COLUMNS, abs=1.5)
    assert [w.text for w in scan.words] == ["总计", "1,207.90", "1,207.90", "0.00"]


def test_strokes_of_a_title_are_no_open_table() -> None:
    strokes = [Trace(at, ((83, 103),)) for at in (370.0, 386.0, 475.0, 504.0)]
    assert open_ends(strokes, [], 1.0) == []
    (closing,) = open_ends(strokes, [Trace(103.0, ((300, 600),))], 1.0)
    assert closing.at == pytest.approx(83.0, abs=3.0)


def test_a_note_close_below_a_table_stays_outside() -> None:
    document = dashed(BODY)
    write(
        document[0],
        32,
        TOP + 4 * ROW + 10,
        "注：本表反映部门本年度财政拨款“三公”经费支出预决算情况门年款财",
        9,
    )
    scan = read(document, 1.2)
    assert max(rule.y1 for rule in scan.rules) == pytest.approx(TOP + 4 * ROW, abs=1.5)


def test_a_head_over_three_columns_is_one_cell_above_its_parts() -> None:
    columns = (30.0, 57.0, 81.0, 105.0, 240.0, 320.0)
    cells = [
        ("", "科目编码", "", "科目名称", "合计"),
        ("类", "款", "项", "", ""),
        ("201", "", "", "一般公共服务支出", "1.20"),
    ]
    scan = read(dashed(cells, columns, codes=3), 2.0, 200)
    down = [min(r.y0 for r in scan.rules if not r.horizontal and abs(r.x0 - x) < 2) for x in columns]
    assert down == pytest.approx([TOP, TOP + ROW, TOP + ROW, TOP, TOP, TOP], abs=1.5)
