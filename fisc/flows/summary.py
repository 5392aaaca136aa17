"""What a run did, in numbers, and what it should have found."""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from fisc.errors import FiscError
from fisc.flows.sources import Source
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.publish import PublishSummary

CHANGED = "disclosure.changed"
"""The rule of the findings that say what changed between two files of one disclosure."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that failed and is neither a link nor a document: a list page, a partition, a whole source."""

    subject: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A disclosure that was published again with other bytes: whose, and how many values are not the same."""

    document_id: str
    department: str
    fiscal_year: int
    stage: str
    values: int

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        what = f"{self.values} values" if self.values != 1 else "one value"
        changed = f"{what} changed" if self.values else "no value changed"
        return (
            f"{self.department} published its {self.fiscal_year} {self.stage} again with other bytes: {changed}; "
            f"see fisc findings {self.document_id} --rule {CHANGED}."
        )


def trouble_of(subject: str, error: FiscError) -> Trouble:
    """An error that ended a run of ``subject``."""
    return Trouble(subject, getattr(error, "reason", "run_failed"), str(error))


@dataclass(slots=True)
class Summary:
    """Counts of one run, added up as it goes.

    ``failed`` counts links and documents by reason, ``elsewhere`` files by the other host that a redirect led to,
    ``findings`` those of the documents that were read, by severity; ``gone`` links that gave a document once and
    are dead now.
    """

    pages: int = 0
    listed: int = 0
    ignored: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    read: int = 0
    published: int = 0
    superseded: int = 0
    gone: int = 0
    rows: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    replaced: list[Replaced] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, other: Summary) -> None:
        """Take in what another part of the run did."""
        for name in (each.name for each in fields(self)):
            mine, value = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(value)
            elif isinstance(mine, list):
                mine += value
            else:
                setattr(self, name, mine + value)

    def add_publication(self, done: PublishSummary) -> None:
        """Take in what was published."""
        self.published += len(done.published)
        self.superseded += len(done.superseded)
        self.rows += done.rows
        self.troubles += [
            Trouble(str(error.file), "partition_unreadable", str(error)) for error in done.errors
        ]

    @property
    def failures(self) -> int:
        """Everything that failed."""
        return self.failed.total() + len(self.troubles)

    def as_json(self) -> dict[str, Any]:
        """What the ledger keeps of a run and ``--json`` prints."""
        counters = ("failed", "findings", "elsewhere")
        counted = {name: dict(sorted(getattr(self, name).items())) for name in counters}
        return {**asdict(self), **counted}


def shortfalls(source: Source, ledger: Ledger, today: date) -> list[str]:
    """What a source should have published by today and is not in the ledger, a sentence each."""
    expected = source.expected
    notes = []
    for stage, day in expected.stages.items():
        due = due_on(today.year, day)
        # Final accounts are those of the year before.
        year = today.year if stage == "budget" else today.year - 1
        if expected.departments is None or today < due:
            continue
        documents = ledger.select(source=source.name, fiscal_year=year, stage=stage)
        found = len({d.disclosure.department for d in documents if d.disclosure})
        if found < expected.departments:
            notes.append(
                f"{source.name}: {found} of {expected.departments} departments published their {year} {stage} "
                f"by now; {due.isoformat()} was the day."
            )
    return notes


def added_up(parts: Sequence[Summary]) -> Summary:
    """Several summaries as one."""
    total = Summary()
    for part in parts:
        total.add(part)
    return total


def due_on(year: int, day: str) -> date:
    """The day of a year that a source states as ``MM-DD``."""
    month, number = (int(part) for part in day.split("-"))
    return date(year, month, 28 if (month, number) == (2, 29) and not isleap(year) else number)
