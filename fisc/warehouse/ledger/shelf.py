"""What a reader of many documents asks: all of them in one glance, whether anything happened, what came before one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fisc.warehouse.ledger.database import Database
from fisc.warehouse.ledger.documents import known_document
from fisc.warehouse.ledger.questions import FIRST_LINK
from fisc.warehouse.ledger.records import Document

_STANDING = f"""
    SELECT document.document_id, document.state, document.reason, document.sentence, document.superseded_by,
           coalesce(document.region_code, link.region_code) AS region_code,
           coalesce(document.department, link.department) AS department, document.level,
           coalesce(document.fiscal_year, link.fiscal_year) AS fiscal_year,
           coalesce(document.stage, link.stage) AS stage, link.source, link.title, link.published_on
    FROM document
    {FIRST_LINK}
    ORDER BY 6 NULLS FIRST, 7 NULLS FIRST, 9 NULLS FIRST, 10 NULLS FIRST, document.document_id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One document in one line: as it was read, else as its first link said."""

    document_id: str
    state: str
    reason: str | None
    sentence: str | None
    superseded_by: str | None
    region_code: str | None
    department: str | None
    level: str | None
    fiscal_year: int | None
    stage: str | None
    source: str | None
    title: str | None
    published_on: date | None


class ShelfQuestions(Database):
    """Answers over all documents."""

    def standing(self) -> list[Standing]:
        """Every document, by region, department, year and stage."""
        found = []
        for row in self._rows(_STANDING):
            values = dict(row)
            day = values["published_on"]
            found.append(Standing(**values | {"published_on": date.fromisoformat(day) if day else None}))
        return found

    def last_event(self) -> int:
        """A number that grows with everything that happens."""
        return int(self._rows("SELECT coalesce(max(number), 0) AS last FROM event")[0]["last"])

    def earlier(self, document_id: str) -> list[Document]:
        """The documents whose place a document took, the last one first."""
        rows = self._rows(
            "SELECT * FROM document WHERE superseded_by = ? ORDER BY changed_at DESC, document_id",
            (document_id,),
        )
        return [known_document(row) for row in rows]
