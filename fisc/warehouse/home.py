"""Where everything lies: one folder, named by ``FISC_HOME``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder that holds the archive, the ledger, the staging area and the published tables.

    Where several machines harvest, ``ledger_url`` names a PostgreSQL database that holds the ledger, and ``store_url`` a
    place on S3 (``s3://bucket/prefix``) that holds archive, staging area and tables; the folder then holds one
    machine's temporary files.
    """

    root: Path
    ledger_url: str | None = None
    store_url: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Home:
        """The home named by ``FISC_HOME``, else ``data`` in the working folder; ``FISC_LEDGER`` and ``FISC_STORE``."""
        root = Path(environment.get("FISC_HOME") or "data").expanduser()
        return cls(root, environment.get("FISC_LEDGER") or None, environment.get("FISC_STORE") or None)

    @property
    def shared(self) -> bool:
        """Whether several machines harvest into it: leases in the ledger then take the place of file locks."""
        return self.store_url is not None

    @property
    def tables(self) -> str:
        """Where the published tables are, as people write it."""
        return f"{self.store_url}/warehouse" if self.store_url else str(self.warehouse.absolute())

    def absolute(self) -> Home:
        """The same home for a process that works in another folder."""
        return replace(self, root=self.root.absolute())

    @property
    def archive(self) -> Path:
        """Raw files as fetched, by content; nothing is ever removed from it."""
        return self.root / "archive"

    @property
    def ledger(self) -> Path:
        """The SQLite file that knows where each link and each document stands."""
        return self.root / "ledger.sqlite"

    @property
    def staging(self) -> Path:
        """What each document last gave, one file a document, before it is folded into the tables."""
        return self.root / "staging"

    @property
    def warehouse(self) -> Path:
        """The data root that analysts read: published tables and ``datapackage.json``, nothing else."""
        return self.root / "warehouse"

    @property
    def work(self) -> Path:
        """Locks, journals and temporary files, outside the data root because ``**`` globs read hidden files."""
        return self.root / "work"

    @property
    def runs(self) -> Path:
        """What each run did, a JSON file and a page a run."""
        return self.root / "runs"

    @property
    def backup(self) -> Path:
        """Copies of the ledger."""
        return self.root / "backup"

    def create(self) -> Home:
        """Make the folders that are missing; returns the home itself."""
        for folder in (self.archive, self.staging, self.warehouse, self.work):
            folder.mkdir(parents=True, exist_ok=True)
        return self
