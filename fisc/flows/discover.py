"""What a source has now: its lists walked, its articles opened, its folder read, its links sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fisc.flows.fetch import Visitor
from fisc.flows.local import files_of
from fisc.flows.net.failures import FetchError
from fisc.flows.portal.entries import Entry
from fisc.flows.portal.follow import Follower
from fisc.flows.portal.links import given_link, path_link
from fisc.flows.portal.lists import Doubt, Walk, listed
from fisc.flows.portal.memory import Memory, nothing_remembered
from fisc.flows.source.words import Ignore
from fisc.flows.sources import Source
from fisc.warehouse.ledger import Link


@dataclass(frozen=True, slots=True)
class Left:
    """An entry that is not taken, and which ``[[ignore]]`` of the source says so."""

    title: str
    url: str
    ignore: Ignore


@dataclass(slots=True)
class Discovery:
    """What a source has, each address once, in printed order.

    ``ignored`` is what it leaves out and why, ``foreign`` what leads to hosts that it does not know, ``passed`` what has
    words of budgets in it and is not taken by habit, ``texts`` the addresses of pages that are documents themselves.
    ``opened`` counts pages beside lists, ``unopened`` are those that were left out. ``failures`` are pages that could not be read, ``doubts`` lists that
    are not as they should be.
    """

    links: tuple[Link, ...] = ()
    ignored: tuple[Left, ...] = ()
    foreign: tuple[Link, ...] = ()
    passed: tuple[Entry, ...] = ()
    texts: frozenset[str] = frozenset()
    pages: int = 0
    opened: int = 0
    unopened: frozenset[str] = frozenset()
    failures: tuple[FetchError, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def discover(
    source: Source, visitor: Visitor, memory: Memory | None = None, at_most: int | None = None
) -> Discovery:
    """Read all lists and what their entries lead to, opening ``at_most`` pages beside the lists. A page that fails is
    reported and costs what is on it only; without a memory all pages are read."""
    if memory is None:
        with nothing_remembered() as forgetful:
            return discover(source, visitor, forgetful, at_most)
    walk = Walk(source, visitor)
    follower = Follower(walk, memory, at_most)
    sorted_out = _Sorted(source)
    for entry in listed(walk).values():
        if (entry.url, None) in walk.visited or sorted_out.leaves(entry.title, entry.url):
            continue
        for link in follower.links(entry):
            sorted_out.take(link)
    follower.told()
    for link in _own(source, walk):
        sorted_out.take(link)
    return Discovery(
        tuple(sorted_out.links.values()),
        tuple(sorted_out.ignored.values()),
        tuple(sorted_out.foreign.values()),
        tuple(walk.passed.values()),
        frozenset(follower.texts),
        walk.pages,
        follower.opened,
        frozenset(follower.unopened),
        tuple(walk.failures),
        tuple(walk.doubts),
    )


@dataclass(slots=True)
class _Sorted:
    source: Source
    links: dict[str, Link] = field(default_factory=dict)
    ignored: dict[str, Left] = field(default_factory=dict)
    foreign: dict[str, Link] = field(default_factory=dict)

    def leaves(self, title: str, url: str) -> bool:
        """Whether the source ignores this, and note that it does."""
        ignore = next((i for i in self.source.ignored if i.fits(title, url)), None)
        if ignore is not None:
            self.ignored.setdefault(url, Left(title, url, ignore))
        return ignore is not None

    def take(self, link: Link) -> None:
        """Put a link where it belongs."""
        if self.leaves(link.title or "", link.url):
            return
        own = link.url.startswith("file:") or self.source.hosts.know(link.url)
        (self.links if own else self.foreign).setdefault(link.url, link)


def _own(source: Source, walk: Walk) -> Iterator[Link]:
    """Documents that the source names itself, and those of its folder."""
    for given in source.given:
        yield given_link(source, given)
    if source.folder is not None:
        try:
            for path in files_of(source.folder):
                yield path_link(source, path, source.folder.path.absolute())
        except FetchError as error:
            walk.failures.append(error)
