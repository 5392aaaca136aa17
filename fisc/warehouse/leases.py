"""Leases in the ledger, where file locks end: several machines. Whoever dies loses his when it ends.

Each taking of a lease has a number of its own, its fence. A commit counts only while the fences under which it was
begun are the last ones, so a process that slept through the end of its lease can do no harm when it wakes up.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from fisc.warehouse.held import Held

if TYPE_CHECKING:
    import psycopg

LEASE_S = 60.0
"""After so many seconds without a sign of life a lease ends; ``FISC_LEASE_SECONDS`` says otherwise."""

LOOK_EVERY_S = 0.2

_TAKE = """
    INSERT INTO lease (name, owner, until, fence)
    VALUES (%(name)s, %(owner)s, clock_timestamp() + make_interval(secs => %(seconds)s), 1)
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until, fence = lease.fence + 1
    WHERE lease.until <= clock_timestamp() RETURNING fence
"""
_RENEW = """
    UPDATE lease SET until = clock_timestamp() + make_interval(secs => %(seconds)s)
    WHERE owner = %(owner)s AND until > '-infinity'
"""
_GIVE_BACK = "UPDATE lease SET until = '-infinity' WHERE owner = %(owner)s"


@contextmanager
def leased(url: str, names: Iterable[str]) -> Iterator[Held]:
    """Hold leases of these names, waiting for each; always taken in one order, so nobody waits for ever."""
    with _Holder(url) as holder:
        for name in sorted(set(names)):
            while not holder.take(name):
                time.sleep(LOOK_EVERY_S)
        yield holder.held


@contextmanager
def leased_if_free(url: str, name: str) -> Iterator[bool]:
    """Hold one lease if nobody else does; says whether it is held."""
    with _Holder(url) as holder:
        yield holder.take(name)


class _Holder:
    """Takes leases over a connection of its own and renews them from a thread until it ends."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._seconds = float(os.environ.get("FISC_LEASE_SECONDS") or LEASE_S)
        self._fences: dict[str, int] = {}
        self._end = threading.Event()
        self._speaking = threading.Lock()

    @property
    def held(self) -> Held:
        return Held(self._owner, dict(self._fences))

    def __enter__(self) -> _Holder:
        self._connection = _connect(self._url)
        self._renewing = threading.Thread(target=self._renew, name="fisc-lease", daemon=True)
        self._renewing.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._renewing.join()
        # Where the server is gone, the leases end by themselves.
        with suppress(OSError, _database_error()):
            self._say(_GIVE_BACK)
            self._connection.close()

    def take(self, name: str) -> bool:
        """Take a lease that is free or at its end."""
        row = self._say(_TAKE, name=name).fetchone()
        if row is not None:
            self._fences[name] = int(row["fence"])
        return row is not None

    def _renew(self) -> None:
        while not self._end.wait(self._seconds / 4):
            with suppress(OSError, _database_error()):
                self._say(_RENEW)

    def _say(self, sql: str, **values: Any) -> psycopg.Cursor[dict[str, Any]]:
        with self._speaking:
            return self._connection.execute(
                sql.encode(), {"owner": self._owner, "seconds": self._seconds, **values}
            )


def _connect(url: str) -> psycopg.Connection[dict[str, Any]]:
    from fisc.warehouse.ledger.postgres import Postgres

    return Postgres(url).connection


def _database_error() -> type[Exception]:
    import psycopg

    error: type[Exception] = psycopg.Error
    return error
