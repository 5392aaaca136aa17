"""The ledger: where each link and each document stands, and how it came there. One SQLite file, many processes."""

from fisc.warehouse.ledger.ledger import Ledger
from fisc.warehouse.ledger.records import (
    Count,
    Departure,
    Disclosure,
    Document,
    DocumentState,
    Event,
    Failure,
    KnownLink,
    LedgerError,
    Link,
    LinkState,
    Run,
    Standing,
)

__all__ = [
    "Count",
    "Departure",
    "Disclosure",
    "Document",
    "DocumentState",
    "Event",
    "Failure",
    "KnownLink",
    "Ledger",
    "LedgerError",
    "Link",
    "LinkState",
    "Run",
    "Standing",
]
