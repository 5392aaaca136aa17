"""From entries to files: an entry leads to a file, or to a page with files beside it, or its page is the document, or both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from fisc.flows.fetch import Got
from fisc.flows.formats import format_of
from fisc.flows.net.exchange import NOTHING_SEEN
from fisc.flows.net.failures import FetchError
from fisc.flows.net.stubs import recognised
from fisc.flows.portal.address import is_file
from fisc.flows.portal.answers import NotJson, read_json
from fisc.flows.portal.articles import Leads, read_html_article, read_json_article
from fisc.flows.portal.entries import Entry, html_entries
from fisc.flows.portal.links import entry_link, file_link
from fisc.flows.portal.lists import Walk
from fisc.flows.portal.memory import Memory, Remembered, is_fresh
from fisc.flows.portal.pages import base_of, is_html, text_of, tree_of, visible
from fisc.flows.source.listing import Listing
from fisc.warehouse.ledger import Link

TEXT_OF_ITS_OWN = 1_200
"""Characters on a page without files that make it a document, and not a page that leads to others."""
STATES_FIGURES = 8
"""So many amounts on a page with files beside its text make that text a part of the disclosure, and not an announcement of it."""
_AMOUNT = re.compile(r"\d[\d,，]*(?:\.\d+)?\s*万?元")
_SPEAKS = re.compile(r"预算|决算|三公")
SAYS_NO_MORE = frozenset({"host_down", "quiet_hours"})


@dataclass(slots=True)
class Follower:
    """Follows entries of one source. ``texts`` are pages that are
    documents themselves; ``at_most`` is how many pages are opened, and those that
    are not stand for what they lead to."""

    walk: Walk
    memory: Memory
    at_most: int | None = None
    opened: int = 0
    unopened: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    fileless: list[str] = field(default_factory=list)
    _been: set[str] = field(default_factory=set)

    def links(self, entry: Entry) -> Iterator[Link]:
        """The links that an entry leads to; a page that cannot be read is noted, and what it gave last stays."""
        yield from self._links(entry, self.walk.source.article.depth)

    def told(self) -> None:
        """Pages that have nothing where the source says that files are become one doubt."""
        if self.fileless:
            number = len(self.fileless)
            others = f"and {number - 1} more pages have" if number > 1 else "has"
            says = f"{others} nothing at files = {self.walk.source.article.files!r}"
            self.walk.doubt(self.fileless[0], "list_misread", says)

    def _links(self, entry: Entry, depth: int) -> Iterator[Link]:
        source = self.walk.source
        if is_file(entry.url) or depth == 0 or not source.hosts.know(entry.url):
            yield entry_link(source, entry)
            return
        if entry.url in self._been:
            return
        self._been.add(entry.url)
        page = self._page(entry)
        if page is None:
            if entry.url in self.unopened and self.at_most is not None:
                yield entry_link(source, entry)
            return
        if page.kind == "file" or (page.kind == "text" and not page.leads.files):
            self.texts.update({entry.url} if page.kind == "text" else ())
            yield entry_link(source, entry)
        elif page.kind == "list":
            for url, title in page.leads.files:
                yield from self._links(_below(entry, url, title), depth - 1)
        else:
            if page.kind == "both":
                self.texts.add(entry.url)
                yield entry_link(source, entry)
            for url, title in page.leads.files:
                yield file_link(source, entry, page.leads, self.walk.at(url), title)

    def _page(self, entry: Entry) -> Remembered | None:
        """What a page leads to, asked for unless it was lately."""
        known = self.memory.recall(entry.url)
        if known is not None and is_fresh(known, self.walk.source.politeness.recheck_days):
            return known
        host = urlsplit(entry.url).netloc
        if host in self.walk.down or (self.at_most is not None and self.opened >= self.at_most):
            self.unopened.add(entry.url)
            return known
        self.opened += 1
        try:
            got = self.walk.visitor.page(entry.url, known.seen if known else NOTHING_SEEN)
            if got.content is None and known is not None:
                self.memory.keep(entry.url, known.kind, known.leads, known.seen)
                return known
            kind, leads = self._read(entry, got)
        except FetchError as error:
            self.walk.visitor.judge(entry.url, error.reason)
            self.walk.failures.append(error)
            if error.reason in SAYS_NO_MORE:
                self.walk.down.add(host)
            return known
        self.walk.visitor.judge(entry.url, None)
        self.memory.keep(entry.url, kind, leads, got.seen)
        return self.memory.recall(entry.url)

    def _read(self, entry: Entry, got: Got) -> tuple[str, Leads]:
        """Raises :class:`FetchError` for a page that is not what was asked for."""
        content, article = got.content or b"", self.walk.source.article
        text: Callable[[], str] = lambda: text_of(content, got.headers, article.encoding)  # noqa: E731
        if article.format == "json":
            try:
                leads = read_json_article(read_json(text()), got.url, article)
                if not leads.files:
                    says = f"names no file at files = {article.files!r}, link = {article.link!r}"
                    self.walk.doubt(got.url, "list_misread", says)
                return "article", leads
            except NotJson as error:
                raise FetchError(got.url, "not_json", detail=str(error) or "nothing") from error
        if not _is_page(got):
            return "file", Leads(None, None, ())
        tree = tree_of(text())
        leads = read_html_article(tree, base_of(tree, got.url), article)
        if leads.files:
            return "both" if states_figures(visible(tree)) else "article", leads
        if article.files:
            self.fileless.append(got.url)
        stub = recognised(text())
        if stub is not None:
            raise FetchError(entry.url, stub.reason, detail=stub.says)
        below = self._below(entry, got)
        if below and len(visible(tree_of(text()))) < TEXT_OF_ITS_OWN + sum(len(title) for _, title in below):
            return "list", Leads(leads.title, leads.day, below)
        return "text", leads

    def _below(self, entry: Entry, got: Got) -> tuple[tuple[str, str], ...]:
        """Entries that a page lists which is no article itself: habit takes what looks like disclosures."""
        tree = tree_of(text_of(got.content or b"", got.headers, self.walk.source.article.encoding))
        found = html_entries(tree, base_of(tree, got.url), _HABIT, entry.start)
        known = {entry.url, got.url, *got.hops, *(url for url, _ in self.walk.visited)}
        return tuple((e.url, e.title) for e in found if e.url not in known and e.url not in self._been)


_HABIT = Listing(
    format="html", start=(), entries=None, title=None, link=None, date=None, department=None, heading=None,
    next=None, first=1, size=20, pages=1, limited=True, encoding=None, total=None, method="GET", body=None, headers={},
)  # fmt: skip
"""A list that says nothing of itself."""


def states_figures(text: str) -> bool:
    """Whether a page says in words what a disclosure says: its narrative stands on the page, its tables in the files beside."""
    said = sum(1 for _ in islice(_AMOUNT.finditer(text), STATES_FIGURES))
    return said == STATES_FIGURES and _SPEAKS.search(text) is not None


def _below(entry: Entry, url: str, title: str) -> Entry:
    return Entry(url, title, None, entry.department, entry.title, entry.start)


def _is_page(got: Got) -> bool:
    content = got.content or b""
    said = got.headers.get("content-type", "")
    return is_html(content) or ("html" in said and format_of(content) == "unknown")
