"""What each column of a printed table holds: the target of its header path in a layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.extractors.tables.printed import TableCell
from fisc.schemas.forms import Layout
from fisc.schemas.forms.patterns import Path

MEASURE = re.compile(r"^(?:年初|全年|调整|本年)?(?P<measure>预算|决算)(?:数|金额|支出数)?$")
"""A header label that says whether a column holds the budget or the final figure."""
_YEAR = re.compile(r"(?:19|20)\d{2}(?=年|\D|$)")

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
class Assigned:
    """The target of each column, the paths of columns that hold something and fit nothing, and those of another year."""

    targets: tuple[str | None, ...]
    unknown: tuple[Path, ...]
    compared: tuple[Path, ...]


def assigned(layout: Layout, header: Header, rows: Rows, year: int | None) -> Assigned:
    """What each column holds. ``year`` tells the year's own column from those of other years beside it."""
    spread = layout.shape == "spread"
    paths = [without_measure(path) for path in header.paths] if spread else header.paths
    bests = [layout.best(path) if path else None for path in paths]
    beside = [layout.compares(path) for path in header.paths]
    targets = [None if off or not best else best[0] for off, best in zip(beside, bests, strict=True)]
    for j in range(1, len(targets)):
        if not header.paths[j] and (targets[j - 1] or "").endswith("_name"):
            targets[j] = targets[j - 1]
    for j in _of_other_years(targets, header, year, spread):
        targets[j], beside[j] = None, True
    if not layout.repeats and not spread:
        _resolve(targets, [best[1] if best else 0 for best in bests], header.paths)
    beside = [off or bool(_other_years(header, j, year)) for j, off in enumerate(beside)]
    open_columns = [
        j for j, target in enumerate(targets) if target is None and _holds_text(rows, j, header.height)
    ]
    return Assigned(
        tuple(targets),
        tuple(header.paths[j] for j in open_columns if not beside[j] and not layout.ignores(header.paths[j])),
        tuple(header.paths[j] for j in open_columns if beside[j]),
    )


def without_measure(path: Path) -> Path:
    """A header path without its 预算数 / 决算数 label."""
    return tuple(label for label in path if not MEASURE.match(label))


def _of_other_years(
    targets: Sequence[str | None], header: Header, year: int | None, spread: bool
) -> list[int]:
    """Columns whose head names another year than the document's, where the year's own column stands beside them."""
    claims: dict[tuple[str, str], list[int]] = {}
    for j, target in enumerate(targets):
        if target:
            measure = "/".join(label for label in header.paths[j] if MEASURE.match(label)) if spread else ""
            claims.setdefault((target, measure), []).append(j)
    others = []
    for columns in claims.values():
        foreign = [j for j in columns if _other_years(header, j, year)]
        others += foreign if len(foreign) < len(columns) else []
    return others


def _other_years(header: Header, j: int, year: int | None) -> set[str]:
    """The years that the head of a column names, if the document's own is not among them."""
    years = set(_YEAR.findall("/".join(header.labels[j]))) if header.labels and year else set()
    return years if str(year) not in years else set()


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
