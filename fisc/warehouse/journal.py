"""The journal of one commit: which files take which places, and what the ledger says then.

Once a journal stands under its name, the commit happens, now or at the next recovery; before, it never does.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from fisc.warehouse import durable
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.locks import locked, locked_if_free


@dataclass(frozen=True, slots=True)
class Replacement:
    """``target`` (below the data root) becomes the file ``new`` (in the commit's folder), or goes (None)."""

    target: str
    new: str | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Rows of this revision of a document stand in ``partition`` now."""

    document_id: str
    partition: str
    revision: int


@dataclass(frozen=True, slots=True)
class Removal:
    """Rows of a document are gone, because ``successor`` took its place; it was at this revision."""

    document_id: str
    successor: str
    revision: int


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything that happens at once. ``slugs`` name the locks under which it happens, the first its folder."""

    slugs: tuple[str, ...]
    replacements: tuple[Replacement, ...]
    arrivals: tuple[Arrival, ...]
    removals: tuple[Removal, ...]


def folder(home: Home, slugs: tuple[str, ...]) -> Path:
    """Where a commit's new files wait; whoever holds the lock of the first slug owns it."""
    return home.work / "folds" / slugs[0]


def begin(home: Home, slugs: tuple[str, ...]) -> Path:
    """An empty folder for a commit's new files, whatever a killed process left there."""
    place = folder(home, slugs)
    shutil.rmtree(place, ignore_errors=True)
    durable.make_folder(place)
    return place


def commit(home: Home, ledger: Ledger, what: Commit) -> None:
    """Make it happen, so that a kill at any instant leaves all of it or nothing once :func:`recover` has run."""
    durable.sync(folder(home, what.slugs))
    durable.write(home, _path(home, what.slugs[0]), json.dumps(asdict(what), indent=1).encode())
    _carry_out(home, ledger, what)


def interrupted(home: Home, slugs: Iterable[str]) -> bool:
    """Whether a commit into any of these partitions was begun and not carried out."""
    wanted = set(slugs)
    return any(what and wanted.intersection(what.slugs) for what in map(_read, _journals(home)))


def recover(home: Home, ledger: Ledger) -> int:
    """Carry out what was committed, delete what was not; returns the commits carried out.

    Waits for whoever is publishing into the same partitions.
    """
    done = 0
    for file in _journals(home):
        while what := _read(file):
            with locked(home, what.slugs):
                if what == _read(file):
                    _carry_out(home, ledger, what)
                    done += 1
    for place in sorted((home.work / "folds").glob("*")):
        with locked_if_free(home, place.name) as free:
            if free and not _path(home, place.name).exists():
                shutil.rmtree(place)
    durable.remove_abandoned(home)
    return done


def _carry_out(home: Home, ledger: Ledger, what: Commit) -> None:
    place = folder(home, what.slugs)
    for replacement in what.replacements:
        _replace(home.warehouse / replacement.target, place / replacement.new if replacement.new else None)
    for parent in sorted({(home.warehouse / r.target).parent for r in what.replacements}):
        if parent.is_dir():
            durable.sync(parent)
    with ledger.together():
        for arrival in what.arrivals:
            ledger.published(arrival.document_id, arrival.partition, arrival.revision)
        for removal in what.removals:
            ledger.superseded(removal.document_id, removal.successor, removal.revision)
    shutil.rmtree(place, ignore_errors=True)
    journal = _path(home, what.slugs[0])
    journal.unlink()
    durable.sync(journal.parent)


def _replace(target: Path, new: Path | None) -> None:
    if new is None:
        target.unlink(missing_ok=True)
    elif new.exists():  # else an interrupted run has moved it already
        durable.make_folder(target.parent)
        os.replace(new, target)  # noqa: PTH105 - the one name for the step that the kill tests interrupt


def _journals(home: Home) -> list[Path]:
    return sorted((home.work / "journals").glob("*.json"))


def _path(home: Home, slug: str) -> Path:
    return home.work / "journals" / f"{slug}.json"


def _read(file: Path) -> Commit | None:
    try:
        said = json.loads(file.read_text())
    except FileNotFoundError:  # carried out meanwhile
        return None
    return Commit(
        tuple(said["slugs"]),
        tuple(Replacement(**each) for each in said["replacements"]),
        tuple(Arrival(**each) for each in said["arrivals"]),
        tuple(Removal(**each) for each in said["removals"]),
    )
