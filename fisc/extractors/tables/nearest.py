"""The forms nearest to a printed table that fits none: how much of its header each knows, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass

from fisc.extractors.tables.columns import Rows, assigned
from fisc.extractors.tables.headers import header_of, missing, titled
from fisc.extractors.tables.printed import PrintedTable
from fisc.schemas.folding import fold
from fisc.schemas.forms import Form, Layout, forms
from fisc.schemas.forms.patterns import Path

LEAST_SHARE = 0.3
"""A form that knows less of a header than this is not near."""
TITLED = 0.25
"""What a title that a form knows adds to its share."""


@dataclass(frozen=True, slots=True)
class Near:
    """A layout near to a table: ``targets`` of its columns by path, required columns ``missing``, ``unknown`` paths.

    ``share`` is how much of header and required columns fit, with a bonus for the title.
    """

    form: Form
    layout: Layout
    targets: tuple[tuple[Path, str | None], ...]
    missing: tuple[str, ...]
    unknown: tuple[Path, ...]
    titled: bool
    share: float

    @property
    def reason_zh(self) -> str:
        """What does not fit, in one clause."""
        return "；".join(
            part
            for part in (
                "" if self.titled else "题名不在该表样中",
                f"缺少列{'、'.join(self.missing)}" if self.missing else "",
                f"未知列“{_paths(self.unknown)}”" if self.unknown else "",
            )
            if part
        )

    @property
    def reason_en(self) -> str:
        """What does not fit, in one clause."""
        return ", ".join(
            part
            for part in (
                "" if self.titled else "the form does not know the title",
                f"columns missing: {', '.join(self.missing)}" if self.missing else "",
                f"unknown columns: {_paths(self.unknown)}" if self.unknown else "",
            )
            if part
        )


def _paths(paths: tuple[Path, ...]) -> str:
    return "、".join("/".join(path) or "—" for path in paths)


def nearest_forms(table: PrintedTable, rows: Rows) -> list[Near]:
    """The layouts of published forms that are near to a table, the nearest first, one a form."""
    named = {form.name for form, length in titled(table) if length}
    found: dict[str, Near] = {}
    for form in forms():
        for layout in form.layouts:
            near = (
                _sheet(form, layout, table, named)
                if layout.shape == "sheet"
                else _near(form, layout, rows, named)
            )
            if near.share >= LEAST_SHARE and (form.name not in found or near.share > found[form.name].share):
                found[form.name] = near
    return sorted(found.values(), key=lambda near: (-near.share, near.form.rank))


def _near(form: Form, layout: Layout, rows: Rows, named: set[str]) -> Near:
    header = header_of(layout, rows)
    held = assigned(layout, header, rows, None)
    targets = tuple(zip(header.paths, held.targets, strict=True))
    known = len({target for target in held.targets if target})
    lacking = missing(layout, held)
    whole = known + len(held.unknown) + len(lacking)
    share = known / whole if whole and header.height else 0.0
    return Near(
        form,
        layout,
        targets,
        lacking,
        held.unknown,
        form.name in named,
        share + TITLED * (form.name in named),
    )


def _sheet(form: Form, layout: Layout, table: PrintedTable, named: set[str]) -> Near:
    labels = {fold(cell.text) for cell in table.cells if cell.text}
    known = {best[0] for label in labels if (best := layout.best((label,)))}
    lacking = tuple(column for column in layout.required if column not in known)
    share = len(known) / len(layout.columns)
    return Near(form, layout, (), lacking, (), form.name in named, share + TITLED * (form.name in named))
