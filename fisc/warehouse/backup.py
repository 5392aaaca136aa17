"""Copies of the ledger: one a day, the last seven kept. All else in a home can be made or fetched again; it cannot."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from fisc.warehouse import durable
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import LedgerError

KEPT = 7


def back_up(home: Home, today: date) -> Path | None:
    """Copy the ledger, unless today's copy is there; None where a database server holds it, which has its own ways.

    The copy is checked before it takes its name. Raises :class:`LedgerError` where the ledger is broken, OSError.
    """
    if home.ledger_url is not None:
        return None
    target = home.backup / f"ledger-{today.isoformat()}.sqlite"
    if target.exists():
        return target
    temporary = home.work / "temporary" / f"{target.name}.new"
    for folder in (temporary.parent, target.parent):
        durable.make_folder(folder)
    temporary.unlink(missing_ok=True)
    _copy(home.ledger, temporary)
    durable.sync(temporary)
    temporary.rename(target)
    durable.sync(target.parent)
    for old in sorted(home.backup.glob("ledger-*.sqlite"))[:-KEPT]:
        old.unlink()
    return target


def _copy(ledger: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(ledger)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
            said = there.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise LedgerError(f"The ledger {ledger} could not be copied ({error}).") from error
    if said != "ok":
        raise LedgerError(f"The ledger {ledger} is damaged ({said}); put back the last copy of it.")
