"""The header of a printed table as a tree, and the form and layout that it fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.extractors.tables.printed import PrintedTable, TableCell
from fisc.schemas.folding import fold, plain, without_number
from fisc.schemas.forms import Form, Layout, forms
from fisc.schemas.forms.form import Path
from fisc.schemas.numbers import is_figure

DEEPEST = 8
"""Official headers have one to five rows; a blank one may stand between."""
LONGEST_LABEL = 24
"""A longer text that spans a table is a note or a title."""
TOTAL_WORDS = frozenset({"合计", "总计", "小计", "本年合计", "收入总计", "支出总计", "收入合计", "支出合计"})
MEASURE = re.compile(r"^(?:年初|全年|调整|本年)?(?P<measure>预算|决算)(?:数|金额|支出数)?$")
"""A header label that says whether a column holds the budget or the final figure."""
_COLUMN_NUMBER = re.compile(
    r"^\d{1,2}(?:=\d{1,2}(?:[+-]\d{1,2})*)?$|^栏次$|^行次$|^[一二三四五六七八九十]{1,2}$|^[*xX×]+$|^—+$"
)
_CODE = re.compile(r"^[1-5]\d{2}(?:\d{2}){0,2}$")

Rows = Sequence[Sequence[TableCell | None]]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the data begins, and each column's folded labels from the top row to the leaf.

    ``mixed`` is set where the last header row is also the first data row (a 合计 line printed beside the
    lowest labels): its header labels are in ``mixed_labels``. ``labels`` are the printed labels of ``paths``.
    """

    height: int
    paths: tuple[Path, ...]
    mixed: bool = False
    mixed_labels: tuple[TableCell, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """A form and layout that a table's header fits: the target of each column, and what fits nothing."""

    form: Form
    layout: Layout
    header: Header
    targets: tuple[str | None, ...]
    unknown: tuple[Path, ...]
    score: int


def best_fit(table: PrintedTable, rows: Rows) -> Fit | None:
    """The form and layout whose title stands above the table and whose header the table has."""
    fits = [fit for fit in fits_of(table, rows) if fit is not None]
    return max(fits, key=lambda fit: fit.score, default=None)


def fits_of(table: PrintedTable, rows: Rows) -> list[Fit]:
    """Every form and layout that fits a table, with how well."""
    found = []
    for form, length in titled(table):
        for layout in form.layouts:
            fit = sheet_fit(form, layout, table) if layout.shape == "sheet" else fit_of(form, layout, rows)
            if fit is not None:
                found.append(
                    Fit(fit.form, fit.layout, fit.header, fit.targets, fit.unknown, fit.score + 20 * length)
                )
    return found


def titled(table: PrintedTable) -> list[tuple[Form, int]]:
    """The forms that a title near the table names; the nearest title line that names any decides."""
    for title in table.caption.titles:
        bare = without_number(title)
        found = [(form, length) for form in forms() if (length := form.title_length(bare))]
        if found:
            return found
    return [(form, 0) for form in forms() if form.untitled]


def fit_of(form: Form, layout: Layout, rows: Rows) -> Fit | None:
    """How a table fits one layout; None where a required column is missing."""
    header = header_of(layout, rows)
    targets, unknown = _assigned(layout, header, rows)
    present = {target for target in targets if target} | {
        t.rsplit(".", 1)[0] for t in targets if t and t[-1].isdigit()
    }
    if not header.height or not set(layout.required) <= present:
        return None
    score = 10 * sum(target is not None for target in targets) - 6 * len(unknown)
    return Fit(form, layout, header, targets, unknown, score)


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
        if _is_number_row(cells):
            height = i + 1
            continue
        mixed = _mixed_labels(cells, columns, layout)
        if mixed is not None:
            _collect(columns, mixed)
            return Header(i, _paths(columns), True, tuple(mixed), _labels(columns))
        if not _is_header_row(cells, layout):
            break
        _collect(columns, cells)
        height = i + 1
    return Header(height, _paths(columns), labels=_labels(columns))


def _starting(row: Sequence[TableCell | None], i: int) -> list[TableCell]:
    """The cells with text whose top row is this one."""
    return [cell for j, cell in enumerate(row) if cell and cell.text and cell.row == i and cell.column == j]


def _is_number_row(cells: Sequence[TableCell]) -> bool:
    texts = [plain(cell.text) for cell in cells]
    numbers = [text for text in texts if text[:2].rstrip("=").isdigit() or text[:1].isdigit()]
    if len(texts) < 2 or not all(_COLUMN_NUMBER.match(text) for text in texts):
        return False
    if any(text in ("栏次", "行次") for text in texts):
        return True
    values = [int(re.match(r"\d+", text)[0]) for text in numbers]  # type: ignore[index]
    return len(values) >= 3 and values == list(range(values[0], values[0] + len(values)))


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
        without_number(cell.text) == cell.text.strip()
        and (cell.columns > 1 or MEASURE.match(fold(cell.text)) is not None or layout.knows(fold(cell.text)))
        for cell in cells
    )
    return known == len(texts) or (known >= 2 and known * 2 >= len(texts))


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


def _assigned(layout: Layout, header: Header, rows: Rows) -> tuple[tuple[str | None, ...], tuple[Path, ...]]:
    """The target of each column, and the paths of columns that hold something and fit nothing."""
    paths = [without_measure(path) for path in header.paths] if layout.shape == "spread" else header.paths
    bests = [layout.best(path) if path else None for path in paths]
    targets: list[str | None] = [best[0] if best else None for best in bests]
    for j in range(1, len(targets)):
        if not header.paths[j] and (targets[j - 1] or "").endswith("_name"):
            targets[j] = targets[j - 1]
    if not layout.repeats and layout.shape != "spread":
        _resolve(targets, [best[1] if best else 0 for best in bests], header.paths)
    unknown = tuple(
        path
        for j, path in enumerate(header.paths)
        if targets[j] is None and not layout.ignores(path) and _holds_text(rows, j, header.height)
    )
    return tuple(targets), unknown


def without_measure(path: Path) -> Path:
    """A header path without its 预算数 / 决算数 label."""
    return tuple(label for label in path if not MEASURE.match(label))


def _resolve(targets: list[str | None], scores: list[int], paths: Sequence[Path]) -> None:
    """Where two columns claim one target, the surer keeps it, the left one on a tie.

    Neighbours under one label are one column that the rules cut in two: both keep it.
    """
    for target in {t for t in targets if t}:
        claims = [j for j, t in enumerate(targets) if t == target]
        keep = max(claims, key=lambda j: (scores[j], -j))
        kept = {keep}
        for j in sorted(claims):
            if j - 1 in kept and (paths[j] == paths[j - 1] or not paths[j]):
                kept.add(j)
        for j in claims:
            if j not in kept:
                targets[j] = None


def _holds_text(rows: Rows, j: int, height: int) -> bool:
    return any(cell.text for row in rows[height:] if (cell := row[j]) and cell.column == j)
