"""Whose disclosure each table and page of a file is: a department and its units can be published in one file.

A file is divided only where its tables prove it: tables that state another department or level, and among them official
forms that the rest of the file has too. One caption with another name is no second disclosure, but is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from fisc.extractors.grids import lines_of
from fisc.extractors.identity import ORGANISATION, without_code
from fisc.extractors.page import Page
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.printed import PrintedTable
from fisc.schemas.audit.document import OFFICIAL
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.folding import fold, plain, without_number
from fisc.schemas.identity import Identity
from fisc.schemas.regions import normalise_department

KIND = 3
"""Characters that say what kind of department it is (财政局)."""
HEADING_LINES = 4
"""A disclosure's own heading stands among the first lines of its page."""
_DISCLOSURE = (
    r"(?P<level>部门|单位|本级)?(?:预算|决算)(?:[及和].?三公.?经费(?:预算|决算))?"
    r"(?:信息)?(?:公开)?(?:情况)?(?:说明|报告|报表|表|草案)?"
)
_HEADINGS = tuple(
    re.compile(rf"^(?:第[一二三四]部分)?{pattern}$")
    for pattern in (
        rf"(?P<name>{ORGANISATION})(?:19|20)\d\d年度?{_DISCLOSURE}",
        rf"(?:19|20)\d\d年度?(?P<name>{ORGANISATION}){_DISCLOSURE}",
        rf"(?P<name>{ORGANISATION})(?P<level>部门|单位)?概况",
    )
)
_HEADED = re.compile(rf"^(?P<name>{ORGANISATION})\s*20\d\d\s*年度?{_DISCLOSURE}")
_UNIT_TITLE = re.compile(r"^(?:预算)?单位(?!基本|构成|情况)")
_DEPARTMENT_TITLE = re.compile(r"^部门")


@dataclass(frozen=True, slots=True)
class Owner:
    """A department or unit as its disclosure names it, without its number."""

    name: str
    level: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What two prints of one owner have in common."""
        name = normalise_department(self.name)
        return fold(name.series), name.variant or "", self.level


@dataclass(frozen=True, slots=True)
class Part:
    """One disclosure of a file: whose it is, its tables and its pages."""

    identity: Identity
    tables: tuple[PrintedTable, ...]
    pages: tuple[Page, ...]


def parts_of(
    pages: Sequence[Page], tables: Sequence[PrintedTable], fits: Mapping[int, Fit], identity: Identity
) -> tuple[Part, ...]:
    """The disclosures of a file, the one of ``identity`` first; nearly always it is the only one."""
    main = Owner(identity.department, identity.level)
    headings = {page.number: _levelled(owner, main) for page in pages if (owner := _heading(page))}
    owners = dict(_owners(tables, headings, main))
    kept = _repeating(owners, fits, main)
    if len(kept) < 2:
        return (Part(identity, tuple(tables), tuple(pages)),)
    found = {table.number: owners[table.number].key for table in tables}
    placed = {number: key if key in kept else main.key for number, key in found.items()}
    by_page = _pages(pages, tables, placed, headings, kept, main)
    return tuple(
        Part(
            identity if key == main.key else _identity(identity, owner),
            tuple(table for table in tables if placed[table.number] == key),
            tuple(page for page in pages if by_page[page.number] == key),
        )
        for key, owner in kept.items()
    )


def doubted_names(part: Part, fits: Mapping[int, Fit]) -> list[Finding]:
    """Findings on official tables whose caption names another department than the disclosure that they stand in."""
    own = fold(normalise_department(part.identity.department).series)
    found = [_namesake(part, table, said) for table in part.tables for said in _namesakes(part, table)]
    for table in part.tables:
        stated, fit = table.caption.department, fits.get(table.number)
        series = fold(normalise_department(without_code(stated)[0]).series) if stated else own
        if fit is None or fit.form.table not in OFFICIAL or series in own or own in series:
            continue
        grid = table.grids[0]
        found.append(
            Finding(
                "identity.department", "warning", fit.form.table,
                f"表上的单位名称“{stated}”与本文件的“{part.identity.department}”不一致。",
                f"The table is said to be of {stated}, the document is of {part.identity.department}.",
                quote=stated, page=grid.page, box=grid.box,
            )
        )  # fmt: skip
    return found


def _namesakes(part: Part, table: PrintedTable) -> list[str]:
    """Departments of the same kind but of another place, in the titles of a table: 某市某局 for 某市某区某局."""
    own = fold(part.identity.department)
    said = [match["name"] for title in table.caption.titles if (match := _HEADED.match(title))]
    return [name for name in said if _of_another_place(fold(name), own)]


def _of_another_place(said: str, own: str) -> bool:
    """Whether two names differ in the place only, which one of them says more of."""
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(said, own, strict=False)))
    kind = said[alike:]
    return said not in own and own not in said and len(kind) >= KIND and own.endswith(kind)


def _namesake(part: Part, table: PrintedTable, said: str) -> Finding:
    grid, own = table.grids[0], part.identity.department
    line = next((line for line in table.caption.lines if line.text.startswith(said)), None)
    return Finding(
        "identity.department", "warning", table.caption.titles[0],
        f"表上的单位名称“{said}”与本文件的“{own}”不一致。", f"The table is said to be of {said}, the document is of {own}.",
        quote=said, page=grid.page, box=line.box if line else grid.box,
    )  # fmt: skip


def _owners(
    tables: Sequence[PrintedTable], headings: Mapping[int, Owner], main: Owner
) -> Iterator[tuple[int, Owner]]:
    """The owner of each table: what its caption states, else the heading before it, else as the table before."""
    current, page = main, 0
    for table in tables:
        here = table.grids[0].page
        heading = next((headings[n] for n in range(here, page, -1) if n in headings), None)
        page = here
        stated = without_code(table.caption.department)[0] if table.caption.department else None
        current = _named(current, stated, heading, main)
        level = _title_level(table)
        current = replace(current, level=level) if level else current
        yield table.number, current


def _named(current: Owner, stated: str | None, heading: Owner | None, main: Owner) -> Owner:
    if heading is not None:
        current = heading
    if stated is None or _same_name(stated, current.name) or _is_clipped(stated, current.name):
        return current
    return main if _same_name(stated, main.name) else Owner(stated, "unit")


def _is_clipped(stated: str, name: str) -> bool:
    """Whether a caption shows the beginning of a name only, cut where its cell ends: no organisation is called so."""
    return fold(name).startswith(fold(stated)) and not re.fullmatch(ORGANISATION, plain(stated))


def _levelled(owner: Owner, main: Owner) -> Owner:
    """An owner whose heading says no level: the file's own, or another one, which is then a unit."""
    return (
        owner
        if owner.level
        else replace(owner, level=main.level if _same_name(owner.name, main.name) else "unit")
    )


def _same_name(one: str, other: str) -> bool:
    return Owner(one, "").key == Owner(other, "").key


def _title_level(table: PrintedTable) -> str | None:
    """The level that the nearest title of a table states."""
    if table.inherited or not table.caption.titles:
        return None
    title = fold(without_number(table.caption.titles[0]))
    if _UNIT_TITLE.match(title):
        return "unit"
    return "department" if _DEPARTMENT_TITLE.match(title) else None


def _heading(page: Page) -> Owner | None:
    """The owner that a heading at the top of a page names, over one line or several; its level where it says one."""
    lines = ["".join(plain(word.text) for word in words) for words in lines_of(page.words)[:HEADING_LINES]]
    for start in range(len(lines)):
        for stop in range(start + 1, len(lines) + 1):
            line = "".join(lines[start:stop])
            for pattern in _HEADINGS:
                if match := pattern.match(line):
                    return _headed(without_code(match["name"])[0], match["level"])
    return None


def _headed(name: str, level: str | None) -> Owner:
    unit = level in ("单位", "本级") or (level is None and name.endswith("本级"))
    return Owner(name, "unit" if unit else "department" if level else "")


def _repeating(
    owners: Mapping[int, Owner], fits: Mapping[int, Fit], main: Owner
) -> dict[tuple[str, str, str], Owner]:
    """The owners with official forms that the main owner's tables have too, by key; the main owner first."""
    forms: dict[tuple[str, str, str], set[str]] = {main.key: set()}
    by_key = {main.key: main}
    for number, owner in owners.items():
        by_key.setdefault(owner.key, owner)
        if number in fits and fits[number].form.table in OFFICIAL:
            forms.setdefault(owner.key, set()).add(fits[number].form.table)
    return {key: by_key[key] for key, held in forms.items() if key == main.key or held & forms[main.key]}


def _pages(
    pages: Sequence[Page],
    tables: Sequence[PrintedTable],
    placed: Mapping[int, tuple[str, str, str]],
    headings: Mapping[int, Owner],
    kept: Mapping[tuple[str, str, str], Owner],
    main: Owner,
) -> dict[int, tuple[str, str, str]]:
    """The owner of each page: that of its heading, else of its first table, else of the page before."""
    on_page: dict[int, tuple[str, str, str]] = {}
    for table in tables:
        for grid in table.grids:
            on_page.setdefault(grid.page, placed[table.number])
    on_page |= {n: owner.key for n, owner in headings.items() if owner.key in kept}
    current = main.key
    found = {}
    for page in pages:
        current = on_page.get(page.number, current)
        found[page.number] = current
    return found


def _identity(identity: Identity, owner: Owner) -> Identity:
    return replace(identity, department=owner.name, level=owner.level, department_code=None)
