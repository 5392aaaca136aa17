"""The lines near a grid: its title, unit, department, year, and the notes under it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fisc.extractors.grids import Grid, around, lines_of
from fisc.extractors.page import Box, Page
from fisc.schemas.folding import plain
from fisc.schemas.numbers import MONEY, unit_of

CAPTION_LINES = 9
"""Titles, form numbers, department, year and unit take up at most this many lines above a grid."""
NOTE_LINES = 6
_PAGE_NUMBER = re.compile(
    r"^(?:第?\d{1,4}页?(?:[/,，]?共?\d{1,4}页?)?|[-—–·]+\d{1,4}[-—–·]*|\d{1,4}[-—–·]+)$"
)
_TITLE_END = re.compile(r"(?:表|情况|设置|目标|预算|说明)(?:[（(][^）)]*[）)])?[》〉”\"】]?\d{0,3}$")
_TITLE_TAIL = re.compile(r"^[^（(）)]{1,12}[）)][》”\"]?$")
"""The last line of a title that was broken inside its bracket."""
_NOTE = re.compile(
    r"^(?:备?注|说明|附注|注释)\d*[:：]?|空表|无数据|为空|没有.{0,30}(?:收入|支出|安排|拨款)|^本(?:部门|单位).{0,30}(?:无|没有|未)"
)
_TURNED_NOTE = re.compile(r"^(?:备?注|说明)\d*[:：].*(?:空表|无数据|为空)")
_FORM_NUMBER = re.compile(
    r"^(?:公开|预算|附|财决)?表?\s*\d{1,2}\s*(?:-\d)?\s*表?[:：]?$|^公开\s*\d{1,2}\s*表"
)
_DEPARTMENT = re.compile(
    r"^(?:编制|填报|公开|预算)?(?:部门|单位)(?:名称)?(?:[（(]?(?:盖章|公章|签章)[)）]?)?[:：](?P<name>.+)$"
)
_COUNTED = (
    r"\d+[个人次辆批台套件项]"
    r"(?!.*(?:[局委办会厅院所馆站室校处队镇乡]|中心|本级|机关)(?:$|[（(]|(?:预算|决算)?年度|(?:金额)?单位|20\d\d))"
)
_NUMBERED_DEPARTMENT = re.compile(
    rf"^(?P<name>(?!(?:19|20)\d{{2}}年|\d+[十百千万亿]*元|{_COUNTED})\d{{3,6}}[一-鿿][^，,。；;]{{3,}})$"
)
"""101人大常委会办公室, 122个旧市财政局; but no line of running text that begins with an amount or a number of things."""
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|表\s*[一二三四五六七八九十\d])"
)
"""What begins a title that is not the end of the line above it."""
_AFTER_NAME = re.compile(r"(?:预算|决算)?年度[:：]|截止|(?:金额)?单位[:：]|\d{4}年")
_YEAR = re.compile(r"(?P<year>(?:19|20)\d{2})\s*年")
_BUDGET_YEAR = re.compile(
    r"(?:预算|决算)?年度[:：]\s*(?P<year>(?:19|20)\d{2})|^(?P<alone>(?:19|20)\d{2})(?:年度?)?$"
)
_UNIT_WORDS = re.compile(rf"(?:金额)?单位[:：]?(?:人民币)?[:：]?(?:{MONEY})")


@dataclass(frozen=True, slots=True)
class Line:
    """One text line outside the grids."""

    text: str
    page: int
    box: Box
    parts: tuple[str, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether the line says more than captions and page numbers do."""
        text = plain(self.text)
        return not (
            _PAGE_NUMBER.match(text) or _FORM_NUMBER.match(text) or unit_of(text) or _DEPARTMENT.match(text)
            or _NUMBERED_DEPARTMENT.match(text) or _BUDGET_YEAR.search(text)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above a grid. ``titles`` are candidate titles, the nearest first; ``lines`` all lines used."""

    titles: tuple[str, ...] = ()
    unit: str | None = None
    department: str | None = None
    year: int | None = None
    lines: tuple[Line, ...] = ()

    @property
    def title(self) -> str | None:
        """The nearest title, as printed."""
        return self.titles[0] if self.titles else None


def lines_outside(page: Page, grids: Sequence[Grid]) -> tuple[Line, ...]:
    """The text lines of a page that no grid holds, top to bottom, without page numbers."""
    free = [word for word in page.words if not any(_inside(word.box, grid.box) for grid in grids)]
    lines = []
    for words in lines_of(free):
        parts = tuple(word.text for word in words)
        text = " ".join(parts)
        if not (_PAGE_NUMBER.match(plain(text)) and not page.height * 0.1 < words[0].y0 < page.height * 0.88):
            lines.append(Line(text, page.number, around(word.box for word in words), parts))
    return tuple(lines)


def _inside(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] - 1 <= x <= outer[2] + 1 and outer[1] - 1 <= y <= outer[3] + 1


def gap_between(before: Grid | None, grid: Grid, outside: Mapping[int, Sequence[Line]]) -> tuple[Line, ...]:
    """The lines after the grid before and above this one, at most over one page break."""
    above = [line for line in outside[grid.page] if line.box[3] <= grid.box[1] + 4]
    if before is not None and before.page == grid.page:
        above = [line for line in above if line.box[1] >= before.box[3] - 4]
        return tuple(above)
    earlier = list(outside.get(grid.page - 1, ()))
    if before is not None and before.page == grid.page - 1:
        earlier = [line for line in earlier if line.box[1] >= before.box[3] - 4]
    return (*earlier, *above)


def caption_of(gap: Sequence[Line], grid: Grid) -> Caption:
    """Title, unit, department and year out of the lines above a grid, the nearest first."""
    own = [line for line in gap if line.page == grid.page]
    near = (own or list(gap))[-CAPTION_LINES:]
    if own and not _titles(near):
        near = list(gap)[-CAPTION_LINES:]
    pieces = [plain(part) for line in reversed(near) for part in (line.text, *line.parts)]
    return Caption(
        titles=_titles(near),
        unit=next((unit for piece in pieces if (unit := unit_of(piece))), None),
        department=next((name for piece in pieces if (name := _department(piece))), None),
        year=next((year for piece in pieces if (year := _year(piece))), None),
        lines=_used(near),
    )


def _used(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that the caption is made of: the nearest title, and those that only state unit, year or department."""
    title = plain(next(iter(_titles(lines)), ""))
    return tuple(line for line in lines if not line.speaks or (title and plain(line.text) in title))


def _titles(lines: Sequence[Line]) -> tuple[str, ...]:
    """Lines that can be a title, nearest first, each also joined with the one or two lines before it."""
    found: list[str] = []
    for i in range(len(lines) - 1, -1, -1):
        text = lines[i].text.strip()
        if "。" in text or "；" in text:
            break
        bare = _UNIT_WORDS.sub("", plain(text))
        if not bare or _FORM_NUMBER.match(bare):
            continue
        if _TITLE_END.search(bare):
            found += _with_lines_above(lines, i)
        elif _TITLE_TAIL.match(bare):
            found += [title for title in _with_lines_above(lines, i) if _TITLE_END.search(plain(title))]
    return tuple(found)


def _with_lines_above(lines: Sequence[Line], i: int) -> list[str]:
    """A line joined with the two, the one and no line before it that a title can begin on, the longest first."""
    joined = [lines[i].text.strip()]
    for j in range(i - 1, max(-1, i - 3), -1):
        above = lines[j].text.strip()
        if (
            _ORDINAL.match(joined[-1])
            or lines[j].page != lines[i].page
            or plain(above).endswith("表")
            or "。" in above
            or not lines[j].speaks
        ):
            break
        joined.append(above + joined[-1])
    return joined[::-1]


def is_title(text: str) -> bool:
    """Whether a line without blanks ends like the title of a table."""
    return bool(_TITLE_END.search(text)) and "。" not in text and "；" not in text


def states(text: str) -> str | None:
    """What a line without blanks states, where it states nothing else: ``unit``, ``department``, ``form`` or ``year``."""
    if unit_of(text) and len(_YEAR.sub("", text)) < 12:
        return "unit"
    if _DEPARTMENT.match(text):
        return "department"
    if _FORM_NUMBER.match(text) and "表" in text:
        return "form"
    return "year" if _BUDGET_YEAR.search(text) else None


def _department(piece: str) -> str | None:
    match = _DEPARTMENT.match(piece)
    if match:
        return _name(match["name"])
    match = _NUMBERED_DEPARTMENT.match(piece)
    return _name(match["name"]) if match and not _TITLE_END.search(piece) else None


def _name(text: str) -> str | None:
    """A department's name without the year and unit printed on the same line."""
    name = _AFTER_NAME.split(_UNIT_WORDS.sub("", text))[0]
    return name if len(name) > 3 else None


def _year(piece: str) -> int | None:
    match = _BUDGET_YEAR.search(piece) or _YEAR.search(piece)
    return int(match.groupdict().get("year") or match.groupdict()["alone"]) if match else None


def notes_below(grid: Grid, after: Grid | None, outside: Mapping[int, Sequence[Line]]) -> tuple[Line, ...]:
    """The notes under a grid: the first line that speaks like one, and what follows it closely.

    Where nothing stands below a grid that ends its page, a first line of the next page that says that a table is empty is its note.
    """
    floor = after.box[1] if after is not None and after.page == grid.page else float("inf")
    below = [
        line for line in outside[grid.page] if grid.box[3] - 4 <= line.box[1] and line.box[3] <= floor + 4
    ]
    if not below and (after is None or after.page > grid.page):
        ceiling = after.box[1] if after is not None and after.page == grid.page + 1 else float("inf")
        turned = [line for line in outside.get(grid.page + 1, ())[:1] if line.box[3] <= ceiling + 4]
        return tuple(line for line in turned if _TURNED_NOTE.search(plain(line.text)))
    notes: list[Line] = []
    for line in below[:NOTE_LINES]:
        if _NOTE.search(plain(line.text)) or (
            notes and line.box[1] - notes[-1].box[3] < 6 and not _TITLE_END.search(plain(line.text))
        ):
            notes.append(line)
        elif notes:
            break
    return tuple(notes)


def says_empty(texts: Iterable[str]) -> str | None:
    """The sentence that says that a table is empty, if there is one."""
    return next((text for text in texts if _EMPTY.search(plain(text))), None)


_EMPTY = re.compile(
    r"空表|无数据|无内容|为空|[本此该]表无数$|不涉及[本此该]表|(?:没有|无|未(?:发生|安排|使用|涉及)).{0,40}(?:收入|支出|预算|拨款|安排|收支|资金|情况|经费)"
)
