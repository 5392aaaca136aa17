"""What stands in a column of numbers says how its marks are read."""

from __future__ import annotations

import numpy as np

from fisc.extractors.grids import GridCell
from fisc.extractors.page import Reading, Word
from fisc.extractors.scan.amounts import settled
from fisc.extractors.scan.cells import Cell
from fisc.extractors.scan.line_reader import ReadLine
from fisc.extractors.scan.print_lines import PrintLine
from fisc.extractors.tables.captions import Caption
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.printed import PrintedTable, TableCell


def line(text: str, row: int, column: int) -> ReadLine:
    box = (100 * column, 20 * row, 100 * column + 12, 20 * row + 12)
    cell = Cell(box, (row, row + 1), (column, column + 1), ((), ()))
    nothing = np.ones((1, 14), np.float32)
    return ReadLine(PrintLine(box, box, cell), (Reading(text, 0.99),), nothing)


def test_a_column_of_dashes_alone_is_blank() -> None:
    read = [line("经营收入", 0, 1), *(line("一", row, 1) for row in (1, 2, 3))]
    assert [one.text for one in settled(read)] == ["经营收入", "—", "—", "—"]
    assert settled(read)[1].readings[1].text == "一"


def test_an_ordinal_is_no_dash() -> None:
    texts = "一二一二一二一三"
    read = [*(line(text, row, 0) for row, text in enumerate(texts)), line("一", 9, 2), line("一", 10, 2)]
    assert [one.text for one in settled(read)] == [*texts, "一", "一"]


def test_a_flat_mark_in_a_cell_for_an_amount_is_its_dash_where_it_was_recognised() -> None:
    table = PrintedTable(1, Caption(("部门支出总表",), "元"), (), (), 1, 1)
    figures = Figures("部门支出总表", table, "元", "budget")
    for method, told in (("ocr", []), ("text", ["number.unreadable"])):
        box = (0.0, 0.0, 10.0, 10.0)
        mark = GridCell(0, 0, 1, 1, "一", box, words=(Word("一", *box, method=method),))
        amount = figures.amount("total", [TableCell(0, 0, 1, 1, "一", 1, mark)])
        assert amount is not None
        assert (amount.text, amount.value) == ("一", None)
        assert [finding.rule for finding in figures.findings] == told
