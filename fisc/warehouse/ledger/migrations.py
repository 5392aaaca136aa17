"""The ledger's tables, as steps from one schema version to the next. A step that was released never changes."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE document (
        document_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
        region_code TEXT, department TEXT, level TEXT, fiscal_year INTEGER, stage TEXT,
        extractor_version TEXT, reason TEXT, sentence TEXT, attempts INTEGER NOT NULL DEFAULT 0,
        failed_since TEXT, superseded_by TEXT, published_in TEXT, revision INTEGER NOT NULL DEFAULT 0,
        fetched_at TEXT NOT NULL, changed_at TEXT NOT NULL, claimed_by TEXT, claimed_until TEXT
    );
    CREATE INDEX document_state ON document (state);
    CREATE INDEX document_department ON document (department);

    CREATE TABLE link (
        number INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, source TEXT NOT NULL, title TEXT, file_name TEXT,
        published_on TEXT, region_code TEXT, department TEXT, fiscal_year INTEGER, stage TEXT,
        state TEXT NOT NULL, etag TEXT, last_modified TEXT, sha256 TEXT,
        document_id TEXT REFERENCES document (document_id), reason TEXT, sentence TEXT,
        attempts INTEGER NOT NULL DEFAULT 0, failed_since TEXT, next_try TEXT,
        first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, fetched_at TEXT, checked_at TEXT
    );
    CREATE INDEX link_document_id ON link (document_id);
    CREATE INDEX link_source_state ON link (source, state);

    CREATE TABLE link_gave (
        url TEXT NOT NULL REFERENCES link (url), document_id TEXT NOT NULL REFERENCES document (document_id),
        current INTEGER NOT NULL, PRIMARY KEY (url, document_id)
    ) WITHOUT ROWID;
    CREATE INDEX link_gave_document_id ON link_gave (document_id);
    CREATE INDEX link_gave_before ON link_gave (document_id) WHERE current = 0;

    CREATE TABLE event (
        number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, subject TEXT NOT NULL,
        from_state TEXT, to_state TEXT NOT NULL, reason TEXT, detail TEXT
    );
    CREATE INDEX event_subject ON event (subject);
    CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;

    CREATE TABLE run (
        number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, started_at TEXT NOT NULL,
        finished_at TEXT, summary TEXT NOT NULL DEFAULT '{}'
    );
    """,
    """
    ALTER TABLE document ADD COLUMN next_try TEXT;
    """,
    """
    CREATE TABLE document_table (
        document_id TEXT NOT NULL REFERENCES document (document_id), table_name TEXT NOT NULL,
        PRIMARY KEY (document_id, table_name)
    ) WITHOUT ROWID;
    CREATE INDEX document_superseded ON document (superseded_by) WHERE superseded_by IS NOT NULL;
    CREATE INDEX link_failed ON link (reason) WHERE state = 'failed';
    """,
)
"""``PRAGMA user_version`` counts how many of these a ledger has been through."""
