"""Where a portal lists its documents, and how its lists are read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from fisc.flows.declaration import Declared

Format = Literal["html", "json"]
STAGES = ("budget", "final_accounts")
COUNTED = re.compile(r"\{(n|from|to|offset)\}")
"""What is put into an address or a body for each page: its number, its first and last entry, the entries before it."""
ATTRIBUTE = re.compile(r"\{([a-z][\w-]*)(?::([^{}]+))?\}")
"""An attribute of an entry in the address that its link is made of, and what of it is meant."""
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")
MOST_PAGES = 200
"""Pages of a list that are read where its source says nothing; that there are more is told."""
_RANGE_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Start:
    """Where a list begins, and what is true of all its entries; None where nothing is."""

    url: str
    fiscal_year: int | None = None
    stage: str | None = None
    department: str | None = None
    region: str | None = None

    @property
    def counted(self) -> bool:
        """Whether the address itself is written for any page."""
        return COUNTED.search(self.url) is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """How to read lists: what an entry is and what stands where in it, and how one page leads to the next.

    In an ``html`` list the places are CSS selectors, in a ``json`` list paths such as ``data.rows``. What is None
    is found by habit: entries that look like disclosures, the words of their link, a day beside it, usual paging.
    ``limited`` says that so many ``pages`` and no more are meant.
    """

    format: Format
    start: tuple[Start, ...]
    entries: str | None
    title: str | None
    link: str | None
    date: str | None
    department: str | None
    heading: str | None
    next: str | None
    first: int
    size: int
    pages: int
    limited: bool
    encoding: str | None
    total: str | None
    method: str
    body: str | None
    headers: Mapping[str, str]

    @property
    def counted(self) -> bool:
        """Whether pages are asked for by number."""
        return any(COUNTED.search(words or "") for words in (self.next, self.body))


@dataclass(frozen=True, slots=True)
class Article:
    """The pages between an entry and its files: where on them the files are (None: by habit), and how many
    pages may lie one behind the other (``depth``)."""

    format: Format
    files: str | None
    title: str | None
    link: str | None
    encoding: str | None
    depth: int


def read_listing(table: Declared, needs_start: bool = True) -> Listing:
    """``[list]`` or ``[departments]``. Raises :class:`SourceError`."""
    form: Any = table.choice("format", ("html", "json"), "html")
    listing = Listing(
        format=form,
        start=_starts(table, needs_start),
        entries=table.text("entries"),
        title=table.text("title"),
        link=table.text("link"),
        date=table.text("date"),
        department=table.text("department"),
        heading=table.text("heading"),
        next=table.text("next"),
        first=table.whole("first", 1) or 0,
        size=table.whole("size", 20, least=1) or 20,
        limited=table.has("pages"),
        pages=table.whole("pages", MOST_PAGES, least=1) or 1,
        encoding=_encoding(table),
        total=table.text("total"),
        method=table.choice("method", ("GET", "POST"), "GET") or "GET",
        body=table.text("body"),
        headers=headers(table),
    )
    _check(table, listing)
    table.finish()
    return listing


def read_article(table: Declared, encoding: str | None) -> Article:
    """``[article]``; its encoding is that of the list where it says none. Raises :class:`SourceError`."""
    form: Any = table.choice("format", ("html", "json"), "html")
    article = Article(
        format=form,
        files=table.text("files"),
        title=table.text("title"),
        link=table.text("link"),
        encoding=_encoding(table) or encoding,
        depth=table.whole("depth", 2) or 0,
    )
    if form == "json":
        if article.files is None or article.link is None:
            raise table.wrong("files", "and link must say where in the JSON the files of an entry are")
    else:
        check_selectors(table, {"files": article.files, "title": article.title, "link": article.link})
    table.finish()
    return article


def headers(table: Declared) -> Mapping[str, str]:
    """``headers``: what else is said with each request, such as a Referer."""
    given = table.pairs("headers")
    for name, value in given.items():
        if name.lower() in ("user-agent", "host", "cookie", "authorization", "content-length", "connection"):
            raise table.wrong(f"headers.{name}", "may not be set: fisc says who it is, and uses no accounts")
        if not re.fullmatch(r"[!-9;-~]+", name) or not re.fullmatch(r"[\t -~]*", value):
            raise table.wrong(
                f"headers.{name}", "must hold printable ASCII; write an address percent-encoded"
            )
    return given


def _starts(table: Declared, needed: bool) -> tuple[Start, ...]:
    values = table.pop("start", None)
    if values is None and not needed:
        return ()
    if isinstance(values, str | dict):
        values = [values]
    if not isinstance(values, list) or not values:
        raise table.wrong("start", 'must hold at least one address: start = ["https://…/index.html"]')
    return tuple(start for value in values for start in _start(table, value))


def _start(table: Declared, value: Any) -> Iterator[Start]:
    if isinstance(value, str):
        value = {"url": table.expanded("start", value)}
    if not isinstance(value, dict):
        raise table.wrong("start", f"must hold addresses, and {value!r} is none")
    one = Declared(table.file, f"{table.name}.start", dict(value))
    start = Start(
        url=one.needed("url"),
        fiscal_year=one.year("year"),
        stage=one.choice("stage", STAGES),
        department=one.text("department"),
        region=one.text("region"),
    )
    years = one.years("years")
    one.finish()
    if bool(years) != ("{year}" in start.url):
        raise one.wrong("url", "and years go together: {year} in the address, and years = [2024, 2025]")
    for year in years or (None,):
        for url in _ranged(start.url.replace("{year}", str(year))):
            if not is_web(url):
                raise table.wrong("start", f"must hold http or https addresses, and {url!r} is none")
            yield replace(start, url=url, fiscal_year=year or start.fiscal_year)


def _ranged(url: str) -> Iterator[str]:
    """An address with ``{001..007}`` in it as so many addresses."""
    match = _RANGE.search(url)
    if match is None:
        yield url
        return
    first, last = int(match[1]), int(match[2])
    for number in range(first, min(last, first + _RANGE_AT_MOST) + 1):
        yield from _ranged(url.replace(match[0], str(number).zfill(len(match[1])), 1))


def is_web(url: str) -> bool:
    """Whether these words are an http or https address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _encoding(table: Declared) -> str | None:
    encoding = table.text("encoding")
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise table.wrong("encoding", f"names no encoding that Python knows ({encoding})") from error
    return encoding


def _check(table: Declared, listing: Listing) -> None:
    if listing.body is not None and listing.method != "POST":
        raise table.wrong("body", 'is only sent with method = "POST"')
    if listing.format == "json":
        if listing.entries is None or listing.link is None:
            missing = "entries" if listing.entries is None else "link"
            raise table.wrong(
                missing, "is missing; a JSON list needs entries and link, such as data.rows and url"
            )
        if listing.heading is not None:
            raise table.wrong("heading", "is a selector, and a JSON list has none; use department")
        return
    if listing.total is not None:
        raise table.wrong("total", 'is read from lists with format = "json" only')
    following = listing.next if listing.next and not COUNTED.search(listing.next) else None
    names = ("entries", "title", "date", "department", "heading")
    made = "{" in (listing.link or "")
    check_selectors(table, {**{name: getattr(listing, name) for name in names}, "next": following})
    if not made:
        check_selectors(table, {"link": listing.link})
        return
    if listing.entries is None:
        raise table.wrong(
            "link", "is made of the attributes of an entry, so entries must say what an entry is"
        )
    for name, pattern in ATTRIBUTE.findall(listing.link or ""):
        try:
            re.compile(pattern)
        except re.error as error:
            raise table.wrong("link", f"has no regular expression behind {name}: ({error})") from error


def check_selectors(table: Declared, selectors: Mapping[str, str | None]) -> None:
    """Raises :class:`SourceError` where a text is no CSS selector."""
    empty = LexborHTMLParser("<p></p>")
    for key, selector in selectors.items():
        try:
            if selector:
                empty.css(selector)
        except SelectolaxError as error:
            raise table.wrong(key, f"must be a CSS selector, and {selector!r} is none") from error
