"""The portal of the soak: serves the city, misbehaves as each document's fate says, and measures how it is treated."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock, Thread
from typing import ClassVar

from benchmarks.soaking.city import Item
from samples.portal import FOLDER, Portal, _noon
from samples.serving.exchange import Answer
from samples.serving.faults import Fault, Status
from samples.serving.pages import Posting, list_page, page_path
from samples.serving.server import Server

SOURCE = "soak"
PAGE = 100
DELAY_S = 0.01
JITTER_S = 0.25
"""By how much a loaded machine may bring a request late, so that it comes close to the next one."""

HANG_S = 0.6


@dataclass
class Crowd(Portal):
    """A portal for thousands of documents. :attr:`wrongs` are the times when somebody was rude to it."""

    city: Sequence[Item] = ()
    night: int = 0
    requests: int = 0
    busiest: int = 0
    wrongs: list[str] = field(default_factory=list)
    slots: dict[str, Answer] = field(default_factory=dict)
    starts: list[float] = field(default_factory=list)
    not_before: dict[str, float] = field(default_factory=dict)
    inside: int = 0
    closed: ClassVar[str] = "/private/"
    gate: Lock = field(default_factory=Lock)

    def dawn(self, night: int) -> None:
        """The night begins: other bytes and other faults."""
        with self.gate:
            self.night = night
            self.slots = self._pages() | {
                item.path: Answer(
                    version.content, "application/pdf", _noon(item.posted_on + timedelta(days=night))
                )
                for item in self.city
                if (version := item.versions[night])
            }
        for item in self.city:
            self.fault(item.path, item.faults[night])

    def _pages(self) -> dict[str, Answer]:
        newest = sorted(self.city, key=lambda item: (item.posted_on, item.path), reverse=True)
        count = max(1, -(-len(newest) // PAGE))
        robots = Answer((self.robots or "").encode(), "text/plain; charset=utf-8", _noon(newest[0].posted_on))
        pages = {"/robots.txt": robots}
        for number in range(count):
            shown = [
                Posting(item.title, item.path, b"", item.posted_on)
                for item in newest[number * PAGE : (number + 1) * PAGE]
            ]
            content = list_page(self.heading, shown, FOLDER, count)
            pages[page_path(FOLDER, number)] = Answer(
                content, "text/html; charset=utf-8", _noon(newest[0].posted_on)
            )
        return pages

    def answer(self, path: str, _query: str = "", _body: bytes = b"") -> Answer | None:
        return self.slots.get(path)

    def take_fault(self, path: str) -> Fault | None:
        """Also where the treatment is measured: every request comes by here once."""
        fault = Portal.take_fault(self, path)
        self._measure(path, fault)
        return fault

    def _measure(self, path: str, fault: Fault | None) -> None:
        now = time.monotonic()
        with self.gate:
            self.requests += 1
            self.starts.append(now)
            self.log.clear()
            if path.startswith(self.closed):
                self.wrongs.append(f"{path} is closed by robots.txt and was asked for")
            if now < self.not_before.pop(path, 0.0) - JITTER_S:
                self.wrongs.append(f"{path} was asked for before its Retry-After had passed")
            if isinstance(fault, Status) and fault.retry_after:
                self.not_before[path] = now + float(fault.retry_after)

    def hurried(self) -> list[str]:
        """Stretches of the log with more requests than ``delay_s`` allows, but for the jitter of this machine."""
        hurried = []
        for width in (20, 100, 500):
            for begin, end in zip(self.starts, self.starts[width:], strict=False):
                if end - begin < width * DELAY_S - JITTER_S:
                    hurried.append(f"{width} requests came within {end - begin:.2f} s")
                    break
        return hurried

    def source_toml(self, name: str = SOURCE, region: str = "130000", delay_s: float = DELAY_S) -> str:
        plain = Portal.source_toml(self, name, region, delay_s)
        quick = plain.replace("timeout_s = 20.0", f"timeout_s = {HANG_S}").replace(
            "longest_wait_s = 1.0", "longest_wait_s = 2.0"
        )
        return quick + "attempts = 3\n"


class _CountingServer(Server):
    """Counts the connections that are open at once: what ``concurrency`` promises. Clients die here, without ado."""

    portal: Crowd

    def handle_error(self, request: object, client_address: object) -> None:
        pass

    def process_request_thread(self, request: object, client_address: object) -> None:
        portal = self.portal
        with portal.gate:
            portal.inside += 1
            portal.busiest = max(portal.busiest, portal.inside)
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            with portal.gate:
                portal.inside -= 1


@contextmanager
def served(city: Sequence[Item]) -> Iterator[Crowd]:
    """The portal on loopback while the context lasts."""
    crowd = Crowd([], city=city)
    crowd.dawn(0)
    server = _CountingServer(crowd, 0)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield crowd
    finally:
        crowd.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
