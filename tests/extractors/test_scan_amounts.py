"""What stands in a column of numbers says how its marks are read."""

from __future__ import annotations

import numpy as np

from fisc.extractors.page import Reading
from fisc.extractors.scan.amounts import settled
from fisc.extractors.scan.cells import Cell
from fisc.extractors.scan.line_reader import ReadLine
from fisc.extractors.scan.print_lines import PrintLine


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
