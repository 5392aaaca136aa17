"""Who takes whose place: one disclosure in other bytes, behind the same link or where the old one is dead."""

from __future__ import annotations

from datetime import datetime

from fisc.reasons import reasons
from fisc.warehouse.ledger.database import stamp
from fisc.warehouse.ledger.documents import Documents, known_document
from fisc.warehouse.ledger.links import known_link
from fisc.warehouse.ledger.records import Departure, Document, KnownLink

STATEMENTS = (
    "revenue_expenditure", "revenue", "expenditure", "fiscal_appropriation", "general_public_budget",
    "basic_expenditure", "government_fund", "state_capital", "three_public",
)  # fmt: skip
"""Tables that a disclosure has once. Of others (a file a project, a text of its own) it may have several files."""

_STATEMENT = f"IN ({', '.join(repr(name) for name in STATEMENTS)})"

_DEAD = f"IN ({', '.join(repr(each.name) for each in reasons().values() if each.gone)})"

_SAME_DISCLOSURE = " AND ".join(
    f"old.{name} IS new.{name}" for name in ("region_code", "department", "level", "fiscal_year", "stage")
)


def _stands(document: str) -> str:
    return f"({document}.state = 'validated' OR {document}.published_in IS NOT NULL)"


def _alive(document: str) -> str:
    """Whether some link gives it: the portal has not said that there is nothing there (or at the archive it is in)."""
    return f"""EXISTS (
        SELECT 1 FROM link_gave still JOIN link giving ON giving.url = still.url
        LEFT JOIN link archive ON archive.url = substr(giving.url || '#', 1, instr(giving.url || '#', '#') - 1)
        WHERE still.document_id = {document}.document_id AND still.current = 1
          AND NOT (giving.state = 'failed' AND giving.reason {_DEAD})
          AND NOT coalesce(archive.state = 'failed' AND archive.reason {_DEAD}, FALSE)
    )"""


_SHARE_A_STATEMENT = f"""EXISTS (
    SELECT 1 FROM document_table mine JOIN document_table theirs ON theirs.table_name = mine.table_name
    WHERE mine.document_id = old.document_id AND theirs.document_id = new.document_id
      AND mine.table_name {_STATEMENT}
)"""

_SAME_LINK = """EXISTS (
    SELECT 1 FROM link_gave gave JOIN link ON link.url = gave.url
    WHERE gave.document_id = old.document_id AND gave.current = 0 AND link.document_id = new.document_id
)"""


def _day(document: str) -> str:
    return f"(SELECT max(published_on) FROM link WHERE link.document_id = {document}.document_id)"


_AT_ANOTHER_ADDRESS = f"""(
    {_alive("new")} AND {_SHARE_A_STATEMENT}
    AND NOT EXISTS (
        SELECT 1 FROM document_table mine WHERE mine.document_id = old.document_id AND NOT EXISTS (
            SELECT 1 FROM document_table theirs
            WHERE theirs.document_id = new.document_id AND theirs.table_name = mine.table_name
        )
    )
    AND CASE WHEN {_day("old")} < {_day("new")} THEN TRUE WHEN {_day("old")} > {_day("new")} THEN FALSE
             ELSE old.fetched_at <= new.fetched_at END
)"""
"""The new file has every table that the old one had, and is not the older of the two."""

_NOT_GIVEN = f"""
    SELECT document_id FROM link_gave WHERE current = 0 GROUP BY document_id
    UNION SELECT document_id FROM link WHERE state = 'failed' AND reason {_DEAD}
    UNION SELECT member.document_id FROM link archive
    JOIN link member ON member.url > archive.url || '#' AND member.url < archive.url || '$'
    WHERE archive.state = 'failed' AND archive.reason {_DEAD}
"""
"""Documents of which it is worth asking whether some link still gives them."""

_LEAVES = f"""
    old.document_id <> new.document_id AND {_SAME_DISCLOSURE} AND {_stands("old")}
    AND NOT {_alive("old")} AND ({_SAME_LINK} OR {_AT_ANOTHER_ADDRESS})
"""

_DEPARTURES = f"""
    SELECT old.*, min(new.document_id) AS successor FROM document old JOIN document new ON {_LEAVES}
    WHERE {_stands("new")} AND old.document_id IN ({_NOT_GIVEN}) GROUP BY old.document_id ORDER BY old.document_id
"""

_PREDECESSORS = f"""
    SELECT old.* FROM document old WHERE old.superseded_by = :document_id
    UNION
    SELECT old.* FROM document new JOIN document old ON {_LEAVES} WHERE new.document_id = :document_id
    ORDER BY fetched_at, document_id
"""

_BESIDE = f"""
    SELECT new.document_id AS one, old.document_id AS other FROM document new
    JOIN document old ON old.document_id <> new.document_id AND {_SAME_DISCLOSURE}
    WHERE new.changed_at >= :since AND {_stands("new")} AND {_stands("old")} AND {_SHARE_A_STATEMENT}
      AND EXISTS (SELECT 1 FROM link_gave JOIN link ON link.url = link_gave.url
                  WHERE link_gave.document_id = new.document_id AND link.source = :source)
    ORDER BY 1, 2
"""

_GIVING = """
    SELECT link.* FROM link JOIN link_gave ON link_gave.url = link.url AND link_gave.current = 1
    WHERE link_gave.document_id = :document_id AND link.state = 'fetched' ORDER BY link.number
"""


class Places(Documents):
    """Answers about documents of one disclosure beside each other."""

    def departures(self) -> list[Departure]:
        """Documents that have or await rows, that no link gives any more, and whose place another one takes.

        That one is validated or has rows. It is what came after from the same link, or what a living link gives of the
        same disclosure with all the tables that the old one had.
        """
        return [Departure(known_document(row), row["successor"]) for row in self._rows(_DEPARTURES)]

    def predecessors(self, document_id: str) -> list[Document]:
        """Documents whose place this one takes or took."""
        return [known_document(row) for row in self._rows(_PREDECESSORS, {"document_id": document_id})]

    def beside(self, source: str, since: datetime) -> list[tuple[Document, Document]]:
        """Documents of a source that took a step since then, each with another one of the same disclosure: both have
        or await rows of a statement that a disclosure has once."""
        rows = self._rows(_BESIDE, {"source": source, "since": stamp(since)})
        return [(self.document(row["one"]), self.document(row["other"])) for row in rows]

    def giving(self, document_id: str) -> list[KnownLink]:
        """The links that give this document now, as far as is known."""
        return [known_link(row) for row in self._rows(_GIVING, {"document_id": document_id})]
