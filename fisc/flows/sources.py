"""What a source is: a portal declared in a TOML file, read into frozen dataclasses."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from fisc.flows.declaration import Declared, SourceError

YEAR = r"(?<!\d)((?:19|20)\d{2})(?!\d)"
BUDGET = r"预算"
FINAL_ACCOUNTS = r"决算"
STAGES = ("budget", "final_accounts")
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class ListPages:
    """Where the list pages are and how to read them; ``next`` is a CSS selector or a pattern with ``{n}``."""

    start: tuple[str, ...]
    entries: str
    title: str | None
    link: str
    date: str | None
    next: str | None
    first: int
    pages: int
    encoding: str | None


@dataclass(frozen=True, slots=True)
class Titles:
    """What the title of a link says: the first group of ``year``, and the stage whose pattern is found."""

    year: re.Pattern[str]
    budget: re.Pattern[str]
    final_accounts: re.Pattern[str]
    department: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Politeness:
    """How a portal is treated: seconds between two requests, requests at once, how long to wait, how much to take."""

    delay_s: float
    concurrency: int
    timeout_s: float
    max_mb: float
    attempts: int
    first_wait_s: float
    longest_wait_s: float
    recheck_days: float


@dataclass(frozen=True, slots=True)
class Expected:
    """How many departments publish, and by which day of the year (``MM-DD``) for each stage."""

    departments: int | None
    stages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ignore:
    """Entries that are on the list pages and are not documents to read, and why."""

    reason: str
    title: re.Pattern[str] | None
    link: re.Pattern[str] | None

    def fits(self, title: str, url: str) -> bool:
        """Whether an entry is one of these."""
        return all(p is None or p.search(words) for p, words in ((self.title, title), (self.link, url)))


@dataclass(frozen=True, slots=True)
class Source:
    """One portal. ``paused`` is the reason why it is only harvested when it is asked for by name."""

    name: str
    title: str | None
    region: str | None
    department: str | None
    paused: str | None
    allow_private: bool
    list: ListPages
    titles: Titles
    politeness: Politeness
    expected: Expected
    ignored: tuple[Ignore, ...]


def read_source(path: Path) -> Source:
    """Read one source file. Raises :class:`SourceError` with the file, the key and what is wrong with it."""
    file = Declared.read(path)
    name = file.needed("name")
    if not NAME.fullmatch(name):
        raise file.wrong("name", "may hold lower-case letters, digits and dashes only")
    region = file.text("region")
    if region is not None and not re.fullmatch(r"\d{6}", region):
        raise file.wrong("region", "must be a GB/T 2260 code of six digits in quotation marks")
    source = Source(
        name=name,
        title=file.text("title"),
        region=region,
        department=file.text("department"),
        paused=file.text("paused"),
        allow_private=file.flag("allow_private"),
        list=_list_pages(file.table("list")),
        titles=_titles(file.table("titles")),
        politeness=_politeness(file.table("politeness")),
        expected=_expected(file.table("expected")),
        ignored=tuple(_ignore(entry) for entry in file.tables("ignore")),
    )
    file.finish()
    return source


def read_sources(folder: Path) -> dict[str, Source]:
    """All sources of a folder by name. Raises :class:`SourceError`, also where two files share a name."""
    if not folder.is_dir():
        raise SourceError(
            str(folder), "", "is not a folder; name the folder of your sources with --source-dir"
        )
    sources: dict[str, Source] = {}
    for path in sorted(folder.glob("*.toml")):
        source = read_source(path)
        if source.name in sources:
            raise SourceError(
                str(path), "name", f"is {source.name}, which another file of the folder has too"
            )
        sources[source.name] = source
    return sources


def chosen(names: Sequence[str], folder: Path) -> list[Source]:
    """The sources meant by names or paths of source files; without any, all that are not paused."""
    if not names:
        return [source for source in read_sources(folder).values() if source.paused is None]
    return [_named(name, folder) for name in names]


def _named(name: str, folder: Path) -> Source:
    if name.endswith(".toml"):
        return read_source(Path(name))
    known = read_sources(folder)
    if name not in known:
        raise SourceError(str(folder), "", f"has no source {name}; it has {', '.join(known) or 'none'}")
    return known[name]


def _list_pages(table: Declared) -> ListPages:
    pages = ListPages(
        start=table.texts("start"),
        entries=table.needed("entries"),
        title=table.text("title"),
        link=table.text("link", "a") or "a",
        date=table.text("date"),
        next=table.text("next"),
        first=table.whole("first", 1) or 0,
        pages=table.whole("pages", 100, least=1) or 100,
        encoding=table.text("encoding"),
    )
    for url in pages.start:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise table.wrong("start", f"must hold http or https addresses, and {url!r} is none")
    _check_selectors(table, pages)
    _check_encoding(table, pages.encoding)
    table.finish()
    return pages


def _check_selectors(table: Declared, pages: ListPages) -> None:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    empty = LexborHTMLParser("<p></p>")
    selectors = {"entries": pages.entries, "title": pages.title, "link": pages.link, "date": pages.date}
    if pages.next and "{n}" not in pages.next:
        selectors["next"] = pages.next
    for key, selector in selectors.items():
        try:
            if selector:
                empty.css(selector)
        except SelectolaxError as error:
            raise table.wrong(key, f"must be a CSS selector, and {selector!r} is none") from error


def _check_encoding(table: Declared, encoding: str | None) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise table.wrong("encoding", f"names no encoding that Python knows ({encoding})") from error


def _titles(table: Declared) -> Titles:
    year = table.pattern("year", YEAR)
    budget = table.pattern("budget", BUDGET)
    final_accounts = table.pattern("final_accounts", FINAL_ACCOUNTS)
    department = table.pattern("department")
    assert year is not None and budget is not None and final_accounts is not None  # noqa: PT018
    for key, pattern in (("year", year), ("department", department)):
        if pattern is not None and not pattern.groups:
            raise table.wrong(key, "must have a group in parentheses around what is wanted")
    table.finish()
    return Titles(year, budget, final_accounts, department)


def _politeness(table: Declared) -> Politeness:
    politeness = Politeness(
        delay_s=table.number("delay_s", 1.0),
        concurrency=table.whole("concurrency", 1, least=1) or 1,
        timeout_s=table.number("timeout_s", 120.0, least=0.1),
        max_mb=table.number("max_mb", 200.0, least=0.001),
        attempts=table.whole("attempts", 3, least=1) or 1,
        first_wait_s=table.number("first_wait_s", 2.0),
        longest_wait_s=table.number("longest_wait_s", 120.0),
        recheck_days=table.number("recheck_days", 0.0),
    )
    table.finish()
    return politeness


def _expected(table: Declared) -> Expected:
    departments = table.whole("departments", None, least=1)
    stages = table.table("stages")
    days = {stage: day for stage in STAGES if (day := stages.text(stage)) is not None}
    for stage, day in days.items():
        try:
            date.fromisoformat(f"2024-{day}")
        except ValueError as error:
            raise stages.wrong(stage, 'must be a day of the year such as "02-20"') from error
    stages.finish()
    table.finish()
    return Expected(departments, days)


def _ignore(table: Declared) -> Ignore:
    ignore = Ignore(table.needed("reason"), table.pattern("title"), table.pattern("link"))
    if ignore.title is None and ignore.link is None:
        raise table.wrong("title", "or link must say which entries are meant")
    table.finish()
    return ignore
