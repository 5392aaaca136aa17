"""Drifts: one layout printed in many ways, each differing in one thing, as places and years differ.

    for name, layout in variants("hebei").items(): …

What must be published changes only where the drift changes it (a unit that rounds, zeros that are printed).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import cycle
from pathlib import Path

from samples.layout import Block, Column, Form, Layout, load
from samples.printing.rules import STYLES

WORDINGS = Path(__file__).parent / "wordings.toml"
UNKNOWN = "其中：绩效奖励"
"""The head of a column that no form knows."""
SPLIT = {"类": "code.class", "款": "code.group", "项": "code.item"}


def _styled(layout: Layout, **changes: str) -> Layout:
    return layout.styled(**changes)


def _columns(layout: Layout, change: Callable[[Form, Block], tuple[Column, ...]]) -> Layout:
    """Every coded table with other columns."""

    def changed(form: Form) -> Form:
        if form.shape != "coded":
            return form
        blocks = tuple(replace(block, columns=change(form, block)) for block in form.blocks)
        return replace(form, blocks=blocks, numbers=())

    return replace(layout, forms=tuple(changed(form) for form in layout.forms))


def _split_codes(sparse: str) -> Callable[[Form, Block], tuple[Column, ...]]:
    def split(form: Form, block: Block) -> tuple[Column, ...]:
        levels = list(SPLIT)[: 2 if form.table == "basic_expenditure" else 3]
        columns: list[Column] = []
        for column in block.columns:
            if column.field == "code":
                columns += [Column(f"{column.head}/{level}", SPLIT[level] + sparse, 4.0) for level in levels]
            else:
                columns.append(column)
        return tuple(columns)

    return split


def _glued_codes(_: Form, block: Block) -> tuple[Column, ...]:
    """The code in front of the name, in one column."""
    kept = [c for c in block.columns if c.field != "code"]
    return tuple(
        replace(c, field="code+name", head="科目名称", width=c.width + 8) if c.field == "name" else c
        for c in kept
    )


def _reversed_amounts(_: Form, block: Block) -> tuple[Column, ...]:
    """The columns of amounts in the opposite order."""
    named = _naming(block)
    return (*named, *reversed(block.columns[len(named) :]))


def _with_unknown(_: Form, block: Block) -> tuple[Column, ...]:
    """A column of figures that no form knows, behind the others, and one for remarks."""
    return (*block.columns, Column(UNKNOWN, "extra", 9.0), Column("备注", "blank", 5.0))


def _narrow_names(_: Form, block: Block) -> tuple[Column, ...]:
    """Names in so little room that they take up several lines."""
    return tuple(replace(c, width=c.width / 2.5) if "name" in c.field else c for c in block.columns)


def _naming(block: Block) -> tuple[Column, ...]:
    """The columns in front of a block's amounts."""
    names = ("ordinal", "name", "line")
    return tuple(c for c in block.columns if c.field.startswith("code") or c.field in names)


@cache
def wordings() -> Mapping[str, tuple[str, ...]]:
    """A head as the layouts print it (its blanks left out) to what other places print in its stead."""
    return {key: tuple(told) for key, told in tomllib.loads(WORDINGS.read_text(encoding="utf-8")).items()}


def _reworded(layout: Layout, turn: int) -> Layout:
    """Every head in the words of another place; ``turn`` says of which."""

    def part(told: str) -> str:
        known = wordings().get("".join(told.split()), ())
        return known[turn % len(known)] if known else told

    def head(column: Column) -> Column:
        return replace(column, head="/".join(part(told) for told in column.head.split("/")))

    forms = (
        replace(f, blocks=tuple(replace(b, columns=tuple(map(head, b.columns))) for b in f.blocks))
        if f.shape in ("coded", "sided")
        else f
        for f in layout.forms
    )
    return replace(layout, forms=tuple(forms))


def _spaced_titles(layout: Layout) -> Layout:
    """Titles with a blank between any two characters."""
    return _retitled(layout, lambda title: re.sub(r"(?<=[一-鿿])(?=[一-鿿])", " ", title))


def _unquoted_titles(layout: Layout) -> Layout:
    """Titles whose quotation marks were lost."""
    return _retitled(layout, lambda title: re.sub("[“”]", "", title))


def _retitled(layout: Layout, change: Callable[[str], str]) -> Layout:
    return replace(layout, forms=tuple(replace(f, title=change(f.title)) for f in layout.forms))


def _without_ordinals(_: Form, block: Block) -> tuple[Column, ...]:
    return tuple(c for c in block.columns if c.field != "ordinal")


def _with_last_year(layout: Layout) -> Layout:
    """Last year's figure before the first amount, the change in per cent behind the last one."""

    def beside(form: Form, block: Block) -> tuple[Column, ...]:
        if len(form.blocks) > 1:
            return block.columns
        named = _naming(block)
        before = Column("{last_year}年数", "before", 10.0)
        return (*named, before, *block.columns[len(named) :], Column("比上年增减（%）", "rise", 8.0))

    return _columns(layout, beside)


def _without_unit(layout: Layout, table: str) -> Layout:
    """No unit above one table, or above any."""
    bare = tuple("" if "{unit}" in part else part for part in layout.caption)
    if not table:
        forms = tuple(replace(f, caption=None if f.caption is None else ()) for f in layout.forms)
        return replace(layout, caption=bare, forms=forms)
    return layout.reformed(table, caption=bare)


def _heads_with_units(
    units: Callable[[Column], tuple[str, str]],
) -> Callable[[Form, Block], tuple[Column, ...]]:
    """Heads of amounts that state a unit: the one they state and the one they are printed in, both as ``units`` says."""

    def stating(_: Form, block: Block) -> tuple[Column, ...]:
        named = _naming(block)
        columns = []
        for column in block.columns[len(named) :]:
            said, printed = units(column) if not column.unit else ("", column.unit)
            columns.append(replace(column, head=f"{column.head}{said}", unit=printed))
        return (*named, *columns)

    return stating


def _project_in_yuan(column: Column) -> tuple[str, str]:
    return ("（元）", "元") if column.field == "project" else ("", "")


def _project_said_in_yuan(column: Column) -> tuple[str, str]:
    return ("（元）", "") if column.field == "project" else ("", "")


def _yuan_in_every_head(_: Column) -> tuple[str, str]:
    return "：元", "元"


def _hundred_millions_in_every_head(_: Column) -> tuple[str, str]:
    return "（亿元）", "亿元"


def _told_in(layout: Layout, unit: str, digits: int) -> Layout:
    """The narrative in another unit than 万元."""
    told = (replace(s, text=tuple(t.replace("万元", unit) for t in s.text)) for s in layout.narrative)
    return replace(layout, narrative=tuple(told), narrative_unit=unit, narrative_digits=digits)


def _mixed_units(layout: Layout) -> Layout:
    """Every table in another unit than the one before."""
    units = cycle((("元", 2), ("亿元", 6), ("千元", 2), ("万元", 2), ("百万元", 4), ("百元", 2)))
    forms = (
        replace(form, unit=unit, decimals=digits)
        for form, (unit, digits) in zip(layout.forms, units, strict=False)
    )
    return replace(layout, forms=tuple(forms))


def _titled(layout: Layout, pattern: str) -> Layout:
    """Titles with their number in front, as in 表1：…."""
    forms = [replace(f, title=pattern.format(n=n, title=f.title)) for n, f in enumerate(layout.forms, 1)]
    return replace(layout, forms=tuple(forms))


def _wordy_heads(layout: Layout) -> Layout:
    """Heads broken by blanks and line ends, as typed into narrow cells."""

    def spaced(head: str) -> str:
        return "/".join(
            part[: len(part) // 2] + "  \n" + part[len(part) // 2 :]
            if len(part) > 3 and "{" not in part
            else part
            for part in head.split("/")
        )

    return _columns(layout, lambda _, block: tuple(replace(c, head=spaced(c.head)) for c in block.columns))


DRIFTS: Mapping[str, Callable[[Layout], Layout]] = {
    **{f"rules_{rules}": partial(_styled, rules=rules) for rules in STYLES},
    "font_song": lambda layout: layout.styled(font="song", latin="serif"),
    "font_hei": lambda layout: layout.styled(font="hei", latin="sans"),
    "font_one": lambda layout: layout.styled(font="embedded", latin="same"),
    "small_type": lambda layout: layout.styled(cell=5.5, row=11.0, padding=1.5),
    "tight_cells": lambda layout: layout.styled(padding=0.4),
    "right_aligned": lambda layout: layout.styled(amounts="right"),
    "page_numbers": lambda layout: layout.styled(page_numbers="- {n} -"),
    "short_pages": lambda layout: layout.styled(margin=(57.0, 57.0, 57.0, 420.0)),
    "separators": lambda layout: layout.reformed(separators=True),
    "yuan": lambda layout: layout.reformed(unit="元", separators=True),
    "zeros": lambda layout: layout.reformed(zero="0.00"),
    "dashes": lambda layout: layout.reformed(zero="—"),
    "repeat_none": lambda layout: layout.reformed(repeat="none"),
    "repeat_header": lambda layout: layout.reformed(repeat="header"),
    "repeat_caption": lambda layout: layout.reformed(repeat="caption"),
    "repeat_title": lambda layout: layout.styled(margin=(57.0, 57.0, 57.0, 390.0)).reformed(repeat="title"),
    "landscape": lambda layout: layout.reformed(landscape=True, new_page=True),
    "rotated_flag": lambda layout: layout.reformed(landscape=True, new_page=True, rotated="flag"),
    "rotated_sideways": lambda layout: layout.reformed(landscape=True, new_page=True, rotated="sideways"),
    "one_after_the_other": lambda layout: layout.reformed(landscape=False, new_page=False),
    "total_last": lambda layout: layout.reformed(total="last"),
    "total_missing": lambda layout: layout.reformed(total="missing"),
    "total_wide": lambda layout: layout.reformed(total_text="合  计", total_span=True),
    "numbers_missing": lambda layout: layout.reformed(numbers=()),
    "ordinals_missing": lambda layout: _columns(layout, _without_ordinals),
    "codes_split": lambda layout: _columns(layout, _split_codes("")),
    "codes_sparse": lambda layout: _columns(layout, _split_codes("~")),
    "codes_merged": lambda layout: _columns(layout, _split_codes("")).reformed(merged=True),
    "codes_glued": lambda layout: _columns(layout, _glued_codes),
    "heads_spaced": _wordy_heads,
    "unit_missing": lambda layout: _without_unit(layout, ""),
    "unit_missing_once": lambda layout: _without_unit(layout, "expenditure"),
    "unit_of_a_column": lambda layout: _columns(layout, _heads_with_units(_project_in_yuan)),
    "unit_of_a_column_wrong": lambda layout: _columns(layout, _heads_with_units(_project_said_in_yuan)),
    "unit_in_heads": lambda layout: _columns(
        _without_unit(layout, ""), _heads_with_units(_yuan_in_every_head)
    ),
    "titles_inside": lambda layout: layout.reformed(inside=True, label=""),
    "last_year_beside": _with_last_year,
    "unit_apart": lambda layout: layout.reformed(inside=True, label="", unit_apart=True),
    "sheets_touching": lambda layout: layout.styled(gap=0.0).reformed(
        landscape=False, new_page=False, inside=True, label="", note="", empty_note=""
    ),
    "heads_reworded": lambda layout: _reworded(layout, 0),
    "heads_reworded_again": lambda layout: _reworded(layout, 1),
    "columns_reversed": lambda layout: _columns(layout, _reversed_amounts),
    "column_unknown": lambda layout: _columns(layout, _with_unknown),
    "names_narrow": lambda layout: _columns(layout, _narrow_names),
    "names_indented": lambda layout: layout.reformed(indent=True),
    "figures_wide": lambda layout: layout.reformed(figures="full", separators=True),
    "figures_signed": lambda layout: layout.reformed(figures="sign"),
    "figures_long": lambda layout: layout.reformed(decimals=6),
    "thousands": lambda layout: layout.reformed(unit="千元"),
    "hundreds": lambda layout: layout.reformed(unit="百元"),
    "hundred_millions": lambda layout: layout.reformed(unit="亿元", decimals=6),
    "hundred_millions_rounded": lambda layout: layout.reformed(unit="亿元", decimals=4),
    "hundred_millions_in_heads": lambda layout: _columns(
        _without_unit(layout, ""), _heads_with_units(_hundred_millions_in_every_head)
    ).reformed(decimals=6),
    "hundred_millions_told": lambda layout: _told_in(layout, "亿元", 6),
    "units_mixed": _mixed_units,
    "dashes_double": lambda layout: layout.reformed(zero="——"),
    "names_clipped": lambda layout: _columns(layout, _narrow_names).reformed(clipped=True),
    "unit_and_maker": lambda layout: replace(
        layout, caption=("编制单位：{department}", "单位:{unit}")
    ).reformed(caption=None),
    "rows_cut": lambda layout: _columns(
        layout.styled(margin=(57.0, 57.0, 57.0, 390.0)).reformed(cut=True), _narrow_names
    ),
    "across_over": lambda layout: layout.reformed(across="over", repeat="header", new_page=True),
    "across_over_keys": lambda layout: layout.reformed(
        across="over", keys=True, repeat="none", new_page=True
    ),
    "across_down": lambda layout: layout.reformed(across="down", repeat="none", new_page=True),
    "across_down_keys": lambda layout: layout.reformed(
        across="down", keys=True, repeat="header", new_page=True
    ),
    "rows_fixed": lambda layout: layout.reformed(fixed=True),
    "watermark": lambda layout: layout.styled(watermark="公开文本 2025"),
    "page_heads": lambda layout: layout.styled(page_head="2025年部门预算公开 第{n}页 共38页 130306"),
    "glyphs": lambda layout: layout.styled(glyphs=True),
    "titles_spaced": _spaced_titles,
    "titles_unquoted": _unquoted_titles,
    "titles_broken": lambda layout: layout.styled(title=27.0),
    "titles_numbered": lambda layout: _titled(layout, "表{n}：{title}"),
    "titles_quoted": lambda layout: _titled(layout, "{n}．《{title}》"),
    "titles_dated": lambda layout: _titled(layout, "{{year}}年度{title}"),
}
"""Name of the drift to what it does with a layout."""


def variant(layout: str, drift: str) -> Layout:
    """A layout with one drift; it is called ``layout+drift``."""
    return replace(DRIFTS[drift](load(layout)), name=f"{layout}+{drift}")


def variants(layout: str) -> dict[str, Layout]:
    """A layout with every drift, by the drift's name."""
    return {drift: variant(layout, drift) for drift in DRIFTS}
