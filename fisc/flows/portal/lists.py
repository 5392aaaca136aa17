"""Walking lists from page to page, from departments to their lists, and noticing where a list is not what it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser

from fisc.flows.fetch import Got, Visitor
from fisc.flows.formats import format_of
from fisc.flows.net.failures import FetchError
from fisc.flows.net.stubs import recognised
from fisc.flows.portal.address import day_of, moved
from fisc.flows.portal.answers import NotJson, filled, json_entries, read_json, total_of, unlinked
from fisc.flows.portal.articles import read_html_article
from fisc.flows.portal.entries import Entry, html_entries, likely_entries, passed_over
from fisc.flows.portal.pages import base_of, text_of, tree_of, visible
from fisc.flows.portal.paging import Ask, elsewhere, first_page, following, is_numbered, numbered, pages_said
from fisc.flows.source.listing import Listing, Start
from fisc.flows.sources import Source


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about a list that is not as it should be: a reason of ``reasons.toml``, and ``what`` it is in a
    sentence. ``hints`` are selectors that may fit its entries, with what they select."""

    url: str
    reason: str
    what: str
    source: str
    hints: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What it is, and how to look at it."""
        return f"{self.what.rstrip('.')}; look at it with fisc sources check {self.source}."


@dataclass(slots=True)
class Walk:
    """Where a walk is: what was found, and the pages it has been to."""

    source: Source
    visitor: Visitor
    passed: dict[str, Entry] = field(default_factory=dict)
    visited: set[tuple[str, str | None]] = field(default_factory=set)
    failures: list[FetchError] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    pages: int = 0
    down: set[str] = field(default_factory=set)

    def doubt(self, url: str, reason: str, says: str, hints: Iterable[str] = ()) -> None:
        """Note what is wrong with a list."""
        self.doubts.append(Doubt(url, reason, f"{url} {says}.", self.source.name, tuple(hints)))

    def at(self, url: str) -> str:
        """Where an address leads since its host moved."""
        return moved(url, self.source.moved)


@dataclass(frozen=True, slots=True)
class _Page:
    """A list page as it was read."""

    got: Got
    entries: list[Entry]
    total: int | None = None
    unlinked: int = 0
    ahead: tuple[str, ...] = ()
    pages_said: int = 0
    hints: tuple[str, ...] = ()


def listed(walk: Walk) -> dict[str, Entry]:
    """The entries of all lists of the source by address, in printed order."""
    found: dict[str, Entry] = {}
    if walk.source.list is not None:
        for start in _starts(walk):
            _walk_from(walk, walk.source.list, start, found)
    return found


def _starts(walk: Walk) -> Iterator[Start]:
    """Where lists begin: as the source says, or at each of its departments."""
    source = walk.source
    assert source.list is not None
    if source.departments is None:
        yield from source.list.start
        return
    departments: dict[str, Entry] = {}
    for start in source.departments.start:
        _walk_from(walk, source.departments, start, departments)
    for entry in departments.values():
        yield from _lists_of(entry, source.list)


def _lists_of(department: Entry, listing: Listing) -> Iterator[Start]:
    own = replace(department.start, url=department.url, department=department.title or None)
    if not listing.start:
        yield own
    for start in listing.start:
        yield replace(start, url=filled(start.url, department.fields), department=own.department)


def _walk_from(walk: Walk, listing: Listing, start: Start, into: dict[str, Entry]) -> None:
    own: dict[str, Entry] = {}
    walked = _walk_numbered if is_numbered(listing, start) else _walk_linked
    total = walked(walk, listing, replace(start, url=walk.at(start.url)), into, own)
    if total is not None and len(own) < total:
        says = f"has {total} entries by its own count, and {len(own)} were found on its pages"
        walk.doubt(start.url, "list_cut", says)
    for name in ("title", "date", "department"):
        if own and all(name in entry.without for entry in own.values()):
            says = f"has no {name} at {name} = {getattr(listing, name)!r} in any of its {len(own)} entries"
            walk.doubt(start.url, "list_misread", says)


def _walk_numbered(
    walk: Walk, listing: Listing, start: Start, into: dict[str, Entry], own: dict[str, Entry]
) -> int | None:
    """Pages are asked for by number until one is missing or has nothing new. Gives the list's own count of entries."""
    total = None
    for asked in range(listing.pages):
        ask = first_page(listing, start) if asked == 0 else numbered(listing, start, asked)
        page = _read(walk, listing, start, ask, later=asked > 0)
        if page is None:
            return total
        total = page.total if page.total is not None else total
        new = _enter(walk, page, into, own)
        if asked == 0 and not page.entries:
            _empty(walk, listing, ask, page)
        elif not new:
            return total
    _cut(walk, listing, start)
    return total


def _walk_linked(
    walk: Walk, listing: Listing, start: Start, into: dict[str, Entry], own: dict[str, Entry]
) -> int | None:
    """Pages lead to each other."""
    waiting = deque([first_page(listing, start)])
    read = said = 0
    total = None
    while waiting:
        if read >= listing.pages:
            _cut(walk, listing, start)
            return total
        ask = waiting.popleft()
        if (ask.url, ask.body) in walk.visited:
            continue
        page = _read(walk, listing, start, ask, later=False)
        if page is None:
            continue
        read += 1
        _enter(walk, page, into, own)
        total = page.total if page.total is not None else total
        said = max(said, page.pages_said)
        if not page.entries and not page.ahead:
            _empty(walk, listing, ask, page)
        waiting.extend(Ask(url) for url in page.ahead if (url, None) not in walk.visited)
    if read < said and not listing.limited and not walk.failures:
        says = f"has {said} pages by its own count, and {read} were found; say list.next in the source file"
        walk.doubt(start.url, "list_cut", says)
    return total


def _cut(walk: Walk, listing: Listing, start: Start) -> None:
    """Told where nobody said that so many pages are enough."""
    if not listing.limited:
        walk.doubt(
            start.url,
            "list_cut",
            f"goes on after {listing.pages} pages, more than are read unless list.pages says so",
        )


def _read(walk: Walk, listing: Listing, start: Start, ask: Ask, *, later: bool) -> _Page | None:
    """One page; None where it cannot be read, which is noted unless it is the end of numbered pages."""
    ask = replace(ask, url=walk.at(ask.url))
    if (ask.url, ask.body) in walk.visited:
        return None
    walk.visited.add((ask.url, ask.body))
    try:
        got = walk.visitor.page(ask.url, body=ask.body, headers=listing.headers)
        walk.visited.update((url, ask.body) for url in (got.url, *got.hops))
        walk.pages += 1
        return _read_page(walk, listing, start, got)
    except FetchError as error:
        if not (later and error.reason in ("http_404", "http_410", "missing_page")):
            walk.failures.append(error)
        return None


def _read_page(walk: Walk, listing: Listing, start: Start, got: Got) -> _Page:
    """Raises :class:`FetchError` for a page that is not what was asked for."""
    text = text_of(got.content or b"", got.headers, listing.encoding)
    if listing.format == "json":
        try:
            value = read_json(text)
        except NotJson as error:
            stub = recognised(text) if "<" in text else None
            reason, said = (stub.reason, stub.says) if stub else ("not_json", str(error) or "nothing")
            raise FetchError(got.url, reason, detail=said) from error
        entries = list(json_entries(value, got.url, listing, start))
        astray = unlinked(value, got.url, listing)
        if astray:
            walk.doubt(
                got.url, "list_misread", f"has {astray} entries without a link at link = {listing.link!r}"
            )
        return _Page(got, entries, total_of(value, listing), astray)
    kind = format_of(got.content or b"")
    if kind not in ("html", "unknown"):
        walk.doubt(got.url, "list_empty", f"is a file ({kind}) and not a list; write it as [[document]]")
        return _Page(got, [], 0)
    tree = tree_of(text)
    base = base_of(tree, got.url)
    entries = list(html_entries(tree, base, listing, start))
    if listing.entries is None:
        entries += _beside(walk, tree, base, start, {entry.url for entry in entries})
    ahead = elsewhere(tree, text, base) if not entries and listing.next is None else []
    if not entries and not ahead and (stub := recognised(text)) is not None:
        raise FetchError(got.url, stub.reason, detail=stub.says)
    for entry in passed_over(tree, base, listing, start):
        walk.passed.setdefault(entry.url, entry)
    ahead += [] if listing.counted else following(tree, text, base, listing)
    hints = () if entries else tuple(likely_entries(tree))
    ways = tuple(dict.fromkeys(map(walk.at, ahead)))
    return _Page(got, entries, None, 0, ways, pages_said(visible(tree)), hints)


def _beside(walk: Walk, tree: LexborHTMLParser, base: str, start: Start, known: set[str]) -> Iterator[Entry]:
    """Files of a page that are in no link: what a click opens, what a viewer shows."""
    leads = read_html_article(tree, base, walk.source.article)
    for url, title in leads.files:
        if url not in known:
            yield Entry(url, title, leads.day or day_of(url), None, None, start)


def _enter(walk: Walk, page: _Page, into: dict[str, Entry], own: dict[str, Entry]) -> bool:
    """Enter what a page lists; says whether any of it is new to its list, so that a portal that answers its first page
    for every number comes to an end."""
    before = len(own)
    for entry in page.entries:
        entry = replace(entry, url=walk.at(entry.url))
        own.setdefault(entry.url, entry)
        into.setdefault(entry.url, entry)
    return len(own) > before


def _empty(walk: Walk, listing: Listing, ask: Ask, page: _Page) -> None:
    """A page without entries. Where the list itself counts none, it is an empty list and no doubt."""
    if page.total != 0 and not page.unlinked:
        sought = (
            f"entries = {listing.entries!r}" if listing.entries else "a link that looks like a disclosure"
        )
        walk.doubt(ask.url, "list_empty", f"was read, and nothing on it is {sought}", page.hints)
