"""Running documents again: from the archive, or from their links where these failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fisc import __version__
from fisc.errors import DocumentError, FiscError
from fisc.flows import walk
from fisc.flows.changes import Reread, Trial, rereads
from fisc.flows.comparing import compare_published
from fisc.flows.fetch import Visitor
from fisc.flows.reading import job
from fisc.flows.sources import Source, readable_sources
from fisc.flows.summary import Summary, Trouble, added_up, trouble_of
from fisc.flows.workshop import SourceBusy, Workshop, source_alone
from fisc.reasons import reason as declared
from fisc.warehouse.ledger import Document, KnownLink, Ledger

Tell = Callable[[Reread], None]
"""Told what changed in a document that was read anew."""


class UnknownDocument(FiscError):
    """Nothing in the ledger answers to these words."""

    def __init__(self, words: str) -> None:
        super().__init__(
            f"No document answers to {words!r}: give the beginning of a document id, or words of its department "
            "or address; fisc status says what there is."
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to run again: documents by words; all that ``failed``, perhaps for one ``reason``; else all that another
    version read. ``source`` and ``year`` narrow it down, ``force`` takes what this version published, too."""

    words: tuple[str, ...] = ()
    failed: bool = False
    reason: str | None = None
    source: str | None = None
    year: int | None = None
    force: bool = False


def chosen_documents(ledger: Ledger, wanted: Wanted) -> list[Document]:
    """The documents to read again, each once."""
    found = named(ledger, wanted.words)
    if wanted.failed:
        found += ledger.select(
            state="failed", reason=wanted.reason, source=wanted.source, fiscal_year=wanted.year
        )
    elif wanted.source or wanted.year or not wanted.words:
        selected = ledger.select(source=wanted.source, fiscal_year=wanted.year)
        found += current(selected) if wanted.force else outdated(selected)
    return list({document.document_id: document for document in found}.values())


def run_again(
    workshop: Workshop, ledger: Ledger, wanted: Wanted, source_dir: Path, tell: Tell | None = None
) -> Summary:
    """Ask again for links that failed, read documents again, publish; ``tell`` as in :func:`read_again`.

    Raises :class:`UnknownDocument`.
    """
    parts = []
    chosen = chosen_documents(ledger, wanted)
    if wanted.failed:
        links = failed_links(ledger, wanted.source, wanted.year, wanted.reason)
        parts.append(fetch_again(workshop, ledger, source_dir, links))
        # What came with fresh bytes was read with them.
        chosen = [ledger.document(each.document_id) for each in chosen]
        chosen = [each for each in chosen if each.state == "failed"]
    return added_up([*parts, read_again(workshop, ledger, chosen, tell)])


def named(ledger: Ledger, words: Sequence[str]) -> list[Document]:
    """Documents by id, beginning of an id, department or address. Raises :class:`UnknownDocument`."""
    found: dict[str, Document] = {}
    for each in words:
        documents = ledger.find(each)
        if not documents:
            raise UnknownDocument(each)
        found |= {document.document_id: document for document in documents}
    return list(found.values())


def outdated(documents: Sequence[Document]) -> list[Document]:
    """Those that this version of fisc did not publish."""
    return [d for d in current(documents) if d.state != "published" or d.extractor_version != __version__]


def current(documents: Sequence[Document]) -> list[Document]:
    """Those whose place no other has taken."""
    return [d for d in documents if d.state != "superseded"]


def read_again(
    workshop: Workshop, ledger: Ledger, documents: Sequence[Document], tell: Tell | None = None
) -> Summary:
    """Read documents from the archive and publish them; what each had published is replaced.

    ``tell`` is told what changes in each that was read, before anything of it is published.
    """
    parts = []
    for batch in walk.batches(documents):
        parts.append(walk.read_documents(workshop, ledger, batch))
        if tell is not None:
            now = (ledger.document(document.document_id) for document in batch)
            for reread in rereads(workshop.home, [d for d in now if d.state == "validated"]):
                tell(reread)
    return added_up([*parts, walk.publish_all(workshop, ledger), compare_published(workshop)])


def try_again(workshop: Workshop, ledger: Ledger, documents: Sequence[Document], tell: Tell) -> Summary:
    """Read documents and tell what would change. Writes nothing; failures are counted only."""
    summary = Summary()
    workshop.watch.more("read", len(documents))
    for batch in walk.batches(documents):
        trials = [Trial(job(workshop.home, ledger, d, workshop.reviewed), d.published_in) for d in batch]
        tried = [workshop.isolation.submit(workshop.attempt, trial, trial.job.name) for trial in trials]
        for document, future in zip(batch, tried, strict=True):
            try:
                tell(future.result())
                summary.read += 1
            except DocumentError as error:
                summary.failed[error.reason] += 1
                summary.notes.append(f"{document.document_id}: {error.sentence}")
            workshop.watch.done("read")
    return summary


def failed_links(
    ledger: Ledger, source: str | None = None, year: int | None = None, reason: str | None = None
) -> list[KnownLink]:
    """Links that failed, and the links of documents that only fresh bytes can mend."""
    failed = [link for link in ledger.links(source, "failed") if reason in (None, link.reason)]
    for document in ledger.select(state="failed", source=source, reason=reason):
        if declared(document.reason or "").refetch:
            failed += [link for link in ledger.links_of(document.document_id) if link.state == "fetched"]
    wanted = {link.url: link for link in failed if year is None or link.fiscal_year in (year, None)}
    return list(wanted.values())


def fetch_again(workshop: Workshop, ledger: Ledger, folder: Path, links: Sequence[KnownLink]) -> Summary:
    """Ask for links, whether or not their time has come, and read what is new. Publishes nothing.

    A source that another process harvests at this moment is left to it.
    """
    sources = readable_sources(folder)[0] if links else {}
    parts = []
    for name in dict.fromkeys(link.source for link in links):
        of_source = [link for link in links if link.source == name]
        if name not in sources:
            sentence = (
                f"{folder} has no source {name}, so its {len(of_source)} links cannot be asked again; "
                "name the folder of your sources with --source-dir."
            )
            parts.append(Summary(troubles=[Trouble(name, "unknown_source", sentence)]))
            continue
        with source_alone(workshop.home, name) as alone:
            if alone:
                workshop.watch.more("fetch", len(of_source))
                parts += _fetch(workshop, ledger, sources[name], of_source)
            else:
                parts.append(Summary(troubles=[trouble_of(name, SourceBusy(name))]))
    return added_up(parts)


def _fetch(workshop: Workshop, ledger: Ledger, source: Source, links: Sequence[KnownLink]) -> list[Summary]:
    with Visitor(source, home=workshop.home) as visitor:
        return [walk.fetch_and_read(workshop, ledger, visitor, batch) for batch in walk.batches(links)]
