"""The journal of one commit: which files take which places, and what the ledger says then.

Once a journal stands under its name, the commit happens, now or at the next recovery; before, it never does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from fisc.warehouse import durable, shared
from fisc.warehouse.commits import Commit, finished
from fisc.warehouse.held import Held
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.locks import locked, locked_if_free


def folder(home: Home, slugs: tuple[str, ...]) -> Path:
    """Where a commit's new files wait; whoever holds the lock of the first slug owns it."""
    return home.work / "folds" / slugs[0]


def begin(home: Home, slugs: tuple[str, ...]) -> Path:
    """An empty folder for a commit's new files, whatever a killed process left there."""
    if home.shared:
        return shared.begin(home, slugs)
    place = folder(home, slugs)
    shutil.rmtree(place, ignore_errors=True)
    durable.make_folder(place)
    return place


def standing(home: Home, place: Path, target: str) -> tuple[Path, str | None]:
    """The published file that a commit may replace, as a file of this machine (there may be none), and its version
    where the store keeps versions."""
    return shared.fetched(home, place, target) if home.shared else (home.warehouse / target, None)


def commit(home: Home, ledger: Ledger, what: Commit, place: Path, held: Held) -> None:
    """Make it happen, so that a kill at any instant leaves all of it or nothing once :func:`recover` has run.

    ``place`` holds the new files. Raises :class:`fisc.warehouse.shared.LeaseLost` where what is ``held`` has passed to
    somebody else; then nothing of it happens.
    """
    if home.shared:
        shared.commit(home, ledger, what, place, held)
        return
    durable.sync(place)
    durable.write(home, _path(home, what.slugs[0]), what.as_text().encode())
    _carry_out(home, ledger, what)


def interrupted(home: Home, ledger: Ledger, slugs: Iterable[str]) -> bool:
    """Whether a commit into any of these partitions was begun and not carried out."""
    wanted = set(slugs)
    begun = shared.begun(ledger) if home.shared else map(_read, _journals(home))
    return any(what and wanted.intersection(what.slugs) for what in begun)


def recover(home: Home, ledger: Ledger) -> int:
    """Carry out what was committed, delete what was not; returns the commits carried out.

    Waits for whoever is publishing into the same partitions.
    """
    done = shared.recover(home, ledger) if home.shared else _recover(home, ledger)
    durable.remove_abandoned(home)
    return done


def _recover(home: Home, ledger: Ledger) -> int:
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
    return done


def _carry_out(home: Home, ledger: Ledger, what: Commit) -> None:
    place = folder(home, what.slugs)
    for replacement in what.replacements:
        _replace(home.warehouse / replacement.target, place / replacement.new if replacement.new else None)
    for parent in sorted({(home.warehouse / r.target).parent for r in what.replacements}):
        if parent.is_dir():
            durable.sync(parent)
    with ledger.together():
        finished(ledger, what)
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
        return Commit.from_text(file.read_text())
    except FileNotFoundError:  # carried out meanwhile
        return None
