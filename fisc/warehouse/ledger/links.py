"""Links: discovered, fetched, failed; ignored where their source says so."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import astuple, fields
from datetime import date, datetime
from typing import Any

from fisc.warehouse.ledger.database import TIME_HAS_COME, Database, moment
from fisc.warehouse.ledger.engine import Row
from fisc.warehouse.ledger.records import KnownLink, LedgerError, Link

SAID = tuple(field.name for field in fields(Link))
KEPT = tuple(field.name for field in fields(KnownLink))
MOMENTS = frozenset(
    {"failed_since", "next_try", "first_seen", "last_seen", "fetched_at", "checked_at"},
)

_DISCOVER = f"""
    INSERT INTO link ({", ".join(SAID)}, state, first_seen, last_seen)
    VALUES ({", ".join("?" * len(SAID))}, 'discovered', ?, ?)
    ON CONFLICT (url) DO UPDATE SET last_seen = excluded.last_seen,
    state = CASE WHEN link.state = 'ignored' THEN 'discovered' ELSE link.state END,
    {", ".join(f"{name} = coalesce(excluded.{name}, link.{name})" for name in SAID[1:])}
"""


class Links(Database):
    """What is done to links. A step for a link that was never discovered raises :class:`LedgerError`."""

    def discovered(self, link: Link) -> bool:
        """Enter a link seen on a list page; True if it is new. What the page now says replaces what it said."""
        with self.together():
            new = not self._rows("SELECT 1 FROM link WHERE url = ?", (link.url,))
            now = self._now()
            said = (
                value.isoformat() if isinstance(value, date) else value
                for value in astuple(link)[: len(SAID)]
            )
            self._connection.execute(_DISCOVER, (*said, now, now))
            if new:
                self._event(link.url, None, "discovered")
        return new

    def fetched(
        self, url: str, sha256: str, etag: str | None = None, last_modified: str | None = None
    ) -> str:
        """The link gave these bytes (archived already); returns their document_id.

        New bytes begin a document in state ``fetched``. Bytes that had been superseded and are back begin
        again; any other document stays where it stands.
        """
        document_id = sha256[:16]
        with self.together():
            link = self.link(url)
            self._arrived(document_id, sha256)
            self._gives(url, document_id)
            now = self._now()
            self._connection.execute(
                "UPDATE link SET state = 'fetched', sha256 = ?, document_id = ?, etag = ?, last_modified = ?, "
                "fetched_at = ?, checked_at = ?, reason = NULL, sentence = NULL, attempts = 0, "
                "failed_since = NULL, next_try = NULL WHERE url = ?",
                (sha256, document_id, etag, last_modified, now, now, url),
            )
            if link.state != "fetched" or link.sha256 != sha256:
                self._event(url, link.state, "fetched", detail=document_id)
        return document_id

    def unpacked(
        self, url: str, sha256: str, etag: str | None = None, last_modified: str | None = None
    ) -> None:
        """The link gave an archive (archived already) whose files were all entered as links of their own."""
        with self.together():
            link = self.link(url)
            now = self._now()
            self._connection.execute("UPDATE link_gave SET current = 0 WHERE url = ?", (url,))
            self._connection.execute(
                "UPDATE link SET state = 'fetched', sha256 = ?, document_id = NULL, etag = ?, "
                "last_modified = ?, fetched_at = ?, checked_at = ?, reason = NULL, sentence = NULL, "
                "attempts = 0, failed_since = NULL, next_try = NULL WHERE url = ?",
                (sha256, etag, last_modified, now, now, url),
            )
            if link.state != "fetched" or link.sha256 != sha256:
                self._event(url, link.state, "fetched", detail=f"unpacked {sha256[:16]}")

    def members_are(self, url: str, members: Collection[str]) -> None:
        """These are all the links of files in the archive that ``url`` gave; others that it held are given no more."""
        inside = "url > :url || '#' AND url < :url || '$'"
        now = "SELECT value FROM json_each(:members)"
        with self.together():
            self._connection.execute(
                f"UPDATE link_gave SET current = 0 WHERE {inside} AND url NOT IN ({now})",
                {"url": url, "members": json.dumps(sorted(members))},
            )

    def ignored(self, url: str, why: str) -> bool:
        """The source ignores this link by now; True where that is new.

        What it published stays. Where it gave nothing, or what cannot be read, that is no failure any more; should
        the source list it again, it begins anew.
        """
        with self.together():
            link = self.link(url)
            gave = self._rows("SELECT state FROM document WHERE document_id = ?", (link.document_id,))
            useless = link.sha256 is None or (gave and gave[0]["state"] == "failed")
            if link.state == "ignored" or not useless:
                return False
            self._connection.execute(
                "UPDATE link SET state = 'ignored', reason = NULL, sentence = NULL, next_try = NULL WHERE url = ?",
                (url,),
            )
            self._event(url, link.state, "ignored", detail=why)
        return True

    def not_modified(self, url: str) -> None:
        """The link answered that its bytes are those it gave last; a document whose place was taken begins again."""
        with self.together():
            link = self.link(url)
            if link.sha256 is None:
                raise LedgerError(
                    f"{url} never gave any bytes, so it cannot be unmodified; fetch it in full."
                )
            self._connection.execute(
                "UPDATE link SET state = 'fetched', checked_at = ?, reason = NULL, sentence = NULL, "
                "attempts = 0, failed_since = NULL, next_try = NULL WHERE url = ?",
                (self._now(), url),
            )
            if link.document_id is not None:
                self._arrived(link.document_id, link.sha256)
            if link.state != "fetched":
                self._event(url, link.state, "fetched", detail=link.document_id)

    def link_failed(self, url: str, reason: str, sentence: str, not_before: datetime | None = None) -> None:
        """The link could not be fetched; when it is due again follows from the reason and how often it failed.

        ``not_before`` is what the portal asked for.
        """
        with self.together():
            link = self.link(url)
            now = self._now()
            next_try = self._next_try(reason, link.attempts + 1, not_before)
            self._connection.execute(
                "UPDATE link SET state = 'failed', reason = ?, sentence = ?, attempts = attempts + 1, "
                "failed_since = coalesce(failed_since, ?), next_try = ?, checked_at = ? WHERE url = ?",
                (reason, sentence, now, next_try, now, url),
            )
            self._event(url, link.state, "failed", reason, sentence)

    def link(self, url: str) -> KnownLink:
        """One link."""
        rows = self._rows("SELECT * FROM link WHERE url = ?", (url,))
        if not rows:
            raise LedgerError(f"The ledger does not know the link {url}; it has to be discovered first.")
        return known_link(rows[0])

    def links(self, source: str | None = None, state: str | None = None) -> list[KnownLink]:
        """All links, or those of a source or in a state, in the order in which they were discovered."""
        where = "(:source IS NULL OR source = :source) AND (:state IS NULL OR state = :state)"
        return self._links_where(where, source=source, state=state)

    def due(self, source: str | None = None) -> list[KnownLink]:
        """Links to fetch now: discovered ones, and failed ones whose time has come."""
        due = f"(state = 'discovered' OR (state = 'failed' AND {TIME_HAS_COME}))"
        return self._links_where(
            f"(:source IS NULL OR source = :source) AND {due}", source=source, **self._times()
        )

    def links_of(self, document_id: str) -> list[KnownLink]:
        """Links that gave this document, now or earlier, in the order in which they were discovered."""
        gave = "url IN (SELECT url FROM link_gave WHERE document_id = :document_id)"
        return self._links_where(gave, document_id=document_id)

    def _links_where(self, where: str, **values: str | None) -> list[KnownLink]:
        return [
            known_link(row) for row in self._rows(f"SELECT * FROM link WHERE {where} ORDER BY number", values)
        ]

    def _arrived(self, document_id: str, sha256: str) -> None:
        rows = self._rows("SELECT sha256, state FROM document WHERE document_id = ?", (document_id,))
        before = rows[0]["state"] if rows else None
        if rows and rows[0]["sha256"] != sha256:
            raise LedgerError(
                f"Two files share the document_id {document_id}; the second ({sha256}) is not taken."
            )
        if before not in (None, "superseded"):
            return
        now = self._now()
        self._connection.execute(
            "INSERT INTO document (document_id, sha256, state, fetched_at, changed_at) "
            "VALUES (?, ?, 'fetched', ?, ?) ON CONFLICT (document_id) DO UPDATE SET "
            "state = 'fetched', superseded_by = NULL, revision = document.revision + 1, changed_at = excluded.changed_at",
            (document_id, sha256, now, now),
        )
        self._event(document_id, before, "fetched")

    def _gives(self, url: str, document_id: str) -> None:
        self._connection.execute("UPDATE link_gave SET current = 0 WHERE url = ?", (url,))
        self._connection.execute(
            "INSERT INTO link_gave (url, document_id, current) VALUES (?, ?, 1) "
            "ON CONFLICT (url, document_id) DO UPDATE SET current = 1",
            (url, document_id),
        )


def known_link(row: Row) -> KnownLink:
    """A row of the ledger as a record."""
    values: dict[str, Any] = {name: moment(row[name]) if name in MOMENTS else row[name] for name in KEPT}
    if values["published_on"] is not None:
        values["published_on"] = date.fromisoformat(values["published_on"])
    return KnownLink(**values)
