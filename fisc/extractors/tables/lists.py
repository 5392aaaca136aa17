"""Tables that print a record a line, in one block or in several side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fisc.extractors.tables.codes import read_code
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import Fit, Rows
from fisc.extractors.tables.indicators import moved_back
from fisc.extractors.tables.lines import Cells, is_note, is_total, line_of, numeric_columns
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
    numeric = numeric_columns(fit.form.table)
    lines = [
        (line, opens)
        for line, opens in _data_lines(rows, block, fit)
        if not any(is_note(cell.text) for cells in line.values() for cell in cells)
    ]
    if fit.layout.hierarchy:
        yield from moved_back([line for line, _ in lines], fit, figures)
        return
    code_parts: list[str] = ["", "", ""]
    pending: Row | None = None
    for line, opens in lines:
        row = _list_row(line, fit, figures, numeric, code_parts)
        if row is None:
            continue
        if opens and pending is not None and _goes_on(pending, row):
            pending = _with_rest(pending, row)
            continue
        if pending is not None:
            yield from _by_measure(pending, figures.stage)
        pending = row
    if pending is not None:
        yield from _by_measure(pending, figures.stage)


def _data_lines(rows: Rows, block: Mapping[int, str], fit: Fit) -> Iterator[tuple[Cells, bool]]:
    """Each data line's cells by target, and whether it opens a fragment on a new page."""
    page: int | None = None
    for i, row in enumerate(rows):
        if i < fit.header.height:
            continue
        skipped = fit.header.mixed_labels if i == fit.header.height else ()
        line = line_of(row, block, skipped)
        here = next((cell.page for cell in row if cell), page)
        yield line, page is not None and here != page
        page = here


def _list_row(
    line: Cells, fit: Fit, figures: Figures, numeric: frozenset[str], code_parts: list[str]
) -> Row | None:
    words: dict[str, str | int | None] = {}
    amounts: dict[str, Amount] = {}
    for target, cells in line.items():
        column = target.split(".")[-1]
        if column in numeric:
            figure = figures.amount(column, [cell for cell in cells if _first_line(cell, line)])
            if figure is not None:
                amounts[target] = figure
        elif not column.isdigit():
            words[target] = "".join(cell.text for cell in cells).strip() or None
    read_code(line, words, figures, code_parts)
    page = next((cell.page for cells in line.values() for cell in cells), 1)
    return _named(words, amounts, page, fit)


def _first_line(cell: TableCell, line: Cells) -> bool:
    """An amount that spans several lines stands on the first only, so that it is never added twice."""
    return cell.row == max(other.row for cells in line.values() for other in cells)


def _named(words: dict[str, str | int | None], amounts: dict[str, Amount], page: int, fit: Fit) -> Row | None:
    """The line as a row, or None where it has neither a name nor a code."""
    has_name_column = any(
        target and not target.split(".")[-1].isdigit() and target in words for target in fit.targets
    )
    named = any(value for value in words.values())
    if not named and (has_name_column or not any(amount.value is not None for amount in amounts.values())):
        return None
    label = next((str(words[c]) for c in words if words[c] and ("name" in c or "item" in c)), "")
    if fit.form.items and "item_text" in words:
        words["item"] = fit.form.item(without_number(label)) or None
    return Row(words, amounts, page, is_total=is_total(label) or not named)


def _goes_on(before: Row, row: Row) -> bool:
    """Whether the first line of a page is the rest of a cell that the page break cut in two."""
    if row.is_total or any(amount.value is not None for amount in row.amounts.values()):
        return False
    texts = {column: value for column, value in row.words.items() if value}
    coded = any(column.endswith("_code") for column in texts)
    ordinal = any(without_number(str(value)) != str(value).strip() for value in texts.values())
    return bool(texts) and not coded and not ordinal and all(before.words.get(column) for column in texts)


def _with_rest(before: Row, rest: Row) -> Row:
    words = {
        c: f"{value}{rest.words.get(c) or ''}" if value and c != "item" else value
        for c, value in before.words.items()
    }
    return Row(words, before.amounts, before.page, before.is_total)


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
