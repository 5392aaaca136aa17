"""Manners: few requests at a time and not too soon after the last, and nothing that robots.txt forbids."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

from protego import Protego

from fisc.flows.net.failures import FetchError

LONGEST_CRAWL_DELAY_S = 60.0
"""A robots.txt that asks for more is read as this much; a portal of 100 documents must end within a night."""

LONGEST_QUEUE_S = 600.0
"""Turns that are further away than this were taken by a clock that was wrong."""

LOOK_AGAIN_S = 0.05
"""How soon a thread that found all places at a host taken looks again."""


@dataclass(slots=True)
class Pace:
    """Keeps ``delay_s`` between two requests to one host, and at most ``concurrency`` at once, whichever
    thread or process of this machine sends them. ``book`` is the folder in which they keep to each other's turns."""

    book: Path
    delay_s: float
    concurrency: int = 1
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _delays: dict[str, float] = field(default_factory=dict)

    def slow_down(self, host: str, delay_s: float) -> None:
        """At least so many seconds for this host from now on."""
        self._delays[host] = max(self.delay_s, min(delay_s, LONGEST_CRAWL_DELAY_S))

    def leave_alone(self, host: str, seconds: float) -> None:
        """Nobody asks this host for so long: it said so itself."""
        with self._turns(host) as turns:
            turns.write(max(turns.read(), self.clock() + min(seconds, LONGEST_CRAWL_DELAY_S)))

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until the host may be asked; it is asked inside. The distance counts from when that is over."""
        with self._place(host):
            self._wait(host)
            try:
                yield
            finally:
                with self._turns(host) as turns:
                    turns.write(max(turns.read(), self.clock()))

    def _wait(self, host: str) -> None:
        """Whoever has the turn keeps it until it asks: the next one counts from then, however late that is."""
        delay_s = self._delays.get(host, self.delay_s)
        with self._turns(host) as turns:
            now, last = self.clock(), turns.read()
            # A clock that was wrong once must not close the portal until it is right.
            at = max(now, last + delay_s) if last <= now + LONGEST_QUEUE_S else now
            if at > now:
                self.sleep(at - now)
            turns.write(max(at, self.clock()))

    @contextmanager
    def _place(self, host: str) -> Iterator[None]:
        """One of the places at the host's counter; the system frees the place of a process that dies."""
        for number in cycle(range(self.concurrency)):
            with self._file(host, f"{number}").open("ab") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if number == self.concurrency - 1:
                        time.sleep(LOOK_AGAIN_S)
                    continue
                yield
                return

    @contextmanager
    def _turns(self, host: str) -> Iterator[_Turns]:
        with self._file(host, "turn").open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield _Turns(file)

    def _file(self, host: str, what: str) -> Path:
        self.book.mkdir(parents=True, exist_ok=True)
        return self.book / f"{quote(host, safe='')[:180]}.{what}"


@dataclass(frozen=True, slots=True)
class _Turns:
    """When a host was asked last, or will be by whoever took the last turn: seconds since 1970, in an open file."""

    file: IO[bytes]

    def read(self) -> float:
        self.file.seek(0)
        try:
            return float(self.file.read(64))
        except ValueError:
            return 0.0

    def write(self, moment: float) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.file.write(f"{moment:.6f}".encode())
        self.file.flush()


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
