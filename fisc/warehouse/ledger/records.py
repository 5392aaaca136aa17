"""What the ledger says, as frozen records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from fisc.errors import FiscError

LinkState = Literal["discovered", "fetched", "failed", "ignored"]
DocumentState = Literal["fetched", "extracted", "validated", "published", "failed", "superseded"]


class LedgerError(FiscError):
    """Something asked of the ledger that it cannot do: an unknown subject, or a step out of order."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a portal's list page gives it; what the page does not say is None."""

    url: str
    source: str
    title: str | None = None
    file_name: str | None = None
    published_on: date | None = None
    region_code: str | None = None
    department: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class KnownLink(Link):
    """A link and where it stands.

    ``sha256`` and ``document_id`` name the bytes it gave last; ``attempts`` counts failures since it last
    answered, the first of them at ``failed_since``; after ``next_try`` it may be tried again (None: not by
    itself). ``fetched_at`` is when it last gave bytes, ``checked_at`` when it last answered at all.
    """

    state: LinkState = "discovered"
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    document_id: str | None = None
    reason: str | None = None
    sentence: str | None = None
    attempts: int = 0
    failed_since: datetime | None = None
    next_try: datetime | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    fetched_at: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one department or unit published for one year, stage and level. ``region_code`` None: no code known."""

    region_code: str | None
    department: str
    level: str
    fiscal_year: int
    stage: str

    def __post_init__(self) -> None:
        if self.stage not in ("budget", "final_accounts"):
            raise ValueError(f"{self.stage!r} is no stage; it is budget or final_accounts.")
        if self.region_code is not None and not re.fullmatch(r"[0-9]{6}", self.region_code):
            raise ValueError(f"{self.region_code!r} is no region code of six digits.")


@dataclass(frozen=True, slots=True)
class Document:
    """One file and where it stands.

    ``revision`` changes with every step. ``published_in`` is the partition in which its rows stand now, also
    while it is being extracted again; None where it has no rows. ``attempts`` counts failures since it was last
    published, the first of them at ``failed_since``; after ``next_try`` it may be read again (None: not by
    itself). ``fetched_at`` is when these bytes first came.
    """

    document_id: str
    sha256: str
    state: DocumentState
    disclosure: Disclosure | None
    extractor_version: str | None
    reason: str | None
    sentence: str | None
    attempts: int
    failed_since: datetime | None
    next_try: datetime | None
    superseded_by: str | None
    published_in: str | None
    revision: int
    fetched_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """A document whose place ``successor`` takes: the same disclosure in other bytes."""

    document: Document
    successor: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many documents (``of`` is ``document``), or links that gave none yet (``link``), stand where."""

    of: Literal["document", "link"]
    source: str | None
    fiscal_year: int | None
    stage: str | None
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A link or document that failed: why, how often since when, and when last. ``subject`` is a url or a document_id."""

    of: Literal["document", "link"]
    subject: str
    source: str | None
    url: str | None
    title: str | None
    reason: str
    sentence: str
    attempts: int
    since: datetime
    at: datetime
    next_try: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the disclosures of one department, year and stage stand in one state; ``published_on`` is the first day.

    ``state`` is the document's, or the link's where it gave none. What is neither read nor said by the list is None.
    """

    department: str | None
    level: str | None
    fiscal_year: int | None
    stage: str | None
    state: str
    published_on: date | None
    count: int


@dataclass(frozen=True, slots=True)
class Event:
    """One step of one subject (a url or a document_id), as it was written down."""

    number: int
    at: datetime
    subject: str
    from_state: str | None
    to_state: str
    reason: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a flow and what it said at its end; ``finished_at`` None: still running, or killed."""

    number: int
    name: str
    started_at: datetime
    finished_at: datetime | None
    summary: Mapping[str, Any]
