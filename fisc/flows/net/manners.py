"""Manners: one request at a time and not too soon after the last, and nothing that robots.txt forbids."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from fisc.flows.net.failures import FetchError

LONGEST_CRAWL_DELAY_S = 60.0
"""A robots.txt that asks for more is read as this much; a portal of 100 documents must end within a night."""


@dataclass(slots=True)
class Pace:
    """Keeps ``delay_s`` between the starts of two requests to one host, whichever thread sends them."""

    delay_s: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict)
    _delays: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def slow_down(self, host: str, delay_s: float) -> None:
        """At least so many seconds for this host from now on."""
        self._delays[host] = max(self.delay_s, min(delay_s, LONGEST_CRAWL_DELAY_S))

    def wait(self, host: str) -> None:
        """Sleep until the host may be asked again."""
        with self._lock:
            now = self.clock()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + self._delays.get(host, self.delay_s)
        if turn > now:
            self.sleep(turn - now)


@dataclass(slots=True)
class Robots:
    """robots.txt of each place, read once a run. ``read`` fetches it; a 4xx answer allows everything (RFC 9309)."""

    agent: str
    pace: Pace
    read: Callable[[str], bytes]
    _known: dict[str, Protego] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, url: str) -> None:
        """Raises :class:`FetchError` where the address is closed to us, or nobody can say whether it is."""
        if not self._rules(url).can_fetch(url, self.agent):
            raise FetchError(url, "robots_disallowed")

    def _rules(self, url: str) -> Protego:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            if place not in self._known:
                self._known[place] = self._learn(f"{place}/robots.txt", parts.netloc)
            return self._known[place]

    def _learn(self, url: str, host: str) -> Protego:
        try:
            text = self.read(url).decode("utf-8", "replace")
        except FetchError as error:
            if error.reason.startswith("http_") and error.kind.retry:
                raise FetchError(url, "robots_unreachable", detail=error.reason) from error
            if not error.reason.startswith("http_"):
                raise
            text = ""
        rules = Protego.parse(text)
        if (delay_s := rules.crawl_delay(self.agent)) is not None:
            self.pace.slow_down(host, float(delay_s))
        return rules


def user_agent(environment: Mapping[str, str], version: str) -> str:
    """How fisc says who it is; ``FISC_CONTACT`` is a mail address or page where a webmaster finds its operator."""
    contact = environment.get("FISC_CONTACT", "").strip()
    return f"fisc/{version} (+{contact})" if contact.isascii() and contact else f"fisc/{version}"
