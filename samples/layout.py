"""A layout as data: how a place prints its disclosures in a stage, read from ``layouts/*.toml``.

What the words of a layout file mean is said at the dataclasses below; ``layouts/hebei.toml`` is the fullest example.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from samples.city.catalogue import plain
from samples.layout_base import over

LAYOUTS = Path(__file__).parent / "layouts"
UNITS = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``head`` is its path in the header tree (``本年收入/小计``), ``field`` what stands in it.

    Fields: a column of the contract, or ``ordinal`` (序号), ``line`` (行次), ``code.class`` / ``code.group`` /
    ``code.item`` (类, 款, 项 apart), ``code+name`` (glued), ``name``, ``blank``, ``before`` (last year's figure beside this
    one's; nothing of it is published), ``rise`` (the change in per cent) and ``extra`` (a figure that no form knows).
    ``width`` is relative. Where ``unit`` is set, the column's figures are printed in it and not in that of the form.
    """

    head: str
    field: str
    width: float = 10.0
    align: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of one side of 收支总表: its text, its canonical key and the sum that stands in it.

    ``measure`` is a measure of :meth:`Disclosure.flow` (empty: always blank), ``fund`` a group of
    :data:`samples.city.figures.FUNDS`. An item without text is an empty line. ``group`` stands in a ``group`` column.
    What is ``counted`` is no money.
    """

    item: str = ""
    key: str = ""
    group: str = ""
    measure: str = ""
    fund: str = "all"
    total: bool = False
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One of the blocks that stand side by side. A coded table has one block without items.

    ``classes`` puts the class lines between ``top`` and ``tail``: ``all`` of the official list or only the
    ``occurring`` ones, renumbered, or without numbers (``plain_classes``). ``codes`` picks the economic classes of a block. Tails stand at the bottom.
    """

    columns: tuple[Column, ...]
    side: str = ""
    top: tuple[Item, ...] = ()
    classes: str = ""
    plain_classes: bool = False
    tail: tuple[Item, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One table of a layout.

    ``total`` is where its 合计 row stands: ``first``, ``last`` or ``missing``; ``total_text`` what it says,
    ``total_span`` whether it spans the columns before the amounts. ``zero`` is what a zero is printed as.
    ``numbers`` is the row of 栏次 (``<`` joins the cell to its left). ``fill`` is the least number of body rows,
    ``empty`` what an empty table shows: ``blank`` lines or a ``total`` line without amounts. ``all_codes`` prints
    every official economic code. ``shape`` is ``coded``, ``sided``, ``items``, ``one_row``, ``listed`` or ``plain``
    (its ``rows`` are templates as in the narrative). A form that is not ``compared`` is printed, but the contract leaves
    open what is published from it. ``inside`` prints title and caption as the first rows of the grid, ``unit_apart`` then
    breaks the unit over two cells. ``indent`` sets names in by level, ``figures`` writes them ``full`` (in wide digits) or
    with their ``sign`` (￥); ``decimals`` is how many digits stand behind the point. ``clipped`` cells show what of their
    text fits on one line. ``merged`` codes of a class stand in one cell for all its lines. A ``cut`` table's rows are broken where a page ends,
    those of a ``fixed`` one stay as high as one line: longer texts hang out.
    ``across`` prints its columns on two pages (see :class:`samples.printing.sheet.Sheet`), with ``keys`` its codes and names on both.
    """

    table: str
    title: str
    shape: str
    blocks: tuple[Block, ...]
    unit: str = "万元"
    zero: str = ""
    separators: bool = False
    total: str = "first"
    total_text: str = "合计"
    total_span: bool = False
    numbers: tuple[str, ...] = ()
    landscape: bool = False
    rotated: str = ""
    new_page: bool = True
    fill: int = 0
    empty: str = "blank"
    empty_rows: int = 1
    all_codes: bool = False
    repeat: str = "none"
    merge: bool = False
    compared: bool = True
    rows: tuple[tuple[str, ...], ...] = ()
    inside: bool = False
    unit_apart: bool = False
    indent: bool = False
    figures: str = ""
    decimals: int = 2
    clipped: bool = False
    merged: bool = False
    cut: bool = False
    across: str = ""
    keys: bool = False
    fixed: bool = False
    label: str = ""
    note: str = ""
    empty_note: str = ""
    caption: tuple[str, ...] | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for block in self.blocks for column in block.columns)


@dataclass(frozen=True, slots=True)
class Style:
    """How a layout looks. ``rules`` is one of :data:`samples.printing.rules.STYLES`. ``font``: ``embedded``, ``song`` or ``hei`` (both not embedded); ``latin``: ``same``, ``serif``
    or ``sans``. Sizes are in points. ``page_head`` stands above every page, ``watermark`` across it; ``glyphs`` places every
    character by itself, ``gap`` is the white space below a table, in heights of its text."""

    font: str = "embedded"
    latin: str = "sans"
    rules: str = "strokes"
    body: float = 10.5
    cell: float = 8.0
    title: float = 15.0
    padding: float = 2.5
    row: float = 15.0
    margin: tuple[float, float, float, float] = (57.0, 57.0, 57.0, 57.0)
    amounts: str = "center"
    page_numbers: str = ""
    page_head: str = ""
    watermark: str = ""
    glyphs: bool = False
    gap: float = 1.0
    title_bold: bool = True
    label: str = "right"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the narrative: a heading, its depth and its paragraphs (see :mod:`samples.telling.narrative`)."""

    heading: str
    text: tuple[str, ...] = ()
    depth: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a place prints its disclosures of one stage.

    ``order`` lists ``cover``, ``contents``, ``tables`` and ``narrative``. A ``settled`` layout has no place for what is
    carried over, so that disclosures are printed without it.
    """

    name: str
    stage: str
    title: str
    order: tuple[str, ...]
    caption: tuple[str, ...]
    style: Style
    forms: tuple[Form, ...]
    narrative: tuple[Section, ...] = ()
    cover: tuple[str, ...] = ()
    settled: bool = False
    narrative_unit: str = "万元"
    narrative_digits: int = 2
    percent_digits: int = 2
    extras: Mapping[str, Form] | None = None

    def form(self, table: str) -> Form:
        """The form of a published table; ``KeyError`` where this layout does not print it."""
        for form in (*self.forms, *(self.extras or {}).values()):
            if form.table == table:
                return form
        raise KeyError(table)

    def styled(self, **changes: Any) -> Layout:
        """The same layout with another style."""
        return replace(self, style=replace(self.style, **changes))

    def reformed(self, table: str = "", **changes: Any) -> Layout:
        """The same layout with one table's form (or every form) changed."""
        forms = tuple(replace(f, **changes) if table in ("", f.table) else f for f in self.forms)
        return replace(self, forms=forms)


def _block(entry: Mapping[str, Any]) -> Block:
    top, tail = (tuple(Item(**line) for line in entry.get(part, ())) for part in ("top", "tail"))
    columns = tuple(Column(*column) for column in entry["columns"])
    return Block(columns=columns, top=top, tail=tail, **plain(entry, "columns", "top", "tail"))


def _form(entry: Mapping[str, Any], defaults: Mapping[str, Any]) -> Form:
    entry = {**defaults, **entry}
    blocks = entry.get("blocks") or [{"columns": entry["columns"]}]
    rows = tuple(tuple(row) for row in entry.get("rows", ()))
    kept = plain(entry, "blocks", "columns", "rows", "name")
    return Form(blocks=tuple(_block(block) for block in blocks), rows=rows, **kept)


def _told(name: str) -> dict[str, Any]:
    """What a layout file says, over what its ``base`` says."""
    told = tomllib.loads((LAYOUTS / f"{name}.toml").read_text(encoding="utf-8"))
    return over(_told(told["base"]), told) if "base" in told else told


@cache
def load(name: str) -> Layout:
    """The layout of ``layouts/<name>.toml``."""
    told = _told(name)
    defaults = told.get("defaults", {})
    return Layout(
        name=name,
        stage=told["stage"],
        title=told["title"],
        order=tuple(told["order"]),
        caption=tuple(told["caption"]),
        style=Style(**plain(told.get("style", {}))),
        forms=tuple(_form(entry, defaults) for entry in told["table"]),
        narrative=tuple(Section(**plain(entry)) for entry in told.get("section", ())),
        cover=tuple(told.get("cover", ())),
        settled=told.get("settled", False),
        narrative_unit=told.get("narrative_unit", "万元"),
        narrative_digits=told.get("narrative_digits", 2),
        percent_digits=told.get("percent_digits", 2),
        extras={entry["table"]: _form(entry, defaults) for entry in told.get("extra", ())},
    )


def names() -> tuple[str, ...]:
    """The names of all layouts."""
    return tuple(sorted(path.stem for path in LAYOUTS.glob("*.toml")))
