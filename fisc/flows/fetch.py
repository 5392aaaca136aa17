"""Fetching from one source: redirects followed with care, failures asked again with patience, changes only."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from fisc import __version__
from fisc.flows.local import read_file
from fisc.flows.net.connection import GuardedTransport, Place
from fisc.flows.net.exchange import MB, NOTHING_SEEN, Answer, Limits, Seen, exchange
from fisc.flows.net.failures import FetchError
from fisc.flows.net.manners import Pace, Robots, user_agent
from fisc.flows.net.stubs import recognised
from fisc.flows.portal.address import is_file
from fisc.flows.portal.pages import is_html, is_saved_by_office, text_of
from fisc.flows.sources import Source
from fisc.warehouse.home import Home

__all__ = ["GIVE_UP_AFTER", "NOTHING_SEEN", "Got", "Seen", "Visitor", "place"]

REDIRECTS = 8
ROBOTS_BYTES = 512_000
"""What Google reads of a robots.txt, too."""
UNANSWERED = frozenset({"timeout", "unknown_host", "connection_failed", "connection_lost"})
GIVE_UP_AFTER = 5
"""After so many addresses of one host in a row without an answer it is asked for its robots.txt. Where that is not
answered either, the rest of its addresses is left for the next harvest; else only these files do not come."""
PORTS = {"http": 80, "https": 443}
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Got:
    """A file as it came. ``content`` is None where the portal answered that it did not change.

    ``url`` is where it came from in the end; ``hops`` are the addresses that redirected there.
    """

    url: str
    content: bytes | None
    headers: Mapping[str, str]
    hops: tuple[str, ...] = ()

    @property
    def seen(self) -> Seen:
        return Seen(self.headers.get("etag"), self.headers.get("last-modified"))


class Visitor:
    """Asks one portal; safe from several threads. ``sleep`` is what waits between two requests, ``home`` where all
    processes keep the turns of the hosts (else that of the environment)."""

    def __init__(
        self, source: Source, sleep: Callable[[float], None] = time.sleep, home: Home | None = None
    ) -> None:
        manners = source.politeness
        self.source = source
        self._patience = manners
        self._sleep = sleep
        self._limits = Limits(manners.timeout_s, int(manners.max_mb * MB))
        book = (home or Home.from_environment()).work / "hosts"
        self._pace = Pace(book, manners.delay_s, manners.concurrency, sleep=sleep)
        agent = user_agent(os.environ, __version__)
        private = map(place, source.addresses()) if source.allow_private else ()
        self._client = httpx.Client(
            transport=GuardedTransport(private, manners.concurrency, source.certificates),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*", **source.headers},
        )
        self._robots = Robots(agent, self._pace, self._robots_txt)
        self._unanswered: Counter[str] = Counter()
        self._down: set[str] = set()
        self._turned_away: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def keeps_quiet(self) -> bool:
        """Whether it is in the quiet hours of the source."""
        return self._patience.quiet_until(datetime.now(UTC)) is not None

    def page(
        self,
        url: str,
        seen: Seen = NOTHING_SEEN,
        body: str | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Got:
        """A list page, an article, a JSON answer, or that it did not change. Raises :class:`FetchError`."""
        said = {**headers, **({} if body is None else {"Content-Type": _body_type(body), **headers})}
        return self._patiently(url, seen, said, None if body is None else body.encode())

    def file(self, url: str, seen: Seen = NOTHING_SEEN) -> Got:
        """A document, or that it did not change. Raises :class:`FetchError`, also for a page that says that there is none."""
        if url.startswith("file:"):
            content, mark = read_file(url, self.source.folder, seen, self._limits.size)
            got = Got(url, content, {"etag": mark.etag or ""})
        else:
            got = self._patiently(url, seen, {}, None)
        if got.content is not None:
            if not got.content:
                raise FetchError(url, "empty_file")
            try:
                _check_page(url, got)
            except FetchError as error:
                self.judge(url, error.reason)
                raise
            self.judge(url, None)
        return got

    def judge(self, url: str, reason: str | None) -> None:
        """Say what an answer turned out to be: a host whose firewall turns away one after the other is left alone."""
        host = urlsplit(url).netloc
        self._turned_away[host] = self._turned_away[host] + 1 if reason == "firewall" else 0

    def _patiently(self, url: str, seen: Seen, said: Mapping[str, str], body: bytes | None) -> Got:
        host = urlsplit(url).netloc
        if self._turned_away[host] >= GIVE_UP_AFTER:
            raise FetchError(url, "host_down")
        if self._unanswered[host] >= GIVE_UP_AFTER:
            self._check_up(url, host)
        try:
            got = self._attempts(url, seen, said, body)
        except FetchError as error:
            self._unanswered[host] = self._unanswered[host] + 1 if error.reason in UNANSWERED else 0
            raise
        self._unanswered[host] = 0
        return got

    def _check_up(self, url: str, host: str) -> None:
        """Raises :class:`FetchError` where the whole host is down, not only some of its files."""
        if host not in self._down and self._says_anything(url):
            self._unanswered[host] = 0
            return
        self._down.add(host)
        raise FetchError(url, "host_down")

    def _says_anything(self, url: str) -> bool:
        parts = urlsplit(url)
        try:
            self._robots_txt(f"{parts.scheme}://{parts.netloc}/robots.txt")
        except FetchError as error:
            return error.reason not in UNANSWERED
        return True

    def _attempts(self, url: str, seen: Seen, said: Mapping[str, str], body: bytes | None) -> Got:
        for attempt in range(1, self._patience.attempts):
            try:
                return self._once(url, seen, said, body)
            except FetchError as error:
                wait_s = self._wait_s(error, attempt)
                if wait_s is None:
                    raise
                if error.wait_s is not None:
                    self._pace.leave_alone(urlsplit(url).netloc, error.wait_s)
            self._sleep(wait_s)
        return self._once(url, seen, said, body)

    def _wait_s(self, error: FetchError, attempt: int) -> float | None:
        """How long to wait before asking again; None where that is no use or longer than we have."""
        if not error.kind.retry:
            return None
        wait_s = float(self._patience.first_wait_s * 2 ** (attempt - 1))
        if error.wait_s is not None and error.wait_s > self._patience.longest_wait_s:
            return None
        return min(max(wait_s, error.wait_s or 0.0), self._patience.longest_wait_s)

    def _once(self, url: str, seen: Seen, said: Mapping[str, str], body: bytes | None) -> Got:
        here, hops = url, [url]
        while True:
            self._check_host(url, _checked(here))
            self._robots.check(here)
            first = here == url
            headers = {**said, **seen.headers} if first else dict(said)
            answer = self._ask(here, headers, self._limits, body if first else None)
            if answer.status == 304:
                return Got(here, None, answer.headers, tuple(hops[:-1]))
            if not 300 <= answer.status < 400:
                return Got(here, answer.body, answer.headers, tuple(hops[:-1]))
            here = _target(answer)
            if here in hops or len(hops) > REDIRECTS:
                raise FetchError(url, "redirect_loop", limit=str(REDIRECTS))
            hops.append(here)

    def _check_host(self, url: str, here: str) -> None:
        """Redirects, too, must stay with the hosts of the source."""
        if not self.source.hosts.know(here):
            raise FetchError(url, "foreign_host", detail=urlsplit(here).netloc)

    def _ask(self, url: str, headers: Mapping[str, str], limits: Limits, body: bytes | None = None) -> Answer:
        until = self._patience.quiet_until(datetime.now(UTC))
        if until is not None:
            raise FetchError(url, "quiet_hours", detail=f"{until:%H:%M}")
        with self._pace.turn(urlsplit(url).netloc):
            return exchange(self._client, url, headers, limits, body)

    def _robots_txt(self, url: str) -> bytes:
        for _ in range(REDIRECTS):
            answer = self._ask(_checked(url), {}, Limits(self._limits.seconds, ROBOTS_BYTES))
            if not 300 <= answer.status < 400:
                return answer.body
            url = _target(answer)
        raise FetchError(url, "redirect_loop", limit=str(REDIRECTS))


def _body_type(body: str) -> str:
    return "application/json" if body.lstrip().startswith(("{", "[")) else "application/x-www-form-urlencoded"


def _check_page(url: str, got: Got) -> None:
    """A page in a document's place is none where it says so, or where the address names a file."""
    content = got.content or b""
    if not is_html(content):
        return
    stub = recognised(text_of(content, got.headers))
    if stub is not None:
        raise FetchError(url, stub.reason, detail=stub.says)
    if is_file(url) and not is_saved_by_office(content):
        raise FetchError(url, "not_a_document")


def place(url: str) -> Place:
    """Host and port of an address."""
    parts = httpx.URL(url)
    return parts.raw_host.decode(), parts.port or PORTS[parts.scheme]


def _checked(url: str) -> str:
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise FetchError(url, "bad_address") from error
    if parts.scheme not in PORTS or not parts.host:
        raise FetchError(url, "bad_address")
    return url


def _target(answer: Answer) -> str:
    location = answer.headers.get("location", "").strip()
    if not location:
        raise FetchError(answer.url, "bad_redirect")
    try:
        return str(httpx.URL(answer.url).join(location).copy_with(fragment=None))
    except httpx.InvalidURL as error:
        raise FetchError(answer.url, "bad_redirect") from error
