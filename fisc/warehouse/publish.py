"""Publishing: validated documents are folded into the tables, those whose place they take leave them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from fisc.errors import DocumentError
from fisc.schemas.contract import MODELS
from fisc.warehouse import durable, journal
from fisc.warehouse.commits import Arrival, Commit, Removal, Replacement
from fisc.warehouse.datapackage import write_datapackage
from fisc.warehouse.fold import PartitionError, fold, holds
from fisc.warehouse.held import Held
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.locks import locked
from fisc.warehouse.plan import Change, Group, Partition, plan
from fisc.warehouse.shared import LeaseLost
from fisc.warehouse.stage import check_staged, staged

BATCH_BYTES = 256 * 2**20
"""Rows of new documents held in memory at once; a fold costs nearly the same for one document or a thousand."""


@dataclass(frozen=True, slots=True)
class PublishSummary:
    """What a publication did. ``errors`` are partitions that could not be written; their documents stay validated."""

    published: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()
    rows: int = 0
    errors: tuple[PartitionError, ...] = ()

    def plus(self, other: PublishSummary) -> PublishSummary:
        """Both together."""
        return PublishSummary(
            tuple(sorted({*self.published, *other.published})),
            tuple(sorted({*self.superseded, *other.superseded})),
            tuple(sorted({*self.failed, *other.failed})),
            tuple(sorted({*self.partitions, *other.partitions})),
            self.rows + other.rows,
            (*self.errors, *other.errors),
        )


@dataclass(frozen=True, slots=True)
class Arriving:
    """A change with the rows it brings, checked."""

    change: Change
    tables: dict[str, pa.Table] = field(default_factory=dict)

    @property
    def partition(self) -> Partition | None:
        """Where its rows go."""
        document = self.change.arrives
        return Partition.of(document.disclosure) if document and document.disclosure else None

    @property
    def bytes(self) -> int:
        """What its rows take in memory."""
        return sum(table.nbytes for table in self.tables.values())

    @property
    def rows(self) -> int:
        """Rows of all its tables."""
        return sum(table.num_rows for table in self.tables.values())


def publish(home: Home, ledger: Ledger, batch_bytes: int = BATCH_BYTES) -> PublishSummary:
    """Publish all that is validated, and finish what a killed run began.

    A kill at any instant leaves the old rows or the new. A document whose staged tables do not fit fails alone;
    a partition that cannot be written is reported and the others go on. Several processes may publish at once.
    """
    journal.recover(home, ledger)
    summary = PublishSummary()
    broken: set[Partition] = set()
    while groups := [group for group in plan(ledger) if broken.isdisjoint(group.partitions)]:
        write_datapackage(home)
        for group in groups:
            try:
                for part in _publish_group(home, ledger, group, batch_bytes):
                    summary = summary.plus(part)
            except LeaseLost:
                continue  # planned again
            except PartitionError as error:
                broken.update(group.partitions)
                summary = summary.plus(PublishSummary(errors=(error,)))
    return summary


def _publish_group(home: Home, ledger: Ledger, group: Group, batch_bytes: int) -> Iterator[PublishSummary]:
    slugs = tuple(partition.slug for partition in group.partitions)
    while True:
        with locked(home, slugs) as held:
            if not journal.interrupted(home, ledger, slugs):
                yield from _publish_locked(home, ledger, group, batch_bytes, held)
                return
        journal.recover(home, ledger)


def _publish_locked(
    home: Home, ledger: Ledger, group: Group, batch_bytes: int, held: Held
) -> Iterator[PublishSummary]:
    batch: list[Arriving] = []
    waiting = 0
    for change in group.changes:
        if not _still_planned(ledger, change):
            continue
        try:
            batch.append(_arriving(home, change))
        except DocumentError as error:
            yield _refused(ledger, change, error)
            continue
        waiting += batch[-1].bytes
        if waiting >= batch_bytes:
            yield _commit(home, ledger, group, batch, held)
            batch, waiting = [], 0
    if batch:
        yield _commit(home, ledger, group, batch, held)


def _still_planned(ledger: Ledger, change: Change) -> bool:
    return all(ledger.document(each.document_id).revision == each.revision for each in change.documents)


def _arriving(home: Home, change: Change) -> Arriving:
    if change.arrives is None:
        return Arriving(change)
    tables = staged(home, change.arrives.document_id)
    check_staged(change.arrives, tables)
    return Arriving(change, tables)


def _refused(ledger: Ledger, change: Change, error: DocumentError) -> PublishSummary:
    with ledger.together():
        if not _still_planned(ledger, change):
            return PublishSummary()
        ledger.document_failed(change.successor, error.reason, error.sentence)
    return PublishSummary(failed=(change.successor,))


def _commit(
    home: Home, ledger: Ledger, group: Group, batch: Sequence[Arriving], held: Held
) -> PublishSummary:
    slugs = tuple(partition.slug for partition in group.partitions)
    place = journal.begin(home, slugs)
    replacements = tuple(_replacements(home, place, group, batch))
    arrivals, removals = _arrivals(batch), _removals(batch)
    journal.commit(home, ledger, Commit(slugs, replacements, arrivals, removals), place, held)
    return PublishSummary(
        published=tuple(arrival.document_id for arrival in arrivals),
        superseded=tuple(removal.document_id for removal in removals),
        partitions=tuple(
            sorted({r.target.split("/", 1)[1].removesuffix("/part.parquet") for r in replacements})
        ),
        rows=sum(each.rows for each in batch),
    )


def _replacements(home: Home, place: Path, group: Group, batch: Sequence[Arriving]) -> Iterator[Replacement]:
    for partition in group.partitions:
        leaving = {
            name for each in batch for name, stands in each.change.leaves.items() if stands == partition
        }
        arriving = [each for each in batch if each.partition == partition]
        # Rows of an arriving document go even if the ledger does not know of them: a power cut may have undone that.
        leaving |= {each.change.successor for each in arriving}
        for table in MODELS:
            target = f"{table}/{partition}/part.parquet"
            tables = [each.tables[table] for each in arriving if table in each.tables]
            new = place / f"{table}-{partition.slug}.parquet"
            old, mark = journal.standing(home, place, target)
            if any(rows.num_rows for rows in tables) or holds(old, leaving):
                yield _replacement(target, new, fold(table, old, leaving, tables, new), mark)


def _replacement(target: str, new: Path, rows: int, mark: str | None) -> Replacement:
    if rows == 0:
        return Replacement(target, None, mark)
    durable.sync(new)
    return Replacement(target, new.name, mark)


def _arrivals(batch: Iterable[Arriving]) -> tuple[Arrival, ...]:
    return tuple(
        Arrival(each.change.arrives.document_id, str(each.partition), each.change.arrives.revision)
        for each in batch
        if each.change.arrives
    )


def _removals(batch: Iterable[Arriving]) -> tuple[Removal, ...]:
    return tuple(
        Removal(document.document_id, each.change.successor, document.revision)
        for each in batch
        for document in each.change.departs
    )
