"""A source tried without taking anything: what a harvest would fetch, what it would leave out, what is not as expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from fisc.flows.discover import Discovery, discover
from fisc.flows.fetch import Visitor
from fisc.flows.net.failures import FetchError
from fisc.flows.portal.address import ending
from fisc.flows.source.listing import STAGES
from fisc.flows.source.manners import Expected
from fisc.flows.sources import Source
from fisc.reasons import reason
from fisc.warehouse.ledger import Link

OTHER_SCHEME = {"http": "https", "https": "http"}
UNREACHED = frozenset({"tls_error", "connection_failed", "connection_lost", "timeout"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps documents away: what, and what to do about it; ``hints`` are selectors that may fit."""

    reason: str
    sentence: str
    mends: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What is expected and not there: a department, or so many of them (``department`` None), for a year and stage."""

    fiscal_year: int
    stage: str
    department: str | None
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class Check:
    """What a source would give now. ``kinds`` says of each address what it leads to."""

    found: Discovery
    kinds: dict[str, str]
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]

    @property
    def fine(self) -> bool:
        """Whether a harvest would find documents, all that is expected, and nothing that is wrong."""
        return bool(self.found.links) and not self.gaps and not self.problems


def check(source: Source, visitor: Visitor, today: date, at_most: int | None = None) -> Check:
    """Try a source, opening ``at_most`` pages beside its lists. Takes no document and writes nothing down."""
    found = discover(source, visitor, at_most=at_most)
    kinds = {link.url: _kind(link, found) for link in found.links}
    gaps = tuple(gaps_of(source.expected, found.links, today))
    return Check(found, kinds, gaps, tuple(_problems(visitor, found)))


def gaps_of(expected: Expected, links: Iterable[Link], today: date) -> Iterator[Gap]:
    """What should be there by today and is in no link, as far as the links say whose they are."""
    by_disclosure: dict[tuple[int | None, str | None], set[str]] = {}
    for link in links:
        said = f"{link.department or ''} {link.title or ''}"
        by_disclosure.setdefault((link.fiscal_year, link.stage), set()).add(link.department or said)
    if expected.departments is None:
        return
    years = expected.years or sorted({year for year, _ in by_disclosure if year})
    for year in years:
        for stage in STAGES:
            if (expected.stages and stage not in expected.stages) or not expected.due(stage, year, today):
                continue
            yield from _gaps(expected, year, stage, by_disclosure.get((year, stage), set()))


def _gaps(expected: Expected, year: int, stage: str, found: set[str]) -> Iterator[Gap]:
    assert expected.departments is not None
    for name in expected.names:
        if not any(name in said for said in found):
            yield Gap(year, stage, name, 0, 1)
    if not expected.names and len(found) < expected.departments:
        yield Gap(year, stage, None, len(found), expected.departments)


def _kind(link: Link, found: Discovery) -> str:
    if link.url in found.texts:
        return "page"
    if link.url in found.unopened:
        return "unopened"
    named = (link.file_name or "").rpartition(".")[2].lower()
    return ending(link.url) or (named if 1 < len(named) < 5 and named.isalnum() else "file")


def _problems(visitor: Visitor, found: Discovery) -> Iterator[Problem]:
    for error in found.failures:
        yield Problem(error.reason, error.what, _other_scheme(visitor, error) or error.kind.mends)
    for doubt in found.doubts:
        yield Problem(doubt.reason, doubt.what, reason(doubt.reason).mends, doubt.hints)
    for host in dict.fromkeys(urlsplit(link.url).netloc for link in found.foreign):
        number = sum(urlsplit(link.url).netloc == host for link in found.foreign)
        said = f"{number} links lead to {host}" if number > 1 else f"One link leads to {host}"
        sentence = f"{said}, a host that the source does not know, and are not followed."
        yield Problem("foreign_host", sentence, reason("foreign_host").mends)


def _other_scheme(visitor: Visitor, error: FetchError) -> str | None:
    """What to write where a host that is not reached in one way is reached in the other."""
    parts = urlsplit(error.url)
    if error.reason not in UNREACHED or parts.port is not None or parts.scheme not in OTHER_SCHEME:
        return None
    here, there = (f"{scheme}://{parts.netloc}/" for scheme in (parts.scheme, OTHER_SCHEME[parts.scheme]))
    try:
        visitor.page(error.url.replace(here, there, 1))
    except FetchError:
        return None
    return (
        f'it answers as {there}, so write into the source file: [[moved]] from = "{here}" to = "{there}" '
        'reason = "…"'
    )
