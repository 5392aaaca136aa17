"""The header of a printed table as a tree, and the form and layout that it fits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from fisc.extractors.tables.columns import MEASURE, Assigned, Header, Rows, assigned
from fisc.extractors.tables.printed import COUNTED, PrintedTable, TableCell
from fisc.schemas.classification import class_by_name
from fisc.schemas.folding import fold, plain, without_number
from fisc.schemas.forms import Form, Layout, forms, forms_titled
from fisc.schemas.forms.patterns import Path
from fisc.schemas.numbers import is_figure

DEEPEST = 8
"""Official headers have one to five rows; a blank one may stand between."""
LONGEST_LABEL = 24
"""A longer text that spans a table is a note or a title."""
TOTAL_WORDS = frozenset({"合计", "总计", "小计", "本年合计", "收入总计", "支出总计", "收入合计", "支出合计"})
HEAD_ENDS = frozenset({"编码", "代码", "名称", "科目编码", "科目代码", "科目名称"})
"""Ends of labels that name no line."""
_COLUMN_NUMBER = re.compile(
    r"^\d{1,2}(?:=\d{1,2}(?:[+-]\d{1,2})*)?$|^栏次$|^行次$|^[一二三四五六七八九十]{1,2}$|^[*xX×]+$|^—+$"
)
_HUNG = re.compile(r"^[一-鿿]+(?=\d{1,2}$)")
"""The end of a head that hangs into the number of its column (拨款6)."""
_STRAY = ".,:;'`·•|_~^\""
"""Dirt beside the numbers of columns and the word before them."""
_FEWEST_NUMBERS = 3
_ALIKE = 2 / 3
"""Share of the cells of a recognised row that must number the columns, and how many numbers may be lost."""
_MOST_LOST = 2
_CODE = re.compile(r"^[1-5]\d{2}(?:\d{2}){0,2}$")


@dataclass(frozen=True, slots=True)
class Fit:
    """A form and layout that a table's header fits: the target of each column, and what fits nothing.

    ``compared`` are columns of another year or of shares, ``titled`` is how much of the title is the form's.
    """

    form: Form
    layout: Layout
    header: Header
    targets: tuple[str | None, ...]
    unknown: tuple[Path, ...]
    score: int
    compared: tuple[Path, ...] = ()
    titled: int = 0


def best_fit(table: PrintedTable, rows: Rows, year: int | None = None) -> Fit | None:
    """The form and layout whose title stands above the table and whose header the table has."""
    return max(fits_of(table, rows, year), key=lambda fit: fit.score, default=None)


def fits_of(table: PrintedTable, rows: Rows, year: int | None = None) -> list[Fit]:
    """Every form and layout that fits a table, with how well."""
    found = []
    for form, length in titled(table):
        for layout in form.layouts:
            sheet = layout.shape == "sheet"
            fit = sheet_fit(form, layout, table) if sheet else fit_of(form, layout, rows, year)
            if fit is not None:
                found.append(replace(fit, score=fit.score + 20 * length, titled=length))
    return found


def titled(table: PrintedTable) -> Sequence[tuple[Form, int]]:
    """The forms that a title near the table names; the nearest title line that names any decides."""
    for title in table.caption.titles:
        if found := forms_titled(without_number(title)):
            return found
    return [(form, 0) for form in forms() if form.untitled]


def fit_of(form: Form, layout: Layout, rows: Rows, year: int | None = None) -> Fit | None:
    """How a table fits one layout; None where a required column is missing, or most columns are unknown."""
    header = header_of(layout, rows)
    held = assigned(layout, header, rows, year)
    known = sum(target is not None for target in held.targets)
    if not header.height or missing(layout, held) or len(held.unknown) > known:
        return None
    score = 10 * known - 6 * len(held.unknown)
    return Fit(form, layout, header, held.targets, held.unknown, score, held.compared)


def missing(layout: Layout, held: Assigned) -> tuple[str, ...]:
    """The columns without which a table is not of a layout, and which it does not have."""
    present = {target for target in held.targets if target}
    present |= {target.rsplit(".", 1)[0] for target in present if target[-1].isdigit()}
    return tuple(column for column in layout.required if column not in present)


def sheet_fit(form: Form, layout: Layout, table: PrintedTable) -> Fit | None:
    """How a table fits a sheet of labels beside values."""
    labels = {fold(cell.text) for cell in table.cells if cell.text}
    known = {target for label in labels if (best := layout.best((label,))) for target in [best[0]]}
    if not set(layout.required) <= known:
        return None
    return Fit(form, layout, Header(0, ()), (), (), 10 * len(known))


def header_of(layout: Layout, rows: Rows) -> Header:
    """The header rows of a table: rows of known labels, column numbers and blanks above the first data."""
    width = len(rows[0]) if rows else 0
    columns: list[list[TableCell]] = [[] for _ in range(width)]
    height = 0
    for i, row in enumerate(rows[:DEEPEST]):
        cells = _starting(row, i)
        if not cells:
            continue
        if _is_number_row(cells) or _is_misread_number_row(cells):
            height = i + 1
            continue
        mixed = _mixed_labels(cells, columns, layout)
        if mixed is not None:
            _collect(columns, mixed)
            return Header(i, _paths(columns), True, tuple(mixed), _labels(columns))
        beside = _beside_a_label(cells, columns, i)
        label = (beside or _is_header_row(cells, layout)) and not _below_a_leaf(cells, columns)
        if not label and not _is_rest_of_head(cells, columns, layout):
            break
        _collect(columns, cells)
        height = i + 1
    return Header(_lowest_end(columns, rows, height), _paths(columns), labels=_labels(columns))


def _lowest_end(columns: Sequence[Sequence[TableCell]], rows: Rows, height: int) -> int:
    """Where the labels of a header end that reach below its last row of labels, unless a line stands beside them."""
    end = max((cell.row + cell.rows for column in columns for cell in column), default=height)
    beside = [cell for i in range(height, end) for cell in _starting(rows[i], i)]
    return height if any(_is_of_a_line(cell.text) for cell in beside) else max(end, height)


def _is_of_a_line(text: str) -> bool:
    """Whether a text is a figure or a code, or names a line: with an ordinal, or as a class."""
    return is_figure(text) or without_number(text) != text.strip() or class_by_name(text) is not None


def _starting(row: Sequence[TableCell | None], i: int) -> list[TableCell]:
    """The cells with text whose top row is this one."""
    return [cell for j, cell in enumerate(row) if cell and cell.text and cell.row == i and cell.column == j]


def _is_number_row(cells: Sequence[TableCell]) -> bool:
    texts = [plain(cell.text) for cell in cells]
    if sum(text.isdecimal() for text in texts) > 1:
        texts = [_HUNG.sub("", text) for text in texts]
    if any(fold(text) in COUNTED for text in texts):
        texts = [bare for text in texts if (bare := text.strip(_STRAY))]
    numbers = [text for text in texts if text[:2].rstrip("=").isdigit() or text[:1].isdigit()]
    if len(texts) < 2 or not all(_COLUMN_NUMBER.match(text) for text in texts):
        return False
    if any(text in COUNTED for text in texts):
        return True
    values = [int(re.match(r"\d+", text)[0]) for text in numbers]  # type: ignore[index]
    return len(values) >= 3 and values == list(range(values[0], values[0] + len(values)))


def _is_misread_number_row(cells: Sequence[TableCell]) -> bool:
    """Whether most cells of a recognised row number the columns, 1, 2, 3 … from left to right; some are misread or lost.

    Nothing in such a row is longer than two characters: amounts and codes are.
    """
    if not all(word.method == "ocr" for cell in cells for word in cell.printed.words):
        return False
    said = [plain(cell.text) for cell in cells]
    texts = [text.strip(_STRAY) or text for text in said if text.strip(_STRAY) not in COUNTED]
    if any(len(text) > 2 for text in texts):
        return False
    numbers = list(dropwhile(lambda text: not text.isdecimal(), texts))
    lost = [int(text) - place for place, text in enumerate(numbers, 1) if text.isdecimal()]
    rising: list[int] = []
    for n in lost:
        if max(rising, default=0) <= n <= _MOST_LOST:
            rising.append(n)
    alike = max(Counter(rising).values(), default=0)
    return alike >= max(_FEWEST_NUMBERS, len(texts) / 2) and len(rising) >= _ALIKE * len(texts)


def _is_header_row(cells: Sequence[TableCell], layout: Layout) -> bool:
    texts = [cell.text for cell in cells]
    if any("." in text and is_figure(text) for text in texts) or any(
        _CODE.match(plain(text)) for text in texts
    ):
        return False
    if all(fold(text) in TOTAL_WORDS for text in texts) and len(texts) == 1:
        return False
    if len(texts) == 1 and len(texts[0]) > LONGEST_LABEL:
        return False
    known = sum(
        (without_number(cell.text) == cell.text.strip() or _is_of_which(cell, cells))
        and (cell.columns > 1 or MEASURE.match(fold(cell.text)) is not None or layout.knows(fold(cell.text)))
        for cell in cells
    )
    return known == len(texts) or (known >= 2 and known * 2 >= len(texts))


def _beside_a_label(cells: Sequence[TableCell], columns: Sequence[Sequence[TableCell]], i: int) -> bool:
    """Whether labels alone stand in a row that a label from above still reaches, each under one that spans several."""
    reached = any(column and column[-1].row + column[-1].rows > i for column in columns)
    under = all((above := columns[cell.column]) and above[-1].columns > 1 for cell in cells)
    return reached and under and len(cells) > 1 and not any(is_figure(cell.text) for cell in cells)


def _is_of_which(cell: TableCell, cells: Sequence[TableCell]) -> bool:
    """其中：… beside 小计 is a column; at the head of a line it is an item."""
    return cell is not cells[0] and cell.text.strip().startswith("其中")


def _below_a_leaf(cells: Sequence[TableCell], columns: Sequence[Sequence[TableCell]]) -> bool:
    """Whether a row has one text only, under a label that spans no other column: it names a line, not a column."""
    above = columns[cells[0].column]
    return len(cells) == 1 and cells[0].columns == 1 and bool(above) and above[-1].columns == 1


def _is_rest_of_head(
    cells: Sequence[TableCell], columns: Sequence[Sequence[TableCell]], layout: Layout
) -> bool:
    """Whether a row holds only the ends of labels whose beginnings stand right above: 功能分类科目 over 编码."""
    return all(
        fold(cell.text) in HEAD_ENDS
        and bool(above := columns[cell.column])
        and _ends_label(above[-1], cell)
        and layout.knows(fold(above[-1].text + cell.text))
        for cell in cells
    )


def _ends_label(label: TableCell, cell: TableCell) -> bool:
    """Whether a cell stands right under a label, over the same columns."""
    return label.columns == cell.columns and label.row + label.rows == cell.row


def _mixed_labels(
    cells: Sequence[TableCell], columns: Sequence[Sequence[TableCell]], layout: Layout
) -> list[TableCell] | None:
    """The header labels of a 合计 line printed beside the lowest labels; None where the row is not such."""
    total = [
        cell for cell in cells if fold(cell.text) in TOTAL_WORDS and _names(columns[cell.column], layout)
    ]
    if not total:
        return None
    labels = [
        cell
        for cell in cells
        if cell is not total[0] and not is_figure(cell.text) and layout.knows(fold(cell.text))
    ]
    return labels or None


def _names(column: Sequence[TableCell], layout: Layout) -> bool:
    """Whether a column already has a label that names codes or names."""
    path = tuple(fold(cell.text) for cell in column)
    best = layout.best(path) if path else None
    return bool(best and ("code" in best[0] or "name" in best[0] or "item" in best[0]))


def _collect(columns: list[list[TableCell]], cells: Sequence[TableCell]) -> None:
    for cell in cells:
        for j in range(cell.column, min(cell.column + cell.columns, len(columns))):
            columns[j].append(cell)


def _paths(columns: Sequence[Sequence[TableCell]]) -> tuple[Path, ...]:
    return tuple(tuple(label for cell in column if (label := fold(cell.text))) for column in columns)


def _labels(columns: Sequence[Sequence[TableCell]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.text for cell in column) for column in columns)
