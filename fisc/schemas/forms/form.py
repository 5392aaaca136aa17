"""Forms as they stand in the TOML files beside this one: titles, header paths, row names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from fisc.schemas.folding import fold, glob, literal_length

_LAST_BRACKET = re.compile(r"[（(][^（）()]*[）)][》”\"]?\s*\d*$")

Path = tuple[str, ...]
"""Folded header labels of one column, from the top row to the leaf."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way in which a form is laid out.

    ``shape``: ``list`` (a row a record), ``sides`` (blocks side by side, columns named ``block.column``),
    ``spread`` (one data row, the header names the items), ``sheet`` (labels beside their values).
    ``columns`` maps a target to header patterns (``parent/leaf``, ``*`` for any run).
    """

    name: str
    shape: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    repeats: bool = False
    hierarchy: dict[str, tuple[str, ...]] = field(default_factory=dict)
    below: tuple[str, ...] = ()

    def best(self, path: Path) -> tuple[str, int] | None:
        """The target that a header path names, with how surely; None where no pattern fits."""
        found: tuple[str, int] | None = None
        for target, patterns in self.columns.items():
            for pattern in patterns:
                score = match(pattern, path)
                if score and (found is None or score > found[1]):
                    found = (target, score)
        return found

    def ignores(self, path: Path) -> bool:
        """Whether a column is known and holds no data (序号, 行次, 备注)."""
        return any(match(pattern, path) for pattern in self.ignored)

    def knows(self, label: str) -> bool:
        """Whether a folded label stands anywhere in this layout's header."""
        return any(
            glob(part).fullmatch(label)
            for patterns in (*self.columns.values(), self.ignored)
            for pattern in patterns
            for part in pattern.split("/")
        )


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of official table: the published table it fills, its titles and its layouts.

    ``rank`` orders forms that fill the same published table in one document: the lowest is published there,
    the others stay raw. ``items`` maps canonical names to row or column labels; ``published`` is False for
    tables that are known and kept raw; ``untitled`` forms are known by their header alone.
    """

    name: str
    table: str
    titles: tuple[str, ...]
    without: tuple[str, ...]
    layouts: tuple[Layout, ...]
    rank: int = 1
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    published: bool = True
    untitled: bool = False

    def title_length(self, line: str) -> int:
        """How much of a printed line is this form's title; 0 where it is not."""
        folded = fold(_LAST_BRACKET.sub("", line))
        if any(fold(word) in folded for word in self.without):
            return 0
        return max((literal_length(t) for t in self.titles if glob(t).fullmatch(folded)), default=0)

    def item(self, label: str) -> str | None:
        """Canonical name of a row or column label; the pattern that says most wins."""
        folded = fold(label)
        found = [
            (literal_length(pattern) + (1000 if "*" not in pattern else 0), name)
            for name, patterns in self.items.items()
            for pattern in patterns
            if glob(pattern).fullmatch(folded)
        ]
        return max(found)[1] if found else None


@lru_cache(maxsize=65536)
def match(pattern: str, path: Path) -> int:
    """How surely a header path is the one a pattern means; the leaf must fit, parents in order above it."""
    *parents, leaf = pattern.split("/")
    if not path or not glob(leaf).fullmatch(path[-1]):
        return 0
    above = list(path[:-1])
    for parent in reversed(parents):
        while above and not glob(parent).fullmatch(above[-1]):
            above.pop()
        if not above:
            return 0
        above.pop()
    return 1000 * len(parents) + 100 * ("*" not in leaf) + literal_length(pattern)


@cache
def forms() -> tuple[Form, ...]:
    """Every form, in the order of its file name."""
    folder = files(__package__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(
        _form(name.removesuffix(".toml"), tomllib.loads((folder / name).read_text("utf-8"))) for name in names
    )


def is_known_header(labels: Sequence[str]) -> bool:
    """Whether every label of a line stands in the header of one list, two-sided or spread layout, or names a part of one.

    Sheets do not count: their labels stand beside their values on every line.
    """
    folded = [fold(label) for label in labels]
    layouts = (layout for form in forms() for layout in form.layouts if layout.shape != "sheet")
    return bool(folded) and any(all(layout.knows(label) for label in folded) for layout in layouts)


def is_sheet(labels: Sequence[str]) -> bool:
    """Whether the cells of a table hold at least three labels of a sheet of labels beside values."""
    folded = {fold(label) for label in labels}
    sheets = (layout for form in forms() for layout in form.layouts if layout.shape == "sheet")
    return any(sum(layout.knows(label) for label in folded) >= 3 for layout in sheets)


def _form(name: str, data: dict[str, Any]) -> Form:
    return Form(
        name=name,
        table=data["table"],
        titles=tuple(data["titles"]),
        without=tuple(data.get("without", ())),
        layouts=tuple(_layout(entry, data.get("ignored", ())) for entry in data.get("layout", ())),
        rank=data.get("rank", 1),
        items={key: tuple(value) for key, value in data.get("items", {}).items()},
        published=data.get("published", True),
        untitled=data.get("untitled", False),
    )


def _layout(data: dict[str, Any], ignored: list[str]) -> Layout:
    return Layout(
        name=data["name"],
        shape=data["shape"],
        columns={key: tuple(value) for key, value in data["columns"].items()},
        required=tuple(data["required"]),
        ignored=(*ignored, *data.get("ignored", ())),
        repeats=data.get("repeats", False),
        hierarchy={key: tuple(value) for key, value in data.get("hierarchy", {}).items()},
        below=tuple(data.get("below", ())),
    )
