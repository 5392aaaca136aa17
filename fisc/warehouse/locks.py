"""A lock a partition, held by an open file: the system lets go of it when its process dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fisc.warehouse.home import Home


@contextmanager
def locked(home: Home, names: Iterable[str]) -> Iterator[None]:
    """Hold the locks of these names, waiting for each; always taken in one order, so nobody waits for ever."""
    with ExitStack() as held:
        for name in sorted(set(names)):
            file = held.enter_context(_lock_file(home, name).open("ab"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def locked_if_free(home: Home, name: str) -> Iterator[bool]:
    """Hold one lock if nobody else does; says whether it is held."""
    with _lock_file(home, name).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _lock_file(home: Home, name: str) -> Path:
    folder = home.work / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.lock"
