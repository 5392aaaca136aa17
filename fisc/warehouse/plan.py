"""What there is to publish, and which partitions it touches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from fisc.warehouse.ledger import Disclosure, Document, Ledger

NO_PROVINCE = "00"
"""The partition of documents whose region has no GB/T 2260 code."""


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One file a table. The path's keys have other names than the columns, as readers choke on the same name."""

    year: int
    kind: str
    prov: str

    @classmethod
    def of(cls, disclosure: Disclosure) -> Partition:
        """Where the rows of a disclosure belong."""
        return cls(disclosure.fiscal_year, disclosure.stage, (disclosure.region_code or NO_PROVINCE)[:2])

    @classmethod
    def parse(cls, path: str) -> Partition:
        """The partition written as ``year=2025/kind=budget/prov=13``."""
        match = re.fullmatch(r"year=(\d+)/kind=(\w+)/prov=(\d\d)", path)
        if match is None:
            raise ValueError(f"{path!r} is not the path of a partition.")
        return cls(int(match[1]), match[2], match[3])

    def __str__(self) -> str:
        return f"year={self.year}/kind={self.kind}/prov={self.prov}"

    @property
    def slug(self) -> str:
        """Its name where a slash cannot stand."""
        return f"{self.year}-{self.kind}-{self.prov}"


@dataclass(frozen=True, slots=True)
class Change:
    """What is published at once, or not at all.

    ``arrives`` comes with all its rows, and in the same step the rows of ``departs`` leave, the documents whose
    place ``successor`` takes. ``arrives`` is the successor, or None where that stands in the tables already.
    """

    successor: str
    arrives: Document | None = None
    departs: tuple[Document, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents concerned."""
        return (*self.departs, self.arrives) if self.arrives else self.departs

    @property
    def leaves(self) -> dict[str, Partition]:
        """Documents whose rows go from where they stand: those departing, and the arriving one's older rows."""
        return {d.document_id: Partition.parse(d.published_in) for d in self.documents if d.published_in}

    @property
    def touches(self) -> frozenset[Partition]:
        """Every partition concerned: where the documents' rows stand, and where they belong."""
        belong = {Partition.of(d.disclosure) for d in self.documents if d.disclosure}
        return frozenset(self.leaves.values()) | belong


@dataclass(frozen=True, slots=True)
class Group:
    """Changes whose partitions hang together (a document moved from one to the other), and those partitions."""

    partitions: tuple[Partition, ...]
    changes: tuple[Change, ...]


def plan(ledger: Ledger) -> list[Group]:
    """All there is to publish: validated documents, and the departures of those they take the place of."""
    departures = ledger.departures()
    leaving = {departure.document.document_id for departure in departures}
    changes = {
        document.document_id: Change(document.document_id, document)
        for document in ledger.documents_in("validated")
        if document.document_id not in leaving
    }
    for departure in departures:
        change = changes.get(departure.successor) or Change(departure.successor)
        changes[departure.successor] = replace(change, departs=(*change.departs, departure.document))
    return _grouped(changes[key] for key in sorted(changes))


def _grouped(changes: Iterable[Change]) -> list[Group]:
    groups: dict[Partition, list[Change]] = {}
    for change in changes:
        met = {id(groups[p]): groups[p] for p in change.touches if p in groups}
        group, *others = met.values() or ([],)
        for member in (change, *chain.from_iterable(others)):
            group.append(member)
            groups.update(dict.fromkeys(member.touches, group))
    partitions: dict[int, list[Partition]] = {}
    for partition in sorted(groups):
        partitions.setdefault(id(groups[partition]), []).append(partition)
    return [Group(tuple(found), tuple(groups[found[0]])) for found in partitions.values()]
