"""Walking the list pages of a source: which documents are there, and what the pages say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from fisc.flows.fetch import Got, Visitor
from fisc.flows.net.failures import FetchError
from fisc.flows.sources import ListPages, Source
from fisc.flows.titles import read_day, read_title
from fisc.warehouse.ledger import Link

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_LEADS_NOWHERE = ("#", "javascript:", "mailto:", "tel:", "data:")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the list pages gave: ``links`` in printed order, each address once, and what was left out and why."""

    links: tuple[Link, ...]
    ignored: tuple[tuple[str, str], ...]
    pages: int
    failures: tuple[FetchError, ...]


@dataclass(slots=True)
class _Walk:
    """Where a walk is: what was found, and the addresses it has been to."""

    links: dict[str, Link] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    failures: list[FetchError] = field(default_factory=list)
    pages: int = 0


def discover(source: Source, visitor: Visitor) -> Discovery:
    """Read all list pages. A page that fails is reported and ends its own chain of pages only."""
    walk = _Walk()
    for start in source.list.start:
        _walk_from(address(start, start) or start, source, visitor, walk)
    listed = {url: link for url, link in walk.links.items() if url not in walk.visited}
    return Discovery(tuple(listed.values()), tuple(walk.ignored.items()), walk.pages, tuple(walk.failures))


def _walk_from(start: str, source: Source, visitor: Visitor, walk: _Walk) -> None:
    url: str | None = start
    for number in range(source.list.pages):
        if url is None or url in walk.visited:
            return
        walk.visited.add(url)
        try:
            got = visitor.page(url)
        except FetchError as error:
            if not _is_the_end(error, number, source.list):
                walk.failures.append(error)
            return
        walk.visited.update((got.url, *got.hops))
        walk.pages += 1
        page = parsed(got, source.list.encoding)
        if not _enter(page, got.url, source, walk) and number:
            return
        url = _next_page(page, got.url, start, source.list, number)


def _is_the_end(error: FetchError, number: int, pages: ListPages) -> bool:
    """Numbered pages are asked for until one is missing."""
    return number > 0 and "{n}" in (pages.next or "") and error.reason in ("http_404", "http_410")


def _enter(page: LexborHTMLParser, base: str, source: Source, walk: _Walk) -> bool:
    """Enter what a page lists; says whether any of it is new, so that a portal that answers its first page for
    every number comes to an end."""
    new = False
    for link in _links(page, base, source):
        new |= link.url not in walk.links and link.url not in walk.ignored
        reason = next((i.reason for i in source.ignored if i.fits(link.title or "", link.url)), None)
        if reason is not None:
            walk.ignored.setdefault(link.url, reason)
        else:
            walk.links.setdefault(link.url, link)
    return new


def _links(page: LexborHTMLParser, base: str, source: Source) -> Iterator[Link]:
    for entry in page.css(source.list.entries):
        anchor = entry if entry.tag == "a" else entry.css_first(source.list.link)
        url = address(base, (anchor.attributes.get("href") if anchor else None) or "")
        if anchor is None or url is None:
            continue
        title = _title(entry, anchor, source.list.title)
        day = entry.css_first(source.list.date) if source.list.date else None
        said = read_title(title, source.titles)
        yield Link(
            url=url,
            source=source.name,
            title=title or None,
            file_name=file_name(url),
            published_on=read_day(day.text(deep=True)) if day else None,
            region_code=source.region,
            department=said.department or source.department,
            fiscal_year=said.fiscal_year,
            stage=said.stage,
        )


def _title(entry: LexborNode, anchor: LexborNode, selector: str | None) -> str:
    """The title attribute where there is one: portals cut the text of long titles short."""
    node = (entry.css_first(selector) if selector else None) or anchor
    words = node.attributes.get("title") or anchor.attributes.get("title") or node.text(deep=True)
    return " ".join(words.split())


def _next_page(page: LexborHTMLParser, base: str, start: str, pages: ListPages, number: int) -> str | None:
    if pages.next is None:
        return None
    if "{n}" in pages.next:
        return address(start, pages.next.replace("{n}", str(pages.first + number)))
    node = page.css_first(pages.next)
    return address(base, node.attributes.get("href") or "") if node else None


def parsed(got: Got, encoding: str | None) -> LexborHTMLParser:
    """A list page as a tree, decoded as its source, its header or itself says."""
    content = got.content or b""
    said = _CHARSET.search(got.headers.get("content-type", ""))
    meta = _META_CHARSET.search(content[:4096])
    name = encoding or (said and said[1]) or (meta and meta[1].decode("ascii", "replace")) or "utf-8"
    if name.lower() in ("gb2312", "gbk"):
        name = "gb18030"
    try:
        text = content.decode(name, "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    return LexborHTMLParser(text)


def address(base: str, href: str) -> str | None:
    """A link as an absolute address in one spelling, without its fragment; None where it leads nowhere."""
    href = href.strip()
    if not href or href.lower().startswith(_LEADS_NOWHERE):
        return None
    try:
        url = httpx.URL(base).join(href.replace("\\", "/")).copy_with(fragment=None)
    except httpx.InvalidURL:
        return None
    return str(url) if url.scheme in ("http", "https") and url.host else None


def file_name(url: str) -> str | None:
    """The name of the file that an address ends in, as a reader writes it."""
    last = unquote(httpx.URL(url).raw_path.decode().partition("?")[0].rpartition("/")[2])
    return _UNPRINTABLE.sub("", last)[:200] or None
