"""Tables that print a record a line, in one block or in several side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fisc.extractors.tables.codes import Words, read_code
from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.indicators import moved_back
from fisc.extractors.tables.lines import (
    Cells,
    is_note,
    is_total,
    line_of,
    numeric_columns,
)
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.folding import without_number
from fisc.schemas.statement import Amount, Row


def list_rows(rows: Rows, fit: Fit, figures: Figures) -> list[Row]:
    """A row a record; blocks standing side by side are read one after the other, the left one first."""
    read: list[Row] = []
    for block in _blocks(fit.targets):
        read += _list_block(rows, block, fit, figures)
    return read


def _blocks(targets: Sequence[str | None]) -> list[dict[int, str]]:
    """Columns by block: a new one begins where the first target comes again after another one."""
    blocks: list[dict[int, str]] = [{}]
    for j, target in enumerate(targets):
        if target is None:
            continue
        seen = list(blocks[-1].values())
        if seen and target == seen[0] and target != seen[-1]:
            blocks.append({})
        blocks[-1][j] = target
    return blocks


def _list_block(rows: Rows, block: Mapping[int, str], fit: Fit, figures: Figures) -> Iterator[Row]:
    lines = [
        line
        for line in _data_lines(rows, block, fit)
        if not any(is_note(cell.text) for cells in line.values() for cell in cells)
    ]
    if fit.layout.hierarchy:
        yield from moved_back(lines, fit, figures)
        return
    reader = LineReader(fit, figures)
    for line in lines:
        if row := reader.row(line):
            yield from _by_measure(row, figures.stage)


def _data_lines(rows: Rows, block: Mapping[int, str], fit: Fit) -> Iterator[Cells]:
    """Each data line's cells by target.

    A cell that begins left of a block standing to the right belongs to the block where it begins; if it is printed
    over that block's own figures, the figure that follows it is that block's.
    """
    left = min(block)
    for i, row in enumerate(rows):
        if i < fit.header.height:
            continue
        skipped = fit.header.mixed_labels if i == fit.header.height else ()
        if any(target for target in fit.targets[:left]):
            skipped = (
                *skipped,
                *(cell for cell in row if cell and cell.column < left < cell.column + cell.columns),
            )
            skipped = (*skipped, *_taken_by_the_left(row, left))
        yield _with_following(line_of(row, block, skipped), row, block, fit)


def _taken_by_the_left(row: Sequence[TableCell | None], left: int) -> list[TableCell]:
    """The figure that follows a name printed from the block on the left over into this one."""
    over = next(
        (cell for cell in row if cell and cell.text and cell.column < left < cell.column + cell.columns), None
    )
    after = row[over.column + over.columns] if over and over.column + over.columns < len(row) else None
    return [after] if after else []


def _with_following(
    line: Cells, row: Sequence[TableCell | None], block: Mapping[int, str], fit: Fit
) -> Cells:
    """A line whose name is printed over its block's figures, with the figure that follows the name."""
    name = next(
        (
            cell
            for cells in line.values()
            for cell in cells
            if cell.text and cell.column + cell.columns > max(block) + 1
        ),
        None,
    )
    if name is None or name.column + name.columns >= len(row):
        return line
    target = fit.targets[name.column + name.columns]
    following = row[name.column + name.columns]
    if target and target in block.values() and target not in line and following is not None:
        return {**line, target: [following]}
    return line


class LineReader:
    """Reads the lines of one block, remembering what an upper line prints for those below it."""

    def __init__(self, fit: Fit, figures: Figures) -> None:
        self.fit = fit
        self.figures = figures
        self.numeric = numeric_columns(fit.form.table)
        self.named = any(
            target and not target.split(".")[-1].isdigit() and target.split(".")[-1] not in self.numeric
            for target in fit.targets
        )
        self.code_parts: list[str] = ["", "", ""]
        self.groups: dict[str, str] = {}

    def row(self, line: Cells) -> Row | None:
        """The line as a row, or None where it has neither a name nor a code."""
        words: Words = {}
        amounts: dict[str, Amount] = {}
        for target, cells in line.items():
            column = target.split(".")[-1]
            if column in self.numeric:
                figure = self.figures.amount(column, [cell for cell in cells if _first_line(cell, line)])
                if figure is not None:
                    amounts[target] = figure
            elif not column.isdigit():
                words[target] = self._text(target, cells)
        read_code(line, words, self.figures, self.code_parts)
        page = next((cell.page for cells in line.values() for cell in cells), 1)
        return self._named(words, amounts, page)

    def _text(self, target: str, cells: Sequence[TableCell]) -> str | None:
        """Printed text; of a name in two columns the first is a group, which a page break may have left blank."""
        if len(cells) > 1 and any(cell.text for cell in cells[1:]):
            self.groups[target] = cells[0].text or (self.groups.get(target, "") if cells[0].rows > 1 else "")
            return (self.groups[target] + "".join(cell.text for cell in cells[1:])).strip() or None
        return "".join(cell.text for cell in cells).strip() or None

    def _named(self, words: Words, amounts: dict[str, Amount], page: int) -> Row | None:
        named = any(words.values())
        if not named and (self.named or not _filled(amounts)):
            for column, amount in amounts.items():
                self.figures.unnamed(column, amount)
            return None
        label, unit = _label(words), str(words.get("unit_name") or words.get("unit_code") or "")
        if self.fit.form.items and "item_text" in words:
            words["item"] = self.fit.form.item(without_number(label))
            amounts = self._counted(words["item"], amounts)
        group = "goods" in words and not words["goods"]
        total = is_total(label) or is_total(unit) or not named or group
        return Row(words, amounts, page, is_total=total)

    def _counted(self, item: object, amounts: dict[str, Amount]) -> dict[str, Amount]:
        """The figures of a line that counts things (团组数, 保有量): they are a quantity and no money."""
        if item not in self.fit.form.counted:
            return amounts
        told = next((amount for amount in amounts.values() if amount.text), None)
        return {"quantity": self.figures.counted(told)} if told else {}


def _label(words: Words) -> str:
    """What a line is called: its name or item, else its unit."""
    names = [c for c in words if words[c] and ("name" in c or "item" in c)]
    own = [c for c in names if not c.startswith("unit_")]
    return str(words[(own or names)[0]]) if names else ""


def _filled(amounts: Mapping[str, Amount]) -> bool:
    return any(amount.value is not None for amount in amounts.values())


def _first_line(cell: TableCell, line: Cells) -> bool:
    """An amount that spans several lines stands on the first only, so that it is never added twice."""
    return cell.row == max(other.row for cells in line.values() for other in cells)


def _by_measure(row: Row, stage: str) -> Iterator[Row]:
    """三公 lines say whether they hold the budget or the final figure, one row each."""
    if "item" not in row.words and not any("." in column for column in row.amounts):
        yield row
        return
    measures = sorted({column.split(".")[0] for column in row.amounts if "." in column})
    if not measures:
        measure = "budget" if stage == "budget" else "final"
        yield Row({**row.words, "measure": measure}, row.amounts, row.page, row.is_total)
    for measure in measures:
        amounts = {c.split(".")[1]: a for c, a in row.amounts.items() if c.startswith(measure)}
        yield Row({**row.words, "measure": measure}, amounts, row.page, row.is_total)
