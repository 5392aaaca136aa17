"""A portal on loopback: serves sample documents with list pages, keeps a log of requests, and misbehaves on demand.

with serve(postings) as portal:
    portal.fault("/yjsgk/….pdf", Status(503, times=2))
    …  # harvest portal.source_toml()
    assert portal.log[0].path == "/robots.txt"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from urllib.parse import quote

from samples.serving.exchange import Answer, Request
from samples.serving.faults import Fault, Hang, Short, Status
from samples.serving.pages import Posting, list_page, page_path
from samples.serving.server import serving

FOLDER = "/yjsgk"
ROBOTS = "User-agent: *\nDisallow: /private/\n"


@dataclass(slots=True)
class Portal:
    """What is served, what goes wrong, and what was asked. Change it while it serves: nights pass."""

    postings: list[Posting]
    heading: str = "部门预决算公开"
    page_size: int = 10
    robots: str | None = ROBOTS
    extra: tuple[str, ...] = ()
    base_url: str = ""
    log: list[Request] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    closing: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    @property
    def start(self) -> str:
        """Address of the first list page."""
        return f"{self.base_url}{FOLDER}/index.html"

    def url(self, path: str) -> str:
        """Address of a path."""
        return self.base_url + quote(path)

    def fault(self, path: str, fault: Fault | None) -> None:
        """Let something go wrong at a path (``None``: no longer); paths are written unquoted."""
        with self.lock:
            self.faults.pop(path, None)
            if fault is not None:
                self.faults[path] = fault

    def change(self, path: str, content: bytes) -> None:
        """Put other bytes at a path, as a department does that corrects its file; they count as a day younger."""
        for n, posting in enumerate(self.postings):
            if posting.path == path:
                later = posting.posted_on + timedelta(days=1)
                self.postings[n] = replace(posting, content=content, posted_on=later)

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.log]

    def pages(self) -> int:
        """How many list pages there are."""
        return max(1, -(-len(self.postings) // self.page_size))

    def answer(self, path: str, _query: str = "", _body: bytes = b"") -> Answer | None:
        """What stands at a path; nothing for 404."""
        if path == "/robots.txt" and self.robots is not None:
            return Answer(self.robots.encode(), "text/plain; charset=utf-8", _noon(date(2024, 1, 1)))
        for number in range(self.pages()):
            if path == page_path(FOLDER, number):
                return self._list(number)
        found = next((p for p in self.postings if p.path == path), None)
        return Answer(found.content, found.content_type, _noon(found.posted_on)) if found else None

    def _list(self, number: int) -> Answer:
        newest = sorted(self.postings, key=lambda p: (p.posted_on, p.path), reverse=True)
        shown = newest[number * self.page_size : (number + 1) * self.page_size]
        extra = self.extra if number == 0 else ()
        content = list_page(self.heading, shown, FOLDER, self.pages(), extra)
        return Answer(
            content, "text/html; charset=utf-8", _noon(newest[0].posted_on if newest else date(2024, 1, 1))
        )

    def take_fault(self, path: str) -> Fault | None:
        """The fault to show now; those that happen a number of times wear off."""
        with self.lock:
            fault = self.faults.get(path)
            if isinstance(fault, Status | Short | Hang) and fault.times is not None:
                if fault.times <= 0:
                    return None
                self.faults[path] = replace(fault, times=fault.times - 1)
            return fault

    def source_toml(self, name: str = "wangxi", region: str = "130000", delay_s: float = 0.0) -> str:
        """A source file for this portal, as :mod:`fisc.flows.sources` reads it."""
        return f'''name = "{name}"
title = "望溪市{self.heading}"
region = "{region}"
allow_private = true            # the sample portal is on loopback

[list]
start = ["{self.start}"]
entries = "ul.list li"
title = "a"
link = "a"
date = "span"
next = "index_{{n}}.html"
first = 1

[politeness]
delay_s = {delay_s}
first_wait_s = 0.05
longest_wait_s = 1.0
timeout_s = 20.0
'''


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@contextmanager
def serve(documents: Iterable[Posting], *, port: int = 0, page_size: int = 10) -> Iterator[Portal]:
    """Serve postings on loopback while the context lasts; ``port`` 0 takes a free one."""
    portal = Portal(list(documents), page_size=page_size)
    with serving(portal, port):
        yield portal


def write_source(portal: Portal, folder: Path, name: str = "wangxi") -> Path:
    """Write the portal's source file into a folder of sources."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(portal.source_toml(name), encoding="utf-8")
    return path


def from_folder(folder: Path) -> Sequence[Posting]:
    """The files that ``python -m samples print`` wrote, with the titles and dates of their ``postings.toml``."""
    told = tomllib.loads((folder / "postings.toml").read_text(encoding="utf-8"))["posting"]
    return [
        Posting(p["title"], f"{FOLDER}/{p['file']}", (folder / p["file"]).read_bytes(), p["posted_on"])
        for p in told
    ]
