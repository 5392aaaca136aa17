"""What happens at once when documents are published: files take their places, and what the ledger says then."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from fisc.warehouse.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Replacement:
    """``target`` (below the data root) becomes the file ``new`` (in the commit's folder), or goes (None).

    In a shared store ``old`` is the version that it takes the place of.
    """

    target: str
    new: str | None
    old: str | None = None


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

    def as_text(self) -> str:
        """The journal."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_text(cls, text: str) -> Commit:
        """The commit of a journal."""
        said = json.loads(text)
        return cls(
            tuple(said["slugs"]),
            tuple(Replacement(**each) for each in said["replacements"]),
            tuple(Arrival(**each) for each in said["arrivals"]),
            tuple(Removal(**each) for each in said["removals"]),
        )


def finished(ledger: Ledger, what: Commit) -> None:
    """What the ledger says once the files of a commit are in their places; called inside a transaction."""
    for arrival in what.arrivals:
        ledger.published(arrival.document_id, arrival.partition, arrival.revision)
    for removal in what.removals:
        ledger.superseded(removal.document_id, removal.successor, removal.revision)
