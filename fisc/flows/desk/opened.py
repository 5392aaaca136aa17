"""One document opened on the desk: its rows as they were read last, its history, and the parts of its pages."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fisc.errors import DocumentError, FiscError
from fisc.flows.page.findings import Findings
from fisc.flows.page.markup import Markup, element
from fisc.flows.page.page import Sheets
from fisc.flows.page.rows import Statements, cells_by_place
from fisc.flows.page.words import LANGUAGE, say
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document, Event, KnownLink, Ledger

if TYPE_CHECKING:
    import pyarrow as pa

KEPT = 12
"""Opened documents held in memory: a few MB each."""
DOCUMENT_ID = re.compile(r"[0-9a-f]{16}")

Rows = list[dict[str, Any]]


class NotThere(FiscError):
    """Something that the desk does not have."""


@dataclass(slots=True)
class Opened:
    """A document with its rows by table; ``tables`` is empty where nothing of it was ever read."""

    document: Document
    tables: Mapping[str, Rows]
    links: Sequence[KnownLink]
    events: Sequence[Event]
    earlier: Sequence[Document]
    _parts: dict[str, tuple[Findings, Statements, Sheets]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.document.document_id

    @property
    def row(self) -> dict[str, Any] | None:
        """Its row in the table of documents."""
        return self.tables["document"][0] if self.tables.get("document") else None

    @property
    def name(self) -> str:
        """What to call the file."""
        link = self.links[0] if self.links else None
        return (link and (link.title or link.file_name)) or self.id

    @property
    def source(self) -> str | None:
        """The source that listed it, beside which decisions about it lie."""
        return self.links[0].source if self.links else None

    @property
    def pages(self) -> int:
        """How many pages it has, as far as that is known."""
        return int(self.row["pages"]) if self.row else 0

    @property
    def cells(self) -> Rows:
        return self.tables.get("cell", [])

    @property
    def findings(self) -> Rows:
        return self.tables.get("finding", [])

    def page_address(self, page: int) -> str:
        """The address of one of its pages on the desk."""
        return f"/document/{self.id}/page/{page}"

    def address_of(self, finding: Mapping[str, Any], number: int) -> str:
        """The address where a finding is shown."""
        at = self.page_address(finding["page"]) if finding["page"] else f"/document/{self.id}"
        return f"{at}#f{number}"

    def parts(self) -> tuple[Findings, Statements, Sheets]:
        """The parts of its pages in the language of now."""
        language = LANGUAGE.get()
        if language not in self._parts:
            findings = Findings(self.findings, self.cells, self.page_address, self._more)
            statements = Statements(self.tables, cells_by_place(self.cells))
            self._parts[language] = findings, statements, Sheets(self.tables, findings, statements)
        return self._parts[language]

    def _more(self, number: int, finding: Mapping[str, Any]) -> Markup | None:
        words = say("免除或撤回") if finding.get("waived") else say("免除…")
        link = element("a", words, href=f"/document/{self.id}/finding/{number}", class_="decide")
        return element("p", link, class_="links")


class Library:
    """Opens documents and keeps the last ones. Safe from several threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._kept: OrderedDict[tuple[str, int], Opened] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, document_id: str) -> Opened:
        """One document by its whole id. Raises :class:`NotThere`."""
        with Ledger.open(self._home) as ledger:
            found = ledger.select(document_ids=[document_id]) if DOCUMENT_ID.fullmatch(document_id) else []
            if not found:
                raise NotThere(f"The ledger knows no document {document_id}; look for it in the list.")
            key = document_id, found[0].revision
            with self._lock:
                if kept := self._kept.get(key):
                    self._kept.move_to_end(key)
                    return kept
            opened = Opened(
                found[0],
                {name: _rows(name, table) for name, table in read_tables(self._home, found[0]).items()},
                ledger.links_of(document_id),
                ledger.events(document_id),
                ledger.earlier(document_id),
            )
        with self._lock:
            self._kept[key] = opened
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return opened


def read_tables(home: Home, document: Document) -> dict[str, pa.Table]:
    """What was read of a document last: one small file in the staging area, else its rows in the published tables."""
    from fisc.warehouse.stage import staged

    try:
        return staged(home, document.document_id)
    except DocumentError:
        if not document.published_in:
            return {}
    from fisc.warehouse.read import rows_of

    return rows_of(home, document.document_id, document.published_in)


def _rows(name: str, table: pa.Table) -> Rows:
    """Rows with every column that is declared now; those of an earlier version lack some."""
    from fisc.schemas.contract import MODELS, arrow_schema

    rows: Rows = table.to_pylist()
    missing = set(arrow_schema(name).names) - set(table.schema.names) if name in MODELS else set()
    return [dict.fromkeys(missing) | row for row in rows] if missing else rows
