"""One document from the archive to the staging area: what runs in a process of its own."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fisc import __version__
from fisc.errors import DocumentError
from fisc.schemas.decisions import NO_DECISIONS, Decisions
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Disclosure, Document, Ledger
from fisc.warehouse.reviewed import decisions

if TYPE_CHECKING:
    from fisc.extractors.document import Extracted, Hints

    Extract = Callable[[bytes, Hints], Extracted]


ABOUT = frozenset({"document", "finding", "check", "cell", "comparison"})
"""Tables that say something about a document, and not what stands in it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A document to read: which home it lies in, and what is known of it, as keywords of ``Hints``.

    ``decided`` is what people decided about it, or why their file cannot be read. It travels with the job: whoever reads
    the document may be another machine.
    """

    home: Home
    sha256: str
    hints: Mapping[str, Any]
    decided: Decisions | DocumentError = NO_DECISIONS

    @property
    def name(self) -> str:
        """The document in words, for a sentence about it."""
        title = self.hints.get("title") or self.hints.get("file_name")
        return f"Document {self.sha256[:16]}" + (f" ({title})" if title else "")


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a document: small, as it crosses from one process to another. Its rows are staged."""

    disclosure: Disclosure
    extractor_version: str
    rows: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> list[str]:
        """The tables of the document itself that have rows."""
        return [table for table, rows in self.rows.items() if rows and table not in ABOUT]


def job(home: Home, ledger: Ledger, document: Document, reviewed: Path = Path()) -> Job:
    """The job of reading a document, with the words of the first link that gave it."""
    hints: dict[str, Any] = {"fetched_at": _fetched_at(document)}
    links = ledger.links_of(document.document_id)
    if links:
        link = links[0]
        hints |= {
            "file_name": link.file_name,
            "url": link.url,
            "source": link.source,
            "title": link.title,
            "region_code": link.region_code,
            "department": link.department,
            "fiscal_year": link.fiscal_year,
            "stage": link.stage,
            "published_on": link.published_on,
        }
    decided = _decided(reviewed, hints.get("source"), document.document_id)
    return Job(home.absolute(), document.sha256, hints, decided)


def _decided(reviewed: Path, source: str | None, document_id: str) -> Decisions | DocumentError:
    try:
        return decisions(reviewed, source).of(document_id)
    except DocumentError as error:
        return error


def read_document(job: Job) -> Read:
    """Read and stage one document. Raises :class:`DocumentError` whatever goes wrong."""
    from fisc.extractors.document import extract

    return read_with(extract, job)


def read_with(extract: Extract, job: Job) -> Read:
    """The same with another way of extracting."""
    from fisc.warehouse.stage import stage

    with _faults_told(job):
        done = extracted(extract, job)
        disclosure = disclosure_of(done)
        stage(job.home, job.sha256[:16], done.tables)
    rows = {name: table.num_rows for name, table in done.tables.items()}
    severities = done.tables["finding"].column("severity").to_pylist() if "finding" in done.tables else []
    return Read(disclosure, __version__, rows, Counter(severities))


def extracted(extract: Extract, job: Job) -> Extracted:
    """What a document in the archive holds; nothing is written. Raises :class:`DocumentError`."""
    from fisc.extractors.document import Hints

    with _faults_told(job):
        if isinstance(job.decided, DocumentError):
            raise job.decided
        content = archive.get(job.home, job.sha256)
        _refuse(job.name, content)
        return extract(content, Hints(**job.hints, decisions=job.decided))


@contextmanager
def _faults_told(job: Job) -> Iterator[None]:
    """Whatever goes wrong inside is a :class:`DocumentError`."""
    try:
        yield
    except (DocumentError, MemoryError):
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DocumentError(
                "disk_full",
                f"{job.name} was read and could not be kept, as the disk of FISC_HOME is full; make room and run "
                "it again with fisc rerun.",
            ) from None
        raise unexpected(job.name, error) from None
    except Exception as error:
        raise unexpected(job.name, error) from None


def _refuse(name: str, content: bytes) -> None:
    """Raises :class:`DocumentError` for what is kept and cannot be read: other formats, archives that hide something."""
    from fisc.flows.formats import ZIP, format_of, refuse_unsupported
    from fisc.flows.unpack import refuse_archive

    refuse_unsupported(name, content)
    if format_of(content) == ZIP:
        refuse_archive(name, content)


def prepare() -> None:
    """Import what reading needs, so that the first document does not wait for it.

    What is loaded stays to the end: the garbage collector need not look at it again with every document.
    """
    import gc

    import fisc.extractors.document
    import fisc.warehouse.stage  # noqa: F401

    gc.freeze()


def disclosure_of(extracted: Extracted) -> Disclosure:
    """Whose disclosure a document is, in the ledger's words."""
    identity = extracted.identity
    return Disclosure(
        region_code=identity.region_code or None,
        department=identity.department,
        level=identity.level,
        fiscal_year=identity.fiscal_year,
        stage=identity.stage,
    )


def unexpected(name: str, error: Exception) -> DocumentError:
    """An error of ours that a document brought to light, with the place in the code."""
    place = "unknown"
    trace = error.__traceback__
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    said = " ".join(str(error).split())[:200]
    return DocumentError(
        "internal_error",
        f"{name} could not be read because of a fault in fisc ({type(error).__name__} at {place}: {said}); "
        "report it with the file.",
    )


def _fetched_at(document: Document) -> str:
    """When the bytes first came, to the second; ``SOURCE_DATE_EPOCH`` takes its place for reproducible runs."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    at = datetime.fromtimestamp(int(epoch), UTC) if epoch else document.fetched_at.astimezone(UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
