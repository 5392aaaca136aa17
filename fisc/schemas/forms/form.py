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
from fisc.schemas.forms.patterns import Path, Patterns

_LAST_BRACKET = re.compile(r"[（(][^（）()]*[）)][》”\"]?\s*\d*$")
_LAST_BRACKETS = re.compile(r"(?:[（(][^（）()]*[）)]\s*)+[》”\"]?\s*\d*$")


@dataclass(frozen=True, slots=True)
class Ready:
    """The patterns of a layout, ready to be asked."""

    columns: Patterns
    ignored: Patterns
    comparison: Patterns


@dataclass(frozen=True, slots=True)
class Layout:
    """One way in which a form is laid out.

    ``shape``: ``list`` (a row a record), ``sides`` (blocks side by side, columns named ``block.column``),
    ``spread`` (one data row, the header names the items), ``sheet`` (labels beside their values).
    ``columns`` maps a target to header patterns (``parent/leaf``, ``*`` for any run); ``comparison`` are those of
    columns of other years and of shares. ``figure`` is the column that the figures of a ``spread`` fill.
    """

    name: str
    shape: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    comparison: tuple[str, ...] = ()
    repeats: bool = False
    hierarchy: dict[str, tuple[str, ...]] = field(default_factory=dict)
    below: tuple[str, ...] = ()
    figure: str = "total"
    ready: Ready = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = [(target, pattern) for target, patterns in self.columns.items() for pattern in patterns]
        ready = Ready(
            Patterns(named),
            Patterns(("", pattern) for pattern in self.ignored),
            Patterns(("", pattern) for pattern in self.comparison),
        )
        object.__setattr__(self, "ready", ready)

    def best(self, path: Path) -> tuple[str, int] | None:
        """The target that a header path names, with how surely; None where no pattern fits."""
        return self.ready.columns.best(path)

    def compares(self, path: Path) -> bool:
        """Whether a column holds another year's figures, or shares and changes."""
        columns, comparison = self.ready.columns, self.ready.comparison
        return any(length > columns.said(label) for label in path if (length := comparison.said(label)))

    def ignores(self, path: Path) -> bool:
        """Whether a column is known and holds no data (序号, 行次, 备注)."""
        return self.ready.ignored.best(path) is not None

    def knows(self, label: str) -> bool:
        """Whether a folded label stands anywhere in this layout's header."""
        ready = self.ready
        return any(known.knows(label) for known in (ready.columns, ready.ignored, ready.comparison))


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of official table: the published table it fills, its titles and its layouts.

    ``rank`` orders forms that fill the same published table in one document: the lowest is published there,
    the others stay raw; one that ``stands_in`` holds something a little different. ``items`` maps canonical names to
    row or column labels, ``counted`` are those that count things; ``published`` is False for tables that are known
    and kept raw; ``untitled`` forms are known by their header alone.
    """

    name: str
    table: str
    titles: tuple[str, ...]
    without: tuple[str, ...]
    layouts: tuple[Layout, ...]
    rank: int = 1
    stands_in: bool = False
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counted: tuple[str, ...] = ()
    published: bool = True
    untitled: bool = False

    def title_length(self, line: str) -> int:
        """How much of a printed line is this form's title, its last brackets left out or not; 0 where it is not."""
        whole, bare, barest = (
            fold(text) for text in (line, _LAST_BRACKET.sub("", line), _LAST_BRACKETS.sub("", line))
        )
        if any(fold(word) in bare for word in self.without):
            return 0
        fitting = (t for t in self.titles if any(map(glob(t).fullmatch, (bare, whole, barest))))
        return max((literal_length(title) for title in fitting), default=0)

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


@lru_cache(maxsize=4096)
def forms_titled(line: str) -> tuple[tuple[Form, int], ...]:
    """The forms that a printed line, its ordinal left out, is the title of, and how much of it each says outright."""
    if not _any_title().search(fold(line)):
        return ()
    return tuple((form, length) for form in forms() if (length := form.title_length(line)))


@cache
def _any_title() -> re.Pattern[str]:
    """One pattern for the titles of all forms: most lines are none, and that must be known at once."""
    return re.compile("|".join(glob(title.strip("*")).pattern for form in forms() for title in form.titles))


SHARED = "shared.toml"
"""What every form knows: columns that hold no data, columns that compare, and groups of columns that layouts use."""


@cache
def forms() -> tuple[Form, ...]:
    """Every form, in the order of its file name."""
    folder = files(__package__)
    shared = tomllib.loads((folder / SHARED).read_text("utf-8"))
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(
        _form(name.removesuffix(".toml"), tomllib.loads((folder / name).read_text("utf-8")), shared)
        for name in names
        if name != SHARED
    )


def forms_headed(labels: Sequence[str]) -> tuple[Form, ...]:
    """The forms of lists that need no title and whose whole header these folded labels are.

    Every label names a column, and no column that the form needs is missing.
    """
    return tuple(
        form
        for form in forms()
        if form.untitled
        and any(
            layout.shape == "list" and len(layout.required) > 1 and _is_header_of(layout, labels)
            for layout in form.layouts
        )
    )


def _is_header_of(layout: Layout, labels: Sequence[str]) -> bool:
    bests = [layout.best((label,)) for label in labels]
    return all(bests) and set(layout.required) <= {best[0] for best in bests if best}


def begins_sheet(labels: Sequence[str]) -> bool:
    """Whether a line of folded labels and values begins a sheet: it names the first two things that the sheet needs."""
    sheets = (layout for form in forms() for layout in form.layouts if layout.shape == "sheet")
    return any(
        set(layout.required[:2]) <= {best[0] for label in labels if (best := layout.best((label,)))}
        for layout in sheets
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


def _form(name: str, data: dict[str, Any], shared: dict[str, Any]) -> Form:
    common = {**shared, "ignored": (*shared["ignored"], *data.get("ignored", ()))}
    return Form(
        name=name,
        table=data["table"],
        titles=tuple(data["titles"]),
        without=tuple(data.get("without", ())),
        layouts=tuple(_layout(entry, common) for entry in data.get("layout", ())),
        rank=data.get("rank", 1),
        stands_in=data.get("stands_in", False),
        items={key: tuple(value) for key, value in data.get("items", {}).items()},
        counted=tuple(data.get("counted", ())),
        published=data.get("published", True),
        untitled=data.get("untitled", False),
    )


def _layout(data: dict[str, Any], common: dict[str, Any]) -> Layout:
    groups = [common["columns"][name] for name in data.get("use", ())]
    columns = {
        key: tuple(value) for group in (*groups, data.get("columns", {})) for key, value in group.items()
    }
    return Layout(
        name=data["name"],
        shape=data["shape"],
        columns=columns,
        required=tuple(data["required"]),
        ignored=(*common["ignored"], *data.get("ignored", ())),
        comparison=tuple(common["comparison"]),
        repeats=data.get("repeats", False),
        hierarchy={key: tuple(value) for key, value in data.get("hierarchy", {}).items()},
        below=tuple(data.get("below", ())),
        figure=data.get("figure", "total"),
    )
