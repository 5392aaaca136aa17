"""What the pages between list and file gave when they were read last, so that they need not be read every night.

Only a help: without it everything is read again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fisc.flows.net.exchange import Seen
from fisc.flows.portal.articles import Leads
from fisc.warehouse.home import Home


@dataclass(frozen=True, slots=True)
class Remembered:
    """A page as it was read last: what it leads to, and what the portal said of it. ``kind`` is ``article``, ``file``
    (it was no page at all), ``text`` (it has no files: what it says is the document) or ``both`` (it has files, and what
    it says is a part of the disclosure)."""

    kind: str
    leads: Leads
    seen: Seen
    at: datetime


class Memory:
    """Pages of one source. ``declared`` is how they were read: what was read otherwise is not remembered."""

    def __init__(self, connection: sqlite3.Connection, declared: str) -> None:
        self._connection = connection
        self._declared = declared
        connection.execute(
            "CREATE TABLE IF NOT EXISTS page (url TEXT PRIMARY KEY, declared TEXT, kind TEXT, leads TEXT, "
            "etag TEXT, last_modified TEXT, at TEXT)"
        )

    def recall(self, url: str) -> Remembered | None:
        """A page, if it was read before in the same way."""
        row = self._connection.execute(
            "SELECT kind, leads, etag, last_modified, at FROM page WHERE url = ? AND declared = ?",
            (url, self._declared),
        ).fetchone()
        if row is None:
            return None
        title, day, files = json.loads(row[1])
        leads = Leads(title, date.fromisoformat(day) if day else None, tuple((u, t) for u, t in files))
        return Remembered(row[0], leads, Seen(row[2], row[3]), datetime.fromisoformat(row[4]))

    def keep(self, url: str, kind: str, leads: Leads, seen: Seen) -> None:
        """Remember what a page gave just now."""
        said = json.dumps([leads.title, leads.day.isoformat() if leads.day else None, leads.files])
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    url,
                    self._declared,
                    kind,
                    said,
                    seen.etag,
                    seen.last_modified,
                    datetime.now(UTC).isoformat(),
                ),
            )


def is_fresh(remembered: Remembered, days: float) -> bool:
    """Whether a page was read so recently that it is not asked again."""
    return datetime.now(UTC) - remembered.at < timedelta(days=days)


@contextmanager
def remembered_pages(home: Home, source: str, declared: str) -> Iterator[Memory]:
    """The memory of one source, in the working folder of a home."""
    folder = home.work / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder / f"{source}.sqlite") as connection:
        yield Memory(connection, declared)


@contextmanager
def nothing_remembered() -> Iterator[Memory]:
    """A memory that lasts as long as it is open."""
    with closing(sqlite3.connect(":memory:")) as connection:
        yield Memory(connection, "")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A damaged file is begun anew."""
    try:
        connection = sqlite3.connect(path, timeout=30)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path, timeout=30)
    with closing(connection):
        yield connection
