"""Documents: fetched, extracted, validated, published; failed; superseded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from fisc.warehouse.ledger.database import TIME_HAS_COME, Database, moment, stamp
from fisc.warehouse.ledger.engine import Row
from fisc.warehouse.ledger.records import Disclosure, Document, LedgerError

COMES_FROM: dict[str, frozenset[str]] = {
    "extracted": frozenset({"fetched", "extracted", "validated", "published", "failed", "superseded"}),
    "validated": frozenset({"extracted"}),
    "published": frozenset({"validated"}),
    "failed": frozenset({"fetched", "extracted", "validated", "published", "failed", "superseded"}),
    "superseded": frozenset({"fetched", "extracted", "validated", "published", "failed"}),
}
"""From which states a step may be taken. Any document may be extracted again; only what was extracted is valid."""


class Documents(Database):
    """What is done to documents. A step out of order, or for an unknown document, raises :class:`LedgerError`."""

    def extracted(
        self, document_id: str, disclosure: Disclosure, extractor_version: str, tables: Collection[str] = ()
    ) -> None:
        """The document was read, says whose disclosure it is, and has rows of these tables."""
        d = disclosure
        with self.together():
            self._step(
                document_id,
                "extracted",
                region_code=d.region_code,
                department=d.department,
                level=d.level,
                fiscal_year=d.fiscal_year,
                stage=d.stage,
                extractor_version=extractor_version,
            )
            self._connection.execute("DELETE FROM document_table WHERE document_id = ?", (document_id,))
            for name in sorted(set(tables)):
                self._connection.execute(
                    "INSERT INTO document_table (document_id, table_name) VALUES (?, ?)", (document_id, name)
                )

    def validated(self, document_id: str) -> None:
        """The document's tables fit the contract and are staged: it may be published."""
        self._step(document_id, "validated")

    def published(self, document_id: str, partition: str, revision: int) -> bool:
        """Its rows of this revision stand in ``partition``.

        False where the document moved on since: its rows stand there, but it is to be published again.
        """
        with self.together():
            if self.document(document_id).revision == revision:
                self._step(document_id, "published", published_in=partition, attempts=0, failed_since=None)
                return True
            self._set(document_id, published_in=partition)
        return False

    def superseded(self, document_id: str, successor: str, revision: int) -> bool:
        """The same disclosure came again as ``successor``; the rows of this revision are gone from the tables.

        False where the document moved on since: its rows are gone, but it is not marked.
        """
        with self.together():
            if self.document(document_id).revision == revision:
                values = {"superseded_by": successor, "published_in": None}
                self._step(document_id, "superseded", detail=successor, **values)
                return True
            self._set(document_id, published_in=None)
        return False

    def document_failed(self, document_id: str, reason: str, sentence: str) -> None:
        """The document could not be read, validated or published. Rows published before stay where they are.

        When it is due again follows from the reason and how often it failed.
        """
        with self.together():
            failed = self.document(document_id)
            since = stamp(failed.failed_since) if failed.failed_since else self._now()
            self._step(
                document_id,
                "failed",
                detail=sentence,
                reason=reason,
                sentence=sentence,
                attempts=failed.attempts + 1,
                next_try=self._next_try(reason, failed.attempts + 1),
                failed_since=since,
            )

    def claim(
        self,
        owner: str,
        state: str = "fetched",
        limit: int = 50,
        lease_s: float = 900.0,
        source: str | None = None,
    ) -> list[Document]:
        """Take up to ``limit`` documents in a state for ``owner`` alone, until they take a step or the lease ends."""
        until = stamp(self._clock() + timedelta(seconds=lease_s))
        linked = "SELECT 1 FROM link_gave JOIN link USING (url) WHERE source = :source"
        free = f"""
            SELECT document_id FROM document WHERE state = :state
            AND (claimed_until IS NULL OR claimed_until <= :now)
            AND (:source IS NULL OR EXISTS ({linked} AND link_gave.document_id = document.document_id))
            ORDER BY fetched_at, document_id LIMIT :limit
        """
        take = (
            f"UPDATE document SET claimed_by = :owner, claimed_until = :until WHERE document_id IN ({free})"
        )
        values = {"owner": owner, "until": until, "now": self._now(), "state": state, "limit": limit}
        with self.together():
            rows = self._rows(f"{take} RETURNING *", {**values, "source": source})
        return sorted((known_document(row) for row in rows), key=lambda d: (d.fetched_at, d.document_id))

    def release(self, owner: str) -> None:
        """Give back whatever ``owner`` still holds."""
        with self.together():
            self._connection.execute(
                "UPDATE document SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = ?", (owner,)
            )

    def document(self, document_id: str) -> Document:
        """One document."""
        rows = self._rows("SELECT * FROM document WHERE document_id = ?", (document_id,))
        if not rows:
            raise LedgerError(
                f"The ledger does not know the document {document_id}; list them with fisc status."
            )
        return known_document(rows[0])

    def documents_in(self, state: str) -> list[Document]:
        """All documents in a state, by document_id."""
        rows = self._rows("SELECT * FROM document WHERE state = ? ORDER BY document_id", (state,))
        return [known_document(row) for row in rows]

    def documents_due(self, source: str | None = None) -> list[Document]:
        """Failed documents whose time to be read again has come, by document_id."""
        linked = "SELECT link_gave.document_id FROM link_gave JOIN link USING (url) WHERE source = :source"
        of_source = f"(:source IS NULL OR document_id IN ({linked}))"
        rows = self._rows(
            f"SELECT * FROM document WHERE state = 'failed' AND {TIME_HAS_COME} AND {of_source} ORDER BY document_id",
            {"source": source, **self._times()},
        )
        return [known_document(row) for row in rows]

    def _step(self, document_id: str, state: str, *, detail: str | None = None, **values: Any) -> None:
        with self.together():
            before = self.document(document_id).state
            if before not in COMES_FROM[state]:
                raise LedgerError(f"Document {document_id} is {before} and cannot become {state} from there.")
            values = {"reason": None, "sentence": None, "next_try": None, **values}
            self._set(
                document_id,
                state=state,
                changed_at=self._now(),
                claimed_by=None,
                claimed_until=None,
                **values,
            )
            self._event(document_id, before, state, values["reason"], detail)

    def _set(self, document_id: str, **values: Any) -> None:
        columns = ", ".join(f"{name} = :{name}" for name in values)
        self._connection.execute(
            f"UPDATE document SET {columns}, revision = revision + 1 WHERE document_id = :document_id",
            {**values, "document_id": document_id},
        )


def known_document(row: Row) -> Document:
    """A row of the ledger as a record."""
    disclosure = None
    if row["department"] is not None:
        disclosure = Disclosure(
            row["region_code"], row["department"], row["level"], row["fiscal_year"], row["stage"]
        )
    plain: Sequence[str] = ("sha256", "state", "extractor_version", "reason", "sentence", "attempts")
    return Document(
        document_id=row["document_id"],
        disclosure=disclosure,
        **{name: row[name] for name in plain},
        failed_since=moment(row["failed_since"]),
        next_try=moment(row["next_try"]),
        superseded_by=row["superseded_by"],
        published_in=row["published_in"],
        revision=row["revision"],
        fetched_at=moment(row["fetched_at"]),  # type: ignore[arg-type]
        changed_at=moment(row["changed_at"]),  # type: ignore[arg-type]
    )
