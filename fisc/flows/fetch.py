"""Fetching from one source: redirects followed with care, failures asked again with patience, changes only."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from fisc import __version__
from fisc.flows.net.connection import GuardedTransport, Place
from fisc.flows.net.exchange import MB, Answer, Limits, exchange
from fisc.flows.net.failures import FetchError
from fisc.flows.net.manners import Pace, Robots, user_agent
from fisc.flows.sources import Source

REDIRECTS = 8
ROBOTS_BYTES = 512_000
"""What Google reads of a robots.txt, too."""
HTML_STARTS = (b"<!doctype html", b"<?xml", b"<html", b"<head", b"<script", b"<!--")
UNANSWERED = frozenset({"timeout", "unknown_host", "connection_failed", "connection_lost"})
GIVE_UP_AFTER = 5
"""So many addresses of one host in a row without an answer, and the rest of them is left for the next harvest."""
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the portal said of a file when it gave it last, for asking whether it changed."""

    etag: str | None
    last_modified: str | None

    @property
    def headers(self) -> dict[str, str]:
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


NOTHING_SEEN = Seen(None, None)


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
    """Asks one portal; safe from several threads. ``sleep`` is what waits between two requests."""

    def __init__(self, source: Source, sleep: Callable[[float], None] = time.sleep) -> None:
        manners = source.politeness
        self._patience = manners
        self._sleep = sleep
        self._limits = Limits(manners.timeout_s, int(manners.max_mb * MB))
        self._pace = Pace(manners.delay_s, sleep=sleep)
        agent = user_agent(os.environ, __version__)
        private = map(place, source.list.start) if source.allow_private else ()
        self._client = httpx.Client(
            transport=GuardedTransport(private, manners.concurrency),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"},
        )
        self._robots = Robots(agent, self._pace, self._robots_txt)
        self._unanswered: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def page(self, url: str) -> Got:
        """A list page. Raises :class:`FetchError`."""
        return self._patiently(url, NOTHING_SEEN)

    def file(self, url: str, seen: Seen = NOTHING_SEEN) -> Got:
        """A document, or that it did not change. Raises :class:`FetchError`, also for a web page in its place."""
        got = self._patiently(url, seen)
        if got.content is not None:
            if not got.content:
                raise FetchError(url, "empty_file")
            if got.content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(HTML_STARTS):
                raise FetchError(url, "not_a_document")
        return got

    def _patiently(self, url: str, seen: Seen) -> Got:
        host = urlsplit(url).netloc
        if self._unanswered[host] >= GIVE_UP_AFTER:
            raise FetchError(url, "host_down")
        try:
            got = self._attempts(url, seen)
        except FetchError as error:
            self._unanswered[host] = self._unanswered[host] + 1 if error.reason in UNANSWERED else 0
            raise
        self._unanswered[host] = 0
        return got

    def _attempts(self, url: str, seen: Seen) -> Got:
        for attempt in range(1, self._patience.attempts):
            try:
                return self._once(url, seen)
            except FetchError as error:
                wait_s = self._wait_s(error, attempt)
                if wait_s is None:
                    raise
            self._sleep(wait_s)
        return self._once(url, seen)

    def _wait_s(self, error: FetchError, attempt: int) -> float | None:
        """How long to wait before asking again; None where that is no use or longer than we have."""
        if not error.kind.retry:
            return None
        wait_s = float(self._patience.first_wait_s * 2 ** (attempt - 1))
        if error.wait_s is not None and error.wait_s > self._patience.longest_wait_s:
            return None
        return min(max(wait_s, error.wait_s or 0.0), self._patience.longest_wait_s)

    def _once(self, url: str, seen: Seen) -> Got:
        here, hops = url, [url]
        while True:
            self._robots.check(_checked(here))
            answer = self._ask(here, seen.headers if here == url else {}, self._limits)
            if answer.status == 304:
                return Got(here, None, answer.headers, tuple(hops[:-1]))
            if not 300 <= answer.status < 400:
                return Got(here, answer.body, answer.headers, tuple(hops[:-1]))
            here = _target(answer)
            if here in hops or len(hops) > REDIRECTS:
                raise FetchError(url, "redirect_loop", limit=str(REDIRECTS))
            hops.append(here)

    def _ask(self, url: str, headers: Mapping[str, str], limits: Limits) -> Answer:
        self._pace.wait(urlsplit(url).netloc)
        return exchange(self._client, url, headers, limits)

    def _robots_txt(self, url: str) -> bytes:
        for _ in range(REDIRECTS):
            answer = self._ask(_checked(url), {}, Limits(self._limits.seconds, ROBOTS_BYTES))
            if not 300 <= answer.status < 400:
                return answer.body
            url = _target(answer)
        raise FetchError(url, "redirect_loop", limit=str(REDIRECTS))


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
