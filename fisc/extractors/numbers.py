"""Every number of the pages and what accounts for it, so that none is overlooked in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from fisc.extractors.grids import lines_of
from fisc.extractors.narrative.said.tokens import numeric_tokens
from fisc.extractors.page import Box, Page, Word
from fisc.extractors.tables.cut_rows import rests
from fisc.extractors.tables.fitting import Tables
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.lines import is_code_column, is_note, numeric_columns
from fisc.extractors.tables.printed import PrintedTable, TableCell
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.folding import fold, plain
from fisc.schemas.narrative import NumericToken
from fisc.schemas.numbers import is_figure
from fisc.schemas.statement import Statement

RULE = "number.unaccounted"
LONGEST_CONTEXT = 60
BAND_PT = 20.0
LOWEST_PT = 10_000.0
"""Longer than any page that is read; words may be printed anywhere."""

T = TypeVar("T")


def table_numbers(printed: Sequence[PrintedTable], tables: Tables) -> Iterator[NumericToken]:
    """The numbers of tables, of their captions and of their notes.

    A number is accounted for where it stands in a published row, in a table that is published raw, or in a header, a
    column of ordinals, a caption or a note. On a line that reached no row it is not, but for the zeros of blank lines.
    """
    statements = {statement.number: statement for statement in tables.statements}
    raw = {table.number for table in tables.raw}
    for table in printed:
        statement, fit = statements.get(table.number), tables.fits.get(table.number)
        read = Reached(statement, fit) if statement and fit else None
        name = fit.form.table if fit else table.name
        parted = rests(table.by_row(), fit) if fit and len(table.grids) > 1 else set()
        joined = {id(cell.printed): cell for cell in table.cells}
        for grid in table.grids:
            for printed_cell in grid.cells:
                for start, end in numeric_tokens(printed_cell.text):
                    token, cell = printed_cell.text[start:end], joined.get(id(printed_cell))
                    role = "header" if cell is None else read.role(cell, token) if read else None
                    role = "cell" if read and id(printed_cell) in parted else role
                    role = role or ("raw" if table.number in raw else None)
                    yield NumericToken(token, grid.page, printed_cell.text_box, role, name)
        for line in (*table.caption.lines, *table.notes):
            for start, end in numeric_tokens(line.text):
                yield NumericToken(line.text[start:end], line.page, line.box, "caption")


class Reached:
    """What of a printed table stands in the rows of its statement."""

    def __init__(self, statement: Statement, fit: Fit) -> None:
        self.fit = fit
        self.numeric = numeric_columns(statement.table)
        amounts = [amount for row in statement.rows for amount in row.amounts.values()]
        self.amounts = {
            page: _Places((amount.box, amount) for amount in amounts if amount.page == page)
            for page in {amount.page for amount in amounts}
        }
        self.words: dict[str, dict[str, None]] = {}
        for row in statement.rows:
            for column, text in row.words.items():
                self.words.setdefault(column.split(".")[-1], {})[plain(str(text or ""))] = None

    def role(self, cell: TableCell, token: str) -> str | None:
        """What accounts for a number in a cell; None where it reached no row and is no part of the form."""
        if cell.row < self.fit.header.height or any(cell is label for label in self.fit.header.mixed_labels):
            return "header"
        if self._is_amount(cell) or self._is_said(cell, token):
            return "cell"
        if self._is_label(cell):
            return "header"
        if self._is_ignored(cell):
            return "ordinal"
        if self._fills_a_blank(cell):
            return "blank"
        return "caption" if is_note(cell.text) else None

    def _is_amount(self, cell: TableCell) -> bool:
        return cell.page in self.amounts and self.amounts[cell.page].touching(cell.box) is not None

    def _is_said(self, cell: TableCell, token: str) -> bool:
        """Whether the words of a row hold the cell's text; a code may be put together from several cells."""
        text = plain(cell.text)
        for target in self._targets(cell):
            column = target.split(".")[0] if is_code_column(target) else target.split(".")[-1]
            part = plain(token) if is_code_column(target) else text
            said = self.words.get(column, {})
            if column not in self.numeric and (part in said or any(part in words for words in said)):
                return True
        return False

    def _targets(self, cell: TableCell) -> Sequence[str]:
        """The columns that a cell can belong to: any, in sheets and in tables whose lines are moved back."""
        if not self.fit.targets or self.fit.layout.hierarchy:
            return tuple(self.words)
        covered = self.fit.targets[cell.column : cell.column + cell.columns]
        codes = [target for target in self.words if is_code_column(target)]
        return [*(target for target in covered if target), *codes]

    def _is_label(self, cell: TableCell) -> bool:
        sheet = self.fit.layout.shape == "sheet"
        return sheet and not is_figure(cell.text) and self.fit.layout.best((fold(cell.text),)) is not None

    def _fills_a_blank(self, cell: TableCell) -> bool:
        """Whether a zero stands in a column of amounts on a line that names nothing, as some forms print it."""
        targets = self.fit.targets[cell.column : cell.column + 1]
        return (
            self.fit.layout.shape in ("list", "sides")
            and any(target and target.split(".")[-1] in self.numeric for target in targets)
            and is_figure(cell.text)
            and not any(digit in "123456789" for digit in plain(cell.text))
        )

    def _is_ignored(self, cell: TableCell) -> bool:
        paths = self.fit.header.paths
        return cell.column < len(paths) and self.fit.layout.ignores(paths[cell.column])


def overlooked(pages: Sequence[Page], numbers: Sequence[NumericToken]) -> Iterator[NumericToken]:
    """The numbers of words from which none was taken, on pages whose numbers have fewer digits than its words."""
    found: dict[int, list[NumericToken]] = {page.number: [] for page in pages}
    for number in numbers:
        found[number.page].append(number)
    for page in pages:
        here = found[page.number]
        if _digits(word.text for word in page.words) > _digits(number.text for number in here):
            taken = _Places((number.box, number) for number in here)
            for word in page.words:
                tokens = numeric_tokens(word.text)
                if tokens and taken.touching(word.box) is None:
                    for start, end in tokens:
                        yield NumericToken(word.text[start:end], page.number, word.box, None)


def _digits(texts: Iterable[str]) -> int:
    return sum(character.isdecimal() for text in texts for character in text)


class _Places(Generic[T]):
    """What stands where on a page, kept by bands of its height so that a page of thousands of numbers is searched quickly."""

    def __init__(self, placed: Iterable[tuple[Box, T]]) -> None:
        self._bands: dict[int, list[tuple[Box, T]]] = {}
        for box, thing in placed:
            for band in _bands(box):
                self._bands.setdefault(band, []).append((box, thing))

    def touching(self, box: Box) -> T | None:
        """What a box touches: a word may hold many numbers, a number may span many words."""
        near = (found for band in _bands(box) for found in self._bands.get(band, ()))
        return next((thing for other, thing in near if _within(box, other) or _within(other, box)), None)


def _bands(box: Box) -> range:
    top, bottom = (int(min(max(y, 0.0), LOWEST_PT) // BAND_PT) for y in (box[1] - 1, box[3] + 1))
    return range(top, bottom + 1)


def _within(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] - 1 <= x <= outer[2] + 1 and outer[1] - 1 <= y <= outer[3] + 1


def number_outcomes(pages: Sequence[Page], numbers: Sequence[NumericToken]) -> Iterator[Outcome]:
    """One check for each number: ``pass`` where something accounts for it, else ``fail`` with a finding."""
    left = {number.page for number in numbers if number.role is None}
    lines = {page.number: _lines(page) for page in pages if page.number in left}
    for number in numbers:
        if number.role is not None:
            yield Outcome(RULE, "pass")
        else:
            context = _context(number, lines[number.page].touching(number.box))
            yield Outcome(RULE, "fail", finding=_unaccounted(number, context))


def _unaccounted(number: NumericToken, context: str) -> Finding:
    """A number in a cell of a table is likely an amount that reached no row."""
    return Finding(
        RULE,
        "warning" if number.table else "info",
        number.table or f"第{number.page}页",
        f"第{number.page}页“{context}”中的数字“{number.text}”未归入任何单元格、数据或结构，请核对。",
        f"The number {number.text} on page {number.page}, in {context!r}, is in no row, no fact and no structural role.",
        quote=number.text,
        page=number.page,
        box=number.box,
    )


Held = tuple[Sequence[Word], int]
"""A printed line and one of its words."""


def _lines(page: Page) -> _Places[Held]:
    return _Places((word.box, (line, i)) for line in lines_of(page.words) for i, word in enumerate(line))


def _context(number: NumericToken, held: Held | None) -> str:
    """The printed line round a number, as much of it as can be said in one sentence."""
    if held is None:
        return number.text
    line, place = held
    text = " ".join(word.text for word in line)
    before = len(" ".join(word.text for word in line[:place]))
    at = max(before, text.find(number.text, before))
    return text[max(0, at - LONGEST_CONTEXT // 2) : at + LONGEST_CONTEXT // 2].strip()
