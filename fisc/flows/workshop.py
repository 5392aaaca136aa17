"""What every run needs: the home, processes to read in, somebody to tell how far it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fisc.errors import FiscError
from fisc.flows.changes import Reread, Trial, try_reading
from fisc.flows.isolation import Bounds, Isolation, Lanes
from fisc.flows.reading import Job, Read, prepare, read_document
from fisc.warehouse.home import Home
from fisc.warehouse.locks import locked_if_free
from fisc.warehouse.reviewed import reviewed_folder


class SettingError(FiscError):
    """An environment variable that does not hold what it should."""


class SourceBusy(FiscError):
    """Another process harvests this source."""

    reason = "source_busy"

    def __init__(self, source: str) -> None:
        super().__init__(f"Source {source} is being harvested by another process; wait until that one ends.")


@contextmanager
def source_alone(home: Home, source: str) -> Iterator[bool]:
    """One process at a time asks a source; says whether it is this one. A process that dies lets go."""
    with locked_if_free(home, f"harvest-{source}") as alone:
        yield alone


class Watch(Protocol):
    """Told how far a run is: there are ``total`` more of something to do, ``count`` of it are done."""

    def more(self, what: str, total: int) -> None: ...

    def done(self, what: str, count: int = 1) -> None: ...


class Silent:
    """A watch that says nothing."""

    def more(self, what: str, total: int) -> None:
        pass

    def done(self, what: str, count: int = 1) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Workshop:
    """A home, the lanes that read its documents, and the watch.

    ``read`` is what a lane does with a job, ``attempt`` with one that is only to be tried.
    ``reviewed`` is the folder of corrections and waivers, a file a source.
    """

    home: Home
    isolation: Lanes
    watch: Watch
    read: Callable[[Job], Read] = read_document
    attempt: Callable[[Trial], Reread] = try_reading
    reviewed: Path = Path()


@contextmanager
def open_workshop(
    home: Home,
    watch: Watch | None = None,
    read: Callable[[Job], Read] = read_document,
    documents: int | None = None,
    sources: Path | None = None,
) -> Iterator[Workshop]:
    """Start the lanes, as many as ``FISC_WORKERS`` or the processors, each within the bounds of the environment.

    ``documents`` is how many there are to read, where that is known: no lane is started for nothing. ``sources`` is
    the folder of the source files, beside which corrections and waivers lie; None: as ``FISC_SOURCES`` says.
    """
    home.create()
    count = lanes(os.environ) if documents is None else max(1, min(lanes(os.environ), documents))
    with _lanes(os.environ.get("FISC_CLUSTER"), count, bounds(os.environ)) as isolation:
        reviewed = reviewed_folder(sources or Path(os.environ.get("FISC_SOURCES") or "sources"))
        yield Workshop(home, isolation, watch or Silent(), read, reviewed=reviewed)


def _lanes(address: str | None, count: int, most: Bounds) -> AbstractContextManager[Lanes]:
    if not address:
        return Isolation(count, most, prepare)
    from fisc.flows.cluster import cluster

    return cluster(address, count, most)


def lanes(environment: Mapping[str, str]) -> int:
    """How many documents are read at once."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(_number(environment, "FISC_WORKERS", available))


def bounds(environment: Mapping[str, str]) -> Bounds:
    """What one document may cost."""
    usual = Bounds()
    return Bounds(
        seconds=_number(environment, "FISC_DOCUMENT_SECONDS", usual.seconds),
        memory_mb=_number(environment, "FISC_DOCUMENT_MEMORY_MB", usual.memory_mb),
    )


def _number(environment: Mapping[str, str], name: str, usual: float) -> float:
    said = environment.get(name, "").strip()
    try:
        number = float(said) if said else usual
    except ValueError:
        number = 0.0
    if not 1 <= number < 1e9:
        raise SettingError(f"{name} is {said!r} and must be a number of at least 1; correct or unset it.")
    return number
