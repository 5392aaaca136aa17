"""The two databases that can hold a ledger, behind one face: SQLite in a file, PostgreSQL for several machines.

The ledger's SQL is written once, for SQLite; :mod:`fisc.warehouse.ledger.postgres` says the few words that
PostgreSQL says otherwise.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from fisc.warehouse.home import Home
from fisc.warehouse.ledger.records import LedgerError
from fisc.warehouse.locks import locked_here

BUSY_TIMEOUT_S = 60.0
"""How long a process waits for another's transaction; those last milliseconds, so this is patience enough."""

Values = Sequence[Any] | Mapping[str, Any]


class Row(Protocol):
    """One row: columns by name, and ``dict(row)``."""

    def __getitem__(self, name: str, /) -> Any: ...

    def keys(self) -> Any: ...


class Cursor(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> list[Any]: ...


class Engine(Protocol):
    """One connection to a ledger's database. Writers follow one another: a transaction sees no other one's half."""

    @property
    def name(self) -> str: ...

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, sql: str, values: Values = ()) -> Cursor: ...

    def begin(self) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def close(self) -> None: ...

    def version(self) -> int:
        """How many of the migrations it has been through."""

    def migrate(self, script: str, version: int) -> None:
        """Take one step more, inside a transaction."""


def engine(home: Home) -> Engine:
    """The database of this home's ledger."""
    if home.ledger_url is None:
        return _sqlite(home)
    from fisc.warehouse.ledger.postgres import Postgres

    return Postgres(home.ledger_url)


def _sqlite(home: Home) -> Engine:
    try:
        found = Sqlite(home)
        found.version()
    except sqlite3.OperationalError as error:
        raise LedgerError(
            f"The ledger {home.ledger} cannot be used ({error}); make room on its disk, or see who may write to it."
        ) from error
    except sqlite3.DatabaseError as error:
        raise LedgerError(
            f"The ledger {home.ledger} is damaged ({error}); move it away, put the newest copy of {home.backup} in "
            "its place and harvest again: nothing is fetched or published twice."
        ) from error
    return found


class Sqlite:
    """A file that many processes of one machine share."""

    def __init__(self, home: Home) -> None:
        self._path: Path = home.ledger
        # Transactions are ours (isolation_level None), so that one can span several steps.
        self.connection = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        # WAL with NORMAL survives any kill; a power cut may undo the last steps, which are then done again.
        # Of two processes that turn a new file to WAL at once, SQLite refuses one without waiting.
        with locked_here(home, ["ledger"]):
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
                self.connection.execute(f"PRAGMA {pragma}")
        self.execute, self.close = self.connection.execute, self.connection.close

    @property
    def name(self) -> str:
        return str(self._path)

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    def begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.execute("COMMIT")

    def rollback(self) -> None:
        self.execute("ROLLBACK")

    def version(self) -> int:
        return int(self.execute("PRAGMA user_version").fetchone()[0])

    def migrate(self, script: str, version: int) -> None:
        statement = ""
        for line in script.splitlines():
            statement += line + "\n"
            if sqlite3.complete_statement(statement):
                self.execute(statement)
                statement = ""
        self.execute(f"PRAGMA user_version = {version}")
