"""The database behind the ledger: opening, migrating, transactions, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from fisc.reasons import LONGEST_WAIT
from fisc.reasons import reason as declared
from fisc.warehouse.home import Home
from fisc.warehouse.ledger.engine import Row, engine
from fisc.warehouse.ledger.migrations import MIGRATIONS
from fisc.warehouse.ledger.records import LedgerError

TIME_HAS_COME = "(next_try <= :now OR next_try > :latest)"
"""For a table with ``next_try``, with the values of :meth:`Database._times`. A time later than any pause was
written by a clock that ran ahead; waiting for it could take for ever."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """One connection. Use one a thread; do not carry it over a fork."""

    def __init__(self, home: Home, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._connection = engine(home)
        self._migrate()

    @classmethod
    def open(cls, home: Home, clock: Callable[[], datetime] = utc_now) -> Self:
        """Open the ledger of this home, making or upgrading it where needed; ``clock`` gives the time in UTC."""
        home.create()
        return cls(home, clock)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All steps inside happen, or none; steps of a batch are also much faster together. May be nested."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.begin()
        try:
            yield
            self._connection.commit()
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    def _migrate(self) -> None:
        if self._connection.version() == len(MIGRATIONS):
            return
        with self.together():
            version = self._connection.version()
            if version > len(MIGRATIONS):
                raise LedgerError(
                    f"The ledger {self._connection.name} was made by a newer fisc; upgrade fisc to open it."
                )
            for number, step in enumerate(MIGRATIONS[version:], version + 1):
                self._connection.migrate(step, number)

    def _rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def _now(self) -> str:
        return stamp(self._clock())

    def _times(self) -> dict[str, str]:
        now = self._clock()
        return {"now": stamp(now), "latest": stamp(now + LONGEST_WAIT)}

    def _next_try(self, reason: str, attempts: int, not_before: datetime | None = None) -> str | None:
        """When what failed for the ``attempts``-th time is due again; None: only when asked for."""
        at = declared(reason).next_try(attempts, self._clock())
        if at is None:
            return None
        return stamp(max(at, not_before) if not_before else at)

    def _event(
        self,
        subject: str,
        before: str | None,
        after: str,
        reason: str | None = None,
        detail: str | None = None,
    ) -> None:
        self._connection.execute(
            "INSERT INTO event (at, subject, from_state, to_state, reason, detail) VALUES (?, ?, ?, ?, ?, ?)",
            (self._now(), subject, before, after, reason, detail),
        )


def stamp(moment: datetime) -> str:
    """A moment as the ledger keeps it: UTC, milliseconds, sorting as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(text: str | None) -> datetime | None:
    """The moment kept as this text."""
    return None if text is None else datetime.fromisoformat(text)
