"""A lock a partition or source, held by an open file: the system lets go of it when its process dies.

Where several machines share a home, leases in the ledger take the place of the files.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fisc.warehouse.held import Held
from fisc.warehouse.home import Home
from fisc.warehouse.leases import leased, leased_if_free


@contextmanager
def locked(home: Home, names: Iterable[str]) -> Iterator[Held]:
    """Hold the locks of these names, waiting for each; always taken in one order, so nobody waits for ever."""
    if home.shared and home.ledger_url:
        with leased(home.ledger_url, names) as leases:
            yield leases
        return
    with locked_here(home, names):
        yield Held()


@contextmanager
def locked_here(home: Home, names: Iterable[str]) -> Iterator[None]:
    """The same among the processes of this machine only, whoever shares the home."""
    with ExitStack() as held:
        for name in sorted(set(names)):
            file = held.enter_context(_lock_file(home, name).open("ab"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def locked_if_free(home: Home, name: str) -> Iterator[bool]:
    """Hold one lock if nobody else does; says whether it is held."""
    if home.shared and home.ledger_url:
        with leased_if_free(home.ledger_url, name) as free:
            yield free
        return
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
