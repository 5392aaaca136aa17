"""Whose disclosure a document is: what cover, headings, captions, file name and link say, weighed against each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fisc.errors import DocumentError
from fisc.extractors.grids import lines_of, text_of
from fisc.extractors.page import Page
from fisc.extractors.tables.printed import PrintedTable
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.folding import plain
from fisc.schemas.identity import Hints, Identity
from fisc.schemas.regions import Region, by_code, locate, normalise_department

COVER_PAGES = 3
"""Cover, contents and the first heading stand on the first pages."""
WEIGHTS = {"cover": 6, "heading": 4, "caption": 2, "link": 3, "file name": 2, "text": 1}
"""``text`` is a sentence: it is asked where no title speaks, and never disagrees."""
MOST_VOTES = {"caption": 5, "heading": 2, "text": 1}
"""Captions repeat on every table; beyond a handful they say nothing new."""

ORGANISATION = r"[一-鿿（）()·、\d]{2,40}?(?:局|委员会|委|办公室|办公厅|办|厅|院|检察院|法院|中心|联合会|会|部|队|站|所|馆|校|大学|学院|中学|小学|中专|学|医院|政府|办事处|社|集团|公司|处|台|库|园|区|机关|支队|总队|监狱|室|镇|乡|街道|场|本级)"
_STATED = re.compile(
    r"^(?:预算主管部门|主管部门|编制部门|填报部门|部门名称|单位名称|预算单位|部门|编制单位|填报单位|预算部门)[:：](?P<name>[^:：]{4,40})$"
)
_NAME_YEAR = re.compile(
    rf"^(?P<name>{ORGANISATION})(?:关于)?(?P<year>(?:19|20)\d{{2}})年(?:度)?(?P<level>部门|单位|本级)?(?P<stage>预算|决算)"
)
_ABOUT = re.compile(r"^关于(?:公开|公布)?")
_YEAR_NAME = re.compile(
    rf"^(?P<year>(?:19|20)\d{{2}})年(?:度)?(?P<name>{ORGANISATION})(?P<level>部门|单位)?(?P<stage>预算|决算)(?!执行|数)"
)
_OF_THREE = r"(?:[本区市县]级)?(?:一般公共预算(?:及政府性基金)?(?:预算)?)?(?:财政拨款)?(?:安排的)?[“\"]?三公[”\"]?经费[”\"]?(?:财政拨款)?(?:支出)?"
"""A disclosure of its own, of the “三公” expenditure alone."""
_THREE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?P<name>{ORGANISATION})(?:关于)?(?P<year>(?:19|20)\d{{2}})年(?:度)?{_OF_THREE}(?P<stage>预算|决算)",
        rf"^(?P<year>(?:19|20)\d{{2}})年(?:度)?(?P<name>{ORGANISATION}){_OF_THREE}(?P<stage>预算|决算)",
        rf"^(?P<name>{ORGANISATION}){_OF_THREE}(?P<year>(?:19|20)\d{{2}})年(?:度)?(?P<stage>预算|决算)",
    )
)
APART_LINES = 3
TITLE_LINES = 3
"""The title of a document that has no cover stands among so many lines."""
_RUNNING = re.compile(r"[,，。;；]|\d(?:\.\d+)?[亿万]?元")
"""What no title holds: the marks of a sentence, an amount."""
_YEAR_ONLY = re.compile(
    r"(?<![比较与同和至自从])(?P<year>(?:19|20)\d{2})年(?:度)?(?:[省市区县]级)?(?P<level>部门|单位)?(?P<stage>预算|决算)(?!执行|数)"
)
_PART = re.compile(rf"^第[一二三四]部分(?P<name>{ORGANISATION})(?:概况|(?:19|20)\d{{2}}年|部门)")
_UNIT_LEVEL = re.compile(
    r"(?:\d{4}年(?:度)?|区级|市级|县级|省级|^)单位(?:预算|决算)|预算单位(?:财务|收入|支出|财政|一般|政府|国有|“?三公)"
)
_DEPARTMENT_LEVEL = re.compile(r"部门(?:预算|决算|财务|收入|支出|财政)")
_YEAR_ALONE = re.compile(r"^(?P<year>(?:19|20)\d{2})年度?$")
_TEXT_YEAR = re.compile(r"(?P<year>(?:19|20)\d{2})年")


@dataclass(frozen=True, slots=True)
class Vote:
    """One place's word on one part of the identity."""

    part: str
    value: str
    source: str
    quote: str
    page: int | None = None


def identify(
    pages: Sequence[Page], tables: Sequence[PrintedTable], hints: Hints
) -> tuple[Identity, tuple[Finding, ...]]:
    """Region, department, level, year and stage of a document, and where its parts disagree.

    Raises :class:`DocumentError` ``no_identity`` where department, year or stage stand nowhere.
    """
    votes = [*_pages(pages), *_captions(tables), *_hints(hints)]
    name = _winner(votes, "department")
    year = _winner(votes, "year") or _text_year(pages)
    stage = _winner(votes, "stage")
    missing = [zh for value, zh in ((name, "部门"), (year, "年度"), (stage, "阶段")) if not value]
    if not name or not year or not stage:
        raise DocumentError(
            "no_identity",
            f"The document does not say its {'、'.join(missing)}; state it in the source or a correction.",
        )
    department, number = without_code(name)
    region = _region(department, votes, hints, int(year))
    if region is None:
        raise DocumentError("no_region", f"No region is known for “{department}”; state it in the source.")
    identity = Identity(
        region_code=region.code,
        region=region.name,
        department=department,
        level=_winner(votes, "level") or "department",
        fiscal_year=int(year),
        stage=stage,
        department_code=number,
    )
    return identity, tuple(_disagreements(votes, identity))


def without_code(name: str) -> tuple[str, str | None]:
    """A printed name without the number before it, and the number."""
    number = normalise_department(name).number
    return (name.split(number, 1)[1].lstrip("-—_、.．:：]】)）"), number) if number else (name, None)


def _region(department: str, votes: Sequence[Vote], hints: Hints, year: int) -> Region | None:
    """The region in a department's name, else the link's, else the one that the cover names."""
    hinted = by_code(hints.region_code, year) if hints.region_code else None
    named = locate(department, hinted, year) or hinted
    covers = (vote.value for vote in votes if vote.part == "region")
    return named or next((found for text in covers if (found := locate(text, None, year))), None)


def _pages(pages: Sequence[Page]) -> Iterator[Vote]:
    """What the cover and the headings say."""
    for page in pages[:COVER_PAGES]:
        lines = ["".join(plain(word.text) for word in line) for line in lines_of(page.words)][:14]
        source = "cover" if page.number == 1 and len(page.words) < 60 else "heading"
        for i, line in enumerate(lines):
            if _RUNNING.search(line):
                yield from _sentence_votes(line, page.number)
                continue
            following = lines[i + 1] if i + 1 < len(lines) and len(line) < 30 else ""
            joined = line if _RUNNING.search(following) else line + following
            yield from _line_votes(line, joined, source, page.number)
            if page.number == 1:
                yield from _apart_votes(lines[i : i + APART_LINES], source)
            if page.number == 1 and i < TITLE_LINES:
                yield from _three_public_votes(line, joined, source)
    for page in pages[COVER_PAGES:]:
        for words in lines_of(page.words)[:3]:
            text = "".join(plain(word.text) for word in words)
            if len(text) < 45 and text.startswith("第"):
                yield from _line_votes(text, text, "heading", page.number)


def _apart_votes(lines: Sequence[str], source: str) -> Iterator[Vote]:
    """What a cover says whose year, name and kind stand on a line each."""
    if not (year := _YEAR_ALONE.match(lines[0])):
        return
    yield Vote("year", year["year"], source, lines[0], 1)
    if match := _YEAR_NAME.match("".join(lines)):
        yield Vote("department", match["name"], source, "".join(lines), 1)
        yield Vote("stage", _stage(match), source, "".join(lines), 1)


def _sentence_votes(line: str, page: int) -> Iterator[Vote]:
    """The year and stage that a line of running text speaks of."""
    if match := _YEAR_ONLY.search(line):
        yield from _year_votes(match, "text", line, page)


def _three_public_votes(line: str, joined: str, source: str) -> Iterator[Vote]:
    """What the title of a disclosure of the “三公” expenditure alone says."""
    match = next((m for text in (line, joined) for shape in _THREE if (m := shape.match(text))), None)
    if match:
        yield Vote("department", match["name"], source, line, 1)
        yield from _year_votes(match, source, line, 1)


def _year_votes(match: re.Match[str], source: str, quote: str, page: int) -> Iterator[Vote]:
    """The year and the stage that a text states."""
    yield Vote("year", match["year"], source, quote, page)
    yield Vote("stage", _stage(match), source, quote, page)


def _stage(match: re.Match[str]) -> str:
    return "budget" if match["stage"] == "预算" else "final_accounts"


def _line_votes(line: str, joined: str, source: str, page: int) -> Iterator[Vote]:
    if "…" in line or "..." in line:
        return
    line, joined = _ABOUT.sub("", line), _ABOUT.sub("", joined)
    if match := _STATED.match(line):
        yield Vote("department", match["name"], source, line, page)
    match = _NAME_YEAR.match(joined) or _YEAR_NAME.match(joined) or _PART.match(line)
    if (
        match
        and not re.match(r"^第[一二三四五]部分", match["name"])
        and not match["name"].endswith(("区", "市", "县", "部分"))
    ):
        yield Vote("department", match["name"], source, joined, page)
    if match := _YEAR_ONLY.search(line) or _YEAR_ONLY.search(joined) or _YEAR_NAME.match(joined):
        yield from _year_votes(match, source, line, page)
    if source == "cover":
        yield Vote("region", line, source, line, page)
    if _UNIT_LEVEL.search(line):
        yield Vote("level", "unit", source, line, page)
    elif _DEPARTMENT_LEVEL.search(line):
        yield Vote("level", "department", source, line, page)


def _captions(tables: Sequence[PrintedTable]) -> Iterator[Vote]:
    for table in tables:
        caption, page = table.caption, table.grids[0].page
        title = "" if table.inherited else caption.title or ""
        if caption.department:
            yield Vote("department", caption.department, "caption", caption.department, page)
        if caption.year and title and "目标" not in title:
            yield Vote("year", str(caption.year), "caption", title, page)
        folded = plain(title)
        if folded.endswith("表") and ("预算" in folded) != ("决算" in folded):
            yield Vote("stage", "final_accounts" if "决算" in folded else "budget", "caption", title, page)
        if _UNIT_LEVEL.search(folded):
            yield Vote("level", "unit", "caption", title, page)
        elif _DEPARTMENT_LEVEL.search(folded):
            yield Vote("level", "department", "caption", title, page)


def _hints(hints: Hints) -> Iterator[Vote]:
    if hints.department:
        yield Vote("department", hints.department, "link", hints.department)
    if hints.fiscal_year:
        yield Vote("year", str(hints.fiscal_year), "link", str(hints.fiscal_year))
    if hints.stage:
        yield Vote("stage", hints.stage, "link", hints.stage)
    for text, source in (
        (hints.title, "link"),
        (hints.file_name and PurePosixPath(hints.file_name).stem, "file name"),
    ):
        if text:
            yield from (
                vote for vote in _line_votes(plain(text), plain(text), source, 0) if vote.part != "region"
            )
            if source == "link":
                yield Vote("region", plain(text), source, text)


def _winner(votes: Iterable[Vote], part: str) -> str | None:
    """The value with the most weight; the earlier one on a tie."""
    counts: dict[tuple[str, str], int] = {}
    weight: dict[str, int] = {}
    for vote in votes:
        if vote.part != part:
            continue
        value = plain(vote.value)
        counts[value, vote.source] = counts.get((value, vote.source), 0) + 1
        if counts[value, vote.source] <= MOST_VOTES.get(vote.source, 1):
            weight[value] = weight.get(value, 0) + WEIGHTS[vote.source]
    return max(weight, key=lambda value: weight[value], default=None)


def _text_year(pages: Sequence[Page]) -> str | None:
    """The year that the text names most, where nothing states it."""
    lines = (plain(text_of(line)) for page in pages for line in lines_of(page.words))
    counts = Counter(match["year"] for line in lines for match in _TEXT_YEAR.finditer(line))
    return max(counts, key=lambda year: counts[year], default=None)


def _disagreements(votes: Sequence[Vote], identity: Identity) -> Iterator[Finding]:
    """Findings where a place states another year or stage."""
    chosen = {"year": str(identity.fiscal_year), "stage": identity.stage}
    words = {"year": ("年度", "year"), "stage": ("阶段", "stage")}
    seen: set[tuple[str, str, int | None]] = set()
    for vote in votes:
        right = chosen.get(vote.part)
        if (
            vote.source == "text"
            or right is None
            or vote.value == right
            or (vote.part, vote.value, vote.page) in seen
        ):
            continue
        seen.add((vote.part, vote.value, vote.page))
        zh, en = words[vote.part]
        severity = "warning" if vote.source in ("file name", "link") else "error"
        yield Finding(
            f"identity.{vote.part}", severity, vote.source,
            f"“{vote.quote}”的{zh}与本文件的{zh}（{right}）不一致。",
            f"The {vote.source} says {en} {vote.value}, the document is of {right}.",
            quote=vote.quote, page=vote.page or None,
        )  # fmt: skip
