"""Every number of the pages and what accounts for it, so that none is overlooked in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fisc.extractors.grids import lines_of
from fisc.extractors.narrative.said.tokens import numeric_tokens
from fisc.extractors.page import Box, Page
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
        joined = {id(cell.printed): cell for cell in table.cells}
        for grid in table.grids:
            for printed_cell in grid.cells:
                for start, end in numeric_tokens(printed_cell.text):
                    token, cell = printed_cell.text[start:end], joined.get(id(printed_cell))
                    role = "header" if cell is None else read.role(cell, token) if read else None
                    role = role or ("raw" if table.number in raw else None)
                    yield NumericToken(token, grid.page, printed_cell.text_box, role)
        for line in (*table.caption.lines, *table.notes):
            for start, end in numeric_tokens(line.text):
                yield NumericToken(line.text[start:end], line.page, line.box, "caption")


class Reached:
    """What of a printed table stands in the rows of its statement."""

    def __init__(self, statement: Statement, fit: Fit) -> None:
        self.fit = fit
        self.numeric = numeric_columns(statement.table)
        self.amounts = {
            (amount.page, amount.box) for row in statement.rows for amount in row.amounts.values()
        }
        self.words: dict[str, list[str]] = {}
        for row in statement.rows:
            for column, text in row.words.items():
                self.words.setdefault(column.split(".")[-1], []).append(plain(str(text or "")))

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
        return (cell.page, cell.box) in self.amounts or any(
            page == cell.page and _within(cell.box, box) for page, box in self.amounts
        )

    def _is_said(self, cell: TableCell, token: str) -> bool:
        """Whether the words of a row hold the cell's text; a code may be put together from several cells."""
        text = plain(cell.text)
        for target in self._targets(cell):
            column = target.split(".")[0] if is_code_column(target) else target.split(".")[-1]
            part = plain(token) if is_code_column(target) else text
            if column not in self.numeric and any(part in said for said in self.words.get(column, ())):
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
            for word in page.words:
                if not any(_touch(word.box, number.box) for number in here):
                    for start, end in numeric_tokens(word.text):
                        yield NumericToken(word.text[start:end], page.number, word.box, None)


def _digits(texts: Iterable[str]) -> int:
    return sum(character.isdecimal() for text in texts for character in text)


def _touch(one: Box, other: Box) -> bool:
    """Whether the middle of one box lies in the other: a word may hold many numbers, a number span many words."""
    return _within(one, other) or _within(other, one)


def _within(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] - 1 <= x <= outer[2] + 1 and outer[1] - 1 <= y <= outer[3] + 1


def number_outcomes(pages: Sequence[Page], numbers: Sequence[NumericToken]) -> Iterator[Outcome]:
    """One check for each number: ``pass`` where something accounts for it, else ``fail`` with a finding."""
    by_number = {page.number: page for page in pages}
    for number in numbers:
        if number.role is not None:
            yield Outcome(RULE, "pass")
        else:
            yield Outcome(RULE, "fail", finding=_unaccounted(number, by_number[number.page]))


def _unaccounted(number: NumericToken, page: Page) -> Finding:
    context = _context(number, page)
    return Finding(
        RULE,
        "info",
        f"第{number.page}页",
        f"第{number.page}页“{context}”中的数字“{number.text}”未归入任何单元格、数据或结构，请核对。",
        f"The number {number.text} on page {number.page}, in {context!r}, is in no row, no fact and no structural role.",
        quote=number.text,
        page=number.page,
        box=number.box,
    )


def _context(number: NumericToken, page: Page) -> str:
    """The printed line round a number, as much of it as can be said in one sentence."""
    line = next((ws for ws in lines_of(page.words) if any(_touch(w.box, number.box) for w in ws)), [])
    held = next((i for i, word in enumerate(line) if _touch(word.box, number.box)), 0)
    text = " ".join(word.text for word in line)
    before = len(" ".join(word.text for word in line[:held]))
    at = max(before, text.find(number.text, before))
    return text[max(0, at - LONGEST_CONTEXT // 2) : at + LONGEST_CONTEXT // 2].strip()
