"""Rows that a page break cuts in two, put together before they are read.

A word processor breaks a row where the page ends: each cell's remaining lines stand at the top of the next page, in a row
of their own. Such a rest is told from a row by its cells: each stands under one whose last printed line had no room for
more, or makes an official name of the one above; it has no code of its own, and its figures are
the missing digits of those above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.lines import CODE, is_code_column, is_total, numeric_columns
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.classification import class_by_name, names
from fisc.schemas.folding import fold, plain, without_number

MARGIN_PT = 6.5
"""White space that word processors leave between a cell's text and its edge, at most."""
_FIGURE = re.compile(r"^-?\d[\d,]*\.\d{2}$")
_DIGITS = re.compile(r"^[\d,.]+$")

Pair = tuple[TableCell, TableCell]
"""A cell of the last row of a page, and the one below it at the top of the next."""


def whole(rows: Rows, fit: Fit) -> Rows:
    """The rows of a table, the rest of a cut one put to it; a blank row is left in the place of the rest."""
    found = list(rows)
    for i, pairs in _cuts(found, fit):
        found[i] = _joined(found[i], pairs)
        found[pairs[0][1].row] = (None,) * len(found[i])
    return found


def rests(rows: Rows, fit: Fit) -> set[int]:
    """The identities of the printed cells that are the rest of one above."""
    return {id(lower.printed) for _, pairs in _cuts(rows, fit) for _, lower in pairs}


def _cuts(rows: Rows, fit: Fit) -> Iterator[tuple[int, list[Pair]]]:
    """Each row that a page break cuts, with the cells of its rest; a row is cut once at most."""
    above: int | None = None
    for i in range(fit.header.height, len(rows) if fit.targets else 0):
        if above is not None and (pairs := _rest_of(rows[above], rows[i], above, i, fit)):
            yield above, pairs
            above = None
        elif any(cell and cell.text for cell in rows[i]):
            above = i


def _rest_of(
    above: Sequence[TableCell | None], below: Sequence[TableCell | None], i: int, j: int, fit: Fit
) -> list[Pair]:
    """The pairs of cells of which a row is the rest of the one above; none where it is a row of its own."""
    pairs: list[Pair] = []
    for column, (upper, lower) in enumerate(zip(above, below, strict=True)):
        if lower is None or not lower.text or lower.column != column or lower.row != j:
            continue
        ends = upper is not None and upper.row + upper.rows - 1 == i and upper.column == column
        if upper is None or not ends or upper.page >= lower.page:
            return []
        pairs.append((upper, lower))
    codes = _codes(_joined(above, pairs), fit)
    named = any(_makes_a_name(upper, lower, codes) for upper, lower in pairs)
    rest = all(_goes_on(upper, lower, fit, codes, named) for upper, lower in pairs)
    return pairs if rest else []


def _goes_on(upper: TableCell, lower: TableCell, fit: Fit, codes: Sequence[str], named: bool) -> bool:
    """Whether a cell is the rest of the one above; ``named`` where one of its row makes the name of the row's code."""
    target = fit.targets[upper.column]
    if target and is_code_column(target):
        return named and lower.text.isdigit() and has_no_room(upper)
    if target and target.split(".")[-1] in numeric_columns(fit.form.table):
        return _is_cut_figure(upper, lower)
    if _makes_a_name(upper, lower, codes):
        return True
    if _is_known(lower.text, fit):
        return False
    if not upper.text:
        return target is not None and bool(codes)
    return not without_number(upper.text).strip() or has_no_room(upper)


def _is_cut_figure(upper: TableCell, lower: TableCell) -> bool:
    """Whether the digits below are the missing ones of a figure that had no room."""
    one, rest = plain(upper.text), plain(lower.text)
    complete = _FIGURE.match(one) or not _DIGITS.match(rest)
    return not complete and bool(_FIGURE.match(one + rest)) and has_no_room(upper)


def _makes_a_name(upper: TableCell, lower: TableCell, codes: Sequence[str]) -> bool:
    """Whether two texts together are the official name of the row's code or of a class, and the upper one alone is not."""
    joined = fold(without_number(upper.text + lower.text))
    if not upper.text or not joined or joined == fold(without_number(upper.text)):
        return False
    official = {fold(name) for code in codes for name in _names(code)}
    return joined in official or (not official and _is_first_class(joined, upper.text))


def _names(code: str) -> tuple[str, ...]:
    return names(code, None, "function") + names(code, None, "economic")


def _is_first_class(joined: str, upper: str) -> bool:
    return class_by_name(joined) is not None and class_by_name(without_number(upper)) is None


def _is_known(text: str, fit: Fit) -> bool:
    """Whether a text names a line by itself."""
    label = without_number(text)
    return label != text.strip() or is_total(label) or bool(fit.form.item(label) or class_by_name(label))


def _codes(row: Sequence[TableCell | None], fit: Fit) -> list[str]:
    """The codes that a row prints, in one column each or in parts beside each other."""
    parts: dict[str, str] = {}
    for cell, target in zip(row, fit.targets, strict=True):
        if cell and cell.text and target and is_code_column(target):
            kind = target.split(".")[0]
            parts[kind] = parts.get(kind, "") + plain(cell.text)
    return [code for code in parts.values() if CODE.match(code)]


def has_no_room(cell: TableCell) -> bool:
    """Whether the last printed line of a cell has no room for another character, however it is aligned."""
    words = cell.printed.words
    if not words:
        return False
    last = words[-1]
    line = [word for word in words if word.y0 < last.y1 and last.y0 < word.y1]
    character = (last.x1 - last.x0) / max(1, len(last.text))
    right = cell.printed.box[2] - last.x1
    left = min(word.x0 for word in line) - cell.printed.box[0]
    return right < character + MARGIN_PT or left + right < character + 2 * MARGIN_PT


def _joined(row: Sequence[TableCell | None], pairs: Sequence[Pair]) -> list[TableCell | None]:
    rest = {id(upper): lower.text for upper, lower in pairs}
    return [
        replace(cell, text=cell.text + rest[id(cell)]) if cell and id(cell) in rest else cell for cell in row
    ]
