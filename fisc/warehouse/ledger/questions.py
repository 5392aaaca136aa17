"""What is asked of the ledger: counts, failures, documents to show or to run again, events, runs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from string import hexdigits
from typing import Any

from fisc.warehouse.ledger.database import Database, moment
from fisc.warehouse.ledger.documents import known_document
from fisc.warehouse.ledger.engine import Row
from fisc.warehouse.ledger.records import Count, Document, Event, Failure, LedgerError, Run, Standing

FIRST_LINK = """
    LEFT JOIN (SELECT link_gave.document_id AS given, min(number) AS first FROM link_gave JOIN link USING (url)
               GROUP BY link_gave.document_id) AS gives ON given = document.document_id
    LEFT JOIN link ON link.number = first
"""

_UNWANTED = "(document.state = 'failed' AND coalesce(link.state, '') = 'ignored')"
"""A document that cannot be read, and whose source ignores it by now."""

_COUNTS = f"""
    SELECT 'document' AS of, link.source AS source, coalesce(document.fiscal_year, link.fiscal_year) AS fiscal_year,
           coalesce(document.stage, link.stage) AS stage, document.state AS state, count(*) AS count
    FROM document {FIRST_LINK} WHERE NOT {_UNWANTED} GROUP BY 2, 3, 4, 5
    UNION ALL
    SELECT 'link', source, fiscal_year, stage, state, count(*)
    FROM link WHERE document_id IS NULL AND sha256 IS NULL AND state <> 'ignored' GROUP BY 2, 3, 4, 5
    ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST, 4 NULLS FIRST, 5
"""

_FAILURES = f"""
    SELECT 'link' AS of, url AS subject, source, url, title, reason, sentence, attempts,
           failed_since, checked_at AS at, next_try
    FROM link WHERE state = 'failed' AND (:reason IS NULL OR reason = :reason)
    UNION ALL
    SELECT 'document', document.document_id, link.source, link.url, link.title, document.reason,
           document.sentence, document.attempts, document.failed_since, document.changed_at,
           document.next_try
    FROM document {FIRST_LINK} WHERE document.state = 'failed' AND NOT {_UNWANTED}
    AND (:reason IS NULL OR document.reason = :reason)
    ORDER BY 3 NULLS FIRST, 1, 2
"""

_STANDINGS = """
    SELECT coalesce(document.department, link.department) AS department, document.level AS level,
           coalesce(document.fiscal_year, link.fiscal_year) AS fiscal_year,
           coalesce(document.stage, link.stage) AS stage, coalesce(document.state, link.state) AS state,
           min(link.published_on) AS published_on, count(*) AS count
    FROM link LEFT JOIN document ON document.document_id = link.document_id
    WHERE link.source = :source AND link.state <> 'ignored' AND NOT (link.document_id IS NULL AND link.sha256 IS NOT NULL)
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3 NULLS FIRST, 4 NULLS FIRST, 5
"""

_FIND = """
    SELECT * FROM document
    WHERE document_id LIKE :beginning || '%'
       OR instr(department, :words) > 0
       OR document_id IN (SELECT document_id FROM link_gave WHERE instr(url, :words) > 0)
    ORDER BY region_code NULLS FIRST, department NULLS FIRST, fiscal_year, stage, document_id
"""


class Questions(Database):
    """Answers as frozen records, always in the same order."""

    def counts(self) -> list[Count]:
        """Documents by source, year, stage and state, then links that gave none yet.

        A document that several links gave counts once, for the link discovered first; a link that gave an archive
        counts by the documents out of it.
        """
        return [Count(**dict(row)) for row in self._rows(_COUNTS)]

    def failures(self, reason: str | None = None) -> list[Failure]:
        """Links and documents that failed and were not mended since, all or those with one reason."""
        return [_failure(row) for row in self._rows(_FAILURES, {"reason": reason})]

    def standings(self, source: str) -> list[Standing]:
        """What a source published, by department, level, year, stage and state, as its links stand now."""
        rows = [dict(row) for row in self._rows(_STANDINGS, {"source": source})]
        return [
            Standing(
                **{**row, "published_on": row["published_on"] and date.fromisoformat(row["published_on"])}
            )
            for row in rows
        ]

    def find(self, words: str) -> list[Document]:
        """Documents whose id begins with these words, or whose department or a link of which contains them."""
        if not words:
            return []
        beginning = words.lower() if all(sign in hexdigits for sign in words) else None
        rows = self._rows(_FIND, {"words": words, "beginning": beginning})
        return [known_document(row) for row in rows]

    def select(
        self,
        *,
        source: str | None = None,
        fiscal_year: int | None = None,
        stage: str | None = None,
        state: str | None = None,
        reason: str | None = None,
        document_ids: Collection[str] | None = None,
    ) -> list[Document]:
        """Documents that fit all that is asked, by document_id; year and stage as read, else as their link said."""
        wanted = {"fiscal_year": fiscal_year, "stage": stage}
        where = [
            f"coalesce(document.{name}, link.{name}) = :{name}" for name, v in wanted.items() if v is not None
        ]
        given = {"state": state, "reason": reason}
        where += [f"document.{name} = :{name}" for name, value in given.items() if value is not None]
        if source is not None:
            of_source = (
                "SELECT link_gave.document_id FROM link_gave JOIN link USING (url) WHERE source = :source"
            )
            where.append(f"document.document_id IN ({of_source})")
        if document_ids is not None:
            where.append("document.document_id IN (SELECT value FROM json_each(:document_ids))")
        values = {**wanted, **given, "source": source, "document_ids": json.dumps(sorted(document_ids or ()))}
        condition = " AND ".join(where) or "1 = 1"
        sql = f"SELECT document.* FROM document {FIRST_LINK} WHERE {condition} ORDER BY document.document_id"
        return [known_document(row) for row in self._rows(sql, values)]

    def events(self, subject: str) -> list[Event]:
        """All that happened to a url or a document_id, oldest first."""
        rows = self._rows("SELECT * FROM event WHERE subject = ? ORDER BY number", (subject,))
        return [Event(**{**dict(row), "at": moment(row["at"])}) for row in rows]

    def run_started(self, name: str) -> int:
        """Enter a run; returns its number."""
        with self.together():
            enter = "INSERT INTO run (name, started_at) VALUES (?, ?) RETURNING number"
            return int(self._rows(enter, (name, self._now()))[0]["number"])

    def run_finished(self, number: int, summary: Mapping[str, Any]) -> None:
        """A run ended; ``summary`` is anything that JSON holds."""
        with self.together():
            done = self._connection.execute(
                "UPDATE run SET finished_at = ?, summary = ? WHERE number = ?",
                (self._now(), json.dumps(dict(summary), ensure_ascii=False), number),
            )
            if done.rowcount == 0:
                raise LedgerError(f"The ledger knows no run {number}; enter it with run_started first.")

    def runs(self, limit: int = 20) -> list[Run]:
        """The last runs, newest first."""
        rows = self._rows("SELECT * FROM run ORDER BY number DESC LIMIT ?", (limit,))
        return [_run(row) for row in rows]


def _failure(row: Row) -> Failure:
    values = dict(row)
    since = moment(values.pop("failed_since"))
    return Failure(**{**values, "since": since, "at": moment(row["at"]), "next_try": moment(row["next_try"])})


def _run(row: Row) -> Run:
    started_at, finished_at = moment(row["started_at"]), moment(row["finished_at"])
    return Run(row["number"], row["name"], started_at, finished_at, json.loads(row["summary"]))  # type: ignore[arg-type]
