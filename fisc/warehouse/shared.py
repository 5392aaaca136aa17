"""Commits of a home that several machines share: files on S3, journals in the ledger, leases instead of locks.

A journal is entered only while the leases of all its partitions are still those under which the commit was begun:
that is the commit point. Each published file is then replaced on the condition that it is the version from which the
new one was made, so whoever wakes up late changes nothing; whoever finds a journal carries it out.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from fisc.errors import FiscError
from fisc.warehouse import durable
from fisc.warehouse.commits import Commit, finished
from fisc.warehouse.held import Held
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.locks import locked
from fisc.warehouse.store import Bucket, Changed, bucket

FOLDS = "folds"
"""Where new files wait in the store, outside the data root."""


class LeaseLost(FiscError):
    """A lease passed to somebody else before the commit; nothing of it happened."""

    reason = "lease_lost"

    def __init__(self, slugs: tuple[str, ...]) -> None:
        super().__init__(
            f"Publishing {', '.join(slugs)} took longer than the lease on it and somebody else took over; its "
            "documents stay validated and are published next. Allow more with FISC_LEASE_SECONDS."
        )


def begin(home: Home, slugs: tuple[str, ...]) -> Path:
    """An empty folder of this machine for a commit's new files; its name is the commit's token."""
    place = home.work / FOLDS / f"{slugs[0]}-{uuid.uuid4().hex}"
    durable.make_folder(place)
    return place


def fetched(home: Home, place: Path, target: str) -> tuple[Path, str | None]:
    """A published file brought to this machine, and its version; without one, a path where there is nothing."""
    store, key = bucket(home), f"warehouse/{target}"
    file = place / "old" / target.replace("/", "-")
    mark = store.mark(key)
    if mark is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(store.read(key))
    return file, mark


def commit(home: Home, ledger: Ledger, what: Commit, place: Path, held: Held) -> None:
    """Make it happen. Raises :class:`LeaseLost`."""
    store, token = bucket(home), place.name
    for replacement in what.replacements:
        if replacement.new:
            store.write(f"{FOLDS}/{token}/{replacement.new}", (place / replacement.new).read_bytes())
    shutil.rmtree(place)
    if not ledger.journal_entered(token, what.as_text(), held):
        store.forget(f"{FOLDS}/{token}")
        raise LeaseLost(what.slugs)
    _carry_out(store, ledger, token, what)


def begun(ledger: Ledger) -> Iterator[Commit]:
    """Commits that were not carried out to the end."""
    return (Commit.from_text(content) for _, content in ledger.journals())


def recover(home: Home, ledger: Ledger) -> int:
    """Carry out what was committed and delete what nobody will commit any more; returns the commits carried out."""
    store, done = bucket(home), 0
    for token, content in ledger.journals():
        what = Commit.from_text(content)
        with locked(home, what.slugs):
            if ledger.journal_stands(token):
                _carry_out(store, ledger, token, what)
                done += 1
    _forget_abandoned(home, store, {token for token, _ in ledger.journals()})
    return done


def _carry_out(store: Bucket, ledger: Ledger, token: str, what: Commit) -> None:
    try:
        for each in what.replacements:
            key = f"warehouse/{each.target}"
            if each.new is None:
                store.remove(key, each.old)
            else:
                store.replace(key, each.old, store.read(f"{FOLDS}/{token}/{each.new}"))
    except (Changed, FileNotFoundError) as error:
        if ledger.journal_stands(token):
            raise FiscError(
                f"The published file {error} was changed by something else than fisc while it was being published; "
                "bring its former version back and harvest again."
            ) from error
        return  # somebody else has carried it out, and may have published more since
    with ledger.together():
        if ledger.journal_left(token):
            finished(ledger, what)
    store.forget(f"{FOLDS}/{token}")


def _forget_abandoned(home: Home, store: Bucket, standing: set[str]) -> None:
    oldest = time.time() - durable.ABANDONED_AFTER_S
    for key, written in store.below(FOLDS).items():
        if key.split("/")[1] not in standing and written.timestamp() < oldest:
            store.forget(key)
    for place in (home.work / FOLDS).glob("*"):
        if place.stat().st_mtime < oldest:
            shutil.rmtree(place)
