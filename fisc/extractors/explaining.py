"""Why each printed table of a document met the form it met, header by header; for an operator who extends the forms."""

from __future__ import annotations

from dataclasses import dataclass

from fisc.errors import DocumentError
from fisc.extractors.document import tables_on
from fisc.extractors.identity import identify
from fisc.extractors.reading import read_pages
from fisc.extractors.tables.columns import Header
from fisc.extractors.tables.headers import Fit, fits_of, titled
from fisc.extractors.tables.nearest import Near, nearest_forms
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.stated import printed_unit
from fisc.schemas.forms import Layout
from fisc.schemas.forms.patterns import Path
from fisc.schemas.identity import Hints


@dataclass(frozen=True, slots=True)
class ExplainedColumn:
    """One column: its head as printed, what it fills, and why it fills nothing."""

    head: str
    column: str | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainedTable:
    """One printed table: what stands above it, the form and layout it met, and why.

    ``form`` is None where it met none; then ``nearest`` is what came nearest and ``lines`` what one would add to that
    form's file to make it fit.
    """

    number: int
    pages: tuple[int, ...]
    title: str | None
    unit: str | None
    department: str | None
    form: str | None
    layout: str | None
    table: str | None
    why: str
    columns: tuple[ExplainedColumn, ...]
    nearest: str | None = None
    lines: tuple[str, ...] = ()


def explain(content: bytes, hints: Hints) -> tuple[ExplainedTable, ...]:
    """Every printed table of a document with the form it met.

    Raises :class:`DocumentError` where the file cannot be read; a document without identity is explained all the same.
    """
    pages = read_pages(content)
    printed = tables_on(pages)
    try:
        year: int | None = identify(pages, printed, hints)[0].fiscal_year
    except DocumentError:
        year = None
    fits = {table.number: _best(table, year) for table in printed}
    return tuple(_explained(table, fits) for table in printed)


def _best(table: PrintedTable, year: int | None) -> Fit | None:
    return max(fits_of(table, table.by_row(), year), key=lambda fit: fit.score, default=None)


def _explained(table: PrintedTable, fits: dict[int, Fit | None]) -> ExplainedTable:
    fit, rows = fits[table.number], table.by_row()
    if fit is not None:
        return _made(
            table, fit, _why_met(fit, fits), tuple(_columns(fit.layout, fit.header, fit.targets, fit))
        )
    raw = [form for form, length in titled(table) if length and not form.published]
    if raw:
        return _made(
            table, None, f"its title is of {raw[0].name}, which is known and kept raw", (), raw[0].name
        )
    near = next(iter(nearest_forms(table, rows)), None)
    if near is None:
        return _made(table, None, "no form knows its title or a third of its header", ())
    return _made(
        table,
        None,
        f"nearest is {near.form.name} ({near.layout.name}): {near.reason_en}",
        tuple(ExplainedColumn(head, target) for head, target in _heads_of(near)),
        nearest=near.form.name,
        lines=tuple(_lines(table, near)),
    )


def _made(
    table: PrintedTable,
    fit: Fit | None,
    why: str,
    columns: tuple[ExplainedColumn, ...],
    form: str | None = None,
    nearest: str | None = None,
    lines: tuple[str, ...] = (),
) -> ExplainedTable:
    caption = table.caption
    return ExplainedTable(
        number=table.number, pages=tuple(dict.fromkeys(grid.page for grid in table.grids)),
        title=caption.title, unit=printed_unit(table, fit) if fit else caption.unit,
        department=caption.department, form=fit.form.name if fit else form, layout=fit.layout.name if fit else None,
        table=fit.form.table if fit else None, why=why, columns=columns, nearest=nearest, lines=lines,
    )  # fmt: skip


def _why_met(fit: Fit, fits: dict[int, Fit | None]) -> str:
    known = sum(target is not None for target in fit.targets)
    title = (
        f"{fit.titled} characters of its title are the form's"
        if fit.titled
        else "its header is known without a title"
    )
    header = f"{known} of its {len(fit.targets)} columns are known" if fit.targets else "its labels are known"
    above = [
        other.form.name
        for other in fits.values()
        if other and other.form.table == fit.form.table and other.form.rank < fit.form.rank
    ]
    beside = f"; it stays raw, because the document has a {above[0]} too" if above else ""
    return f"{title}, {header}{beside}"


def _columns(
    layout: Layout, header: Header, targets: tuple[str | None, ...], fit: Fit
) -> list[ExplainedColumn]:
    """The columns from left to right, neighbours under one head once."""
    found: list[ExplainedColumn] = []
    for path, labels, target in zip(header.paths, header.labels, targets, strict=True):
        column = ExplainedColumn(_head(labels), target, None if target else _why_not(layout, path, fit))
        if not found or found[-1] != column:
            found.append(column)
    return found


def _why_not(layout: Layout, path: Path, fit: Fit) -> str:
    if path in fit.unknown:
        return "unknown"
    if path in fit.compared:
        return "another year, a share or a change"
    return "known, holds no data" if layout.ignores(path) else "empty, or claimed by a surer column"


def _head(labels: tuple[str, ...]) -> str:
    return "/".join("".join(label.split()) for label in labels) or "(no head)"


def _heads_of(near: Near) -> list[tuple[str, str | None]]:
    return list(dict.fromkeys(("/".join(path) or "(no head)", target) for path, target in near.targets))


def _lines(table: PrintedTable, near: Near) -> list[str]:
    """What to add to the nearest form's file: its title, and a pattern for each head that it does not know."""
    lines = []
    title = table.caption.title
    if not near.titled and title:
        lines.append(f'titles = [..., "*{"".join(title.split())}"]')
    unknown = list(dict.fromkeys("/".join(path) for path in near.unknown if path))
    lines += [
        f'{_key(column)} = [..., "HEAD"]   # one of: {"、".join(unknown) or "—"}' for column in near.missing
    ]
    if not near.missing:
        lines += [f'COLUMN = [..., "{head}"]' for head in unknown]
    return lines


def _key(column: str) -> str:
    return f'"{column}"' if "." in column else column
