"""The record of a run: in the ledger, as JSON and as a page under ``runs/``, and told to whom it concerns."""

from __future__ import annotations

import errno
import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fisc import __version__
from fisc.errors import FiscError
from fisc.flows.night.coverage import Expectation, Period, Place, coverage, periods
from fisc.flows.night.notices import EARLIER, Notice, notices
from fisc.flows.night.sending import Message, Sent, send
from fisc.flows.night.settings import SettingsError, read_settings
from fisc.flows.sources import Source
from fisc.flows.summary import Summary, Trouble, trouble_of
from fisc.warehouse import durable
from fisc.warehouse.backup import back_up
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Run


@dataclass(frozen=True, slots=True)
class Record:
    """All that is written down of one run."""

    run: int
    name: str
    started_at: datetime
    seconds: float
    version: str
    summary: Summary
    periods: tuple[Period, ...]
    coverage: tuple[Place, ...]
    notices: tuple[Notice, ...]
    sent: tuple[Sent, ...] = ()

    @property
    def rates(self) -> dict[str, float]:
        """Documents a minute: asked for, read, published."""
        did = self.summary
        asked = did.new + did.changed + did.unchanged
        counts = {"asked": asked, "read": did.read, "published": did.published}
        return {name: round(60 * n / self.seconds, 1) if self.seconds else 0.0 for name, n in counts.items()}

    def as_json(self) -> dict[str, Any]:
        """The record as JSON holds it, after :func:`plain` has put days and amounts into words."""
        return {**asdict(self), "summary": self.summary.as_json(), "rates": self.rates}


Witness = Callable[[Record], None]
"""Told of every record that was made, e.g. to show it elsewhere."""


def recorded(
    home: Home, ledger: Ledger, name: str, work: Callable[[], Summary], source: Source | None = None
) -> tuple[Summary, Record]:
    """Do the work of one run, write down what came of it, and tell whom it concerns.

    Work that ends with an error is recorded as a trouble, and the error goes on. Work that is interrupted stays
    without an end in the ledger: the next run of the name finishes it.
    """
    run, started_at, clock = ledger.run_started(name), datetime.now(UTC), time.monotonic()
    earlier = [each for each in ledger.runs(200) if each.name == name and each.number != run][:EARLIER]
    summary, failure = Summary(), None
    try:
        summary = work()
    except Exception as error:
        failure = error
        summary.troubles.append(trouble_from(name, error))
    told = Started(run, name, started_at, time.monotonic() - clock)
    if source is not None:
        _keep_copy(home, name, summary)
    record = _written(home, ledger, told, summary, earlier, source)
    ledger.run_finished(run, summary.as_json())
    if failure is not None:
        raise failure
    return summary, record


@dataclass(frozen=True, slots=True)
class Started:
    """Which run it is, and how long it took."""

    run: int
    name: str
    started_at: datetime
    seconds: float

    def path(self, home: Home, suffix: str) -> Path:
        """Where its record lies: a folder a month, a name that sorts by time."""
        slug = "-".join(self.name.split())
        stem = f"{self.started_at:%Y-%m-%dT%H%M%SZ}-{slug}-{self.run}"
        return home.runs / f"{self.started_at:%Y-%m}" / f"{stem}{suffix}"


def _keep_copy(home: Home, name: str, summary: Summary) -> None:
    try:
        back_up(home, datetime.now(UTC).date())
    except (FiscError, OSError) as error:
        summary.troubles.append(
            Trouble(name, "ledger_not_copied", f"No copy of the ledger was made: {error}")
        )


def _written(
    home: Home, ledger: Ledger, told: Started, summary: Summary, earlier: list[Run], source: Source | None
) -> Record:
    """Make the record, send what is to be told, write both files. What goes wrong here is a trouble of the run."""
    places = _coverage(ledger, source)
    found: tuple[Notice, ...] = ()
    sent: tuple[Sent, ...] = ()
    try:
        settings = read_settings(home)
        found = tuple(notices(told.name, summary, earlier, settings.tell))
        sent = tuple(send(Message(told.name, found, str(told.path(home, ".html").absolute())), settings))
    except SettingsError as error:
        summary.troubles.append(trouble_of(told.name, error))
    summary.notes += [each.problem for each in sent if each.problem]
    record = Record(
        told.run, told.name, told.started_at, round(told.seconds, 3), __version__, summary,
        _periods(places, source), tuple(places), found, sent,
    )  # fmt: skip
    try:
        _write(home, told, record)
    except OSError as error:
        sentence = (
            f"The record of {told.name} could not be written ({error}); make room on the disk of FISC_HOME."
        )
        summary.troubles.append(Trouble(told.name, "record_unwritten", sentence))
    return record


def _write(home: Home, told: Started, record: Record) -> None:
    from fisc.flows.night.page import run_page

    words = json.dumps(record.as_json(), ensure_ascii=False, indent=1, default=plain)
    durable.write(home, told.path(home, ".json"), words.encode())
    durable.write(home, told.path(home, ".html"), run_page(record).encode())


def expectation(source: Source) -> Expectation:
    """What a source file expects, as coverage asks it."""
    said = source.expected
    return Expectation(said.departments, said.names, said.years, said.stages)


def _coverage(ledger: Ledger, source: Source | None) -> list[Place]:
    if source is None:
        return []
    return coverage(ledger.standings(source.name), expectation(source), datetime.now(UTC).date())


def _periods(places: list[Place], source: Source | None) -> tuple[Period, ...]:
    return tuple(periods(places, expectation(source))) if source else ()


def is_disk_full(error: BaseException | None) -> bool:
    """Whether there was no room for a file, or for the ledger."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, sqlite3.OperationalError) and "disk is full" in str(error):
            return True
        error = error.__cause__
    return False


def trouble_from(name: str, error: Exception) -> Trouble:
    """What ended a run, whatever it was."""
    if isinstance(error, FiscError):
        return trouble_of(name, error)
    if is_disk_full(error):
        sentence = f"{name} ended, as the disk of FISC_HOME is full; make room and run it again: it goes on from there."
        return Trouble(name, "run_failed", sentence)
    said = " ".join(str(error).split())[:300]
    sentence = (
        f"{name} ended before its time ({type(error).__name__}: {said}); run it again: it goes on from there."
    )
    return Trouble(name, "run_failed", sentence)


def plain(value: Any) -> Any:
    """What JSON has no form for: days and moments as ISO 8601, amounts as they are written."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
