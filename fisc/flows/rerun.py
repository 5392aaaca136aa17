"""Running documents again: from the archive, or from their links where these failed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fisc import __version__
from fisc.errors import FiscError
from fisc.flows import walk
from fisc.flows.fetch import Visitor
from fisc.flows.sources import Source, read_sources
from fisc.flows.summary import Summary, Trouble, added_up
from fisc.flows.workshop import Workshop
from fisc.warehouse.ledger import Document, KnownLink, Ledger


class UnknownDocument(FiscError):
    """Nothing in the ledger answers to these words."""

    def __init__(self, words: str) -> None:
        super().__init__(
            f"No document answers to {words!r}: give the beginning of a document id, or words of its department "
            "or address; fisc status says what there is."
        )


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


def read_again(workshop: Workshop, ledger: Ledger, documents: Sequence[Document]) -> Summary:
    """Read documents from the archive and publish them; what each had published is replaced."""
    parts = [walk.read_documents(workshop, ledger, batch) for batch in walk.batches(documents)]
    return added_up([*parts, walk.publish_all(workshop, ledger)])


def fetch_again(
    workshop: Workshop, ledger: Ledger, folder: Path, source: str | None = None, year: int | None = None
) -> Summary:
    """Ask again for links that failed, whether or not their time has come. Publishes nothing."""
    links = [
        link for link in ledger.links(source, "failed") if year is None or link.fiscal_year in (year, None)
    ]
    sources = read_sources(folder) if links else {}
    parts = []
    for name in dict.fromkeys(link.source for link in links):
        of_source = [link for link in links if link.source == name]
        if name in sources:
            workshop.watch.more("fetch", len(of_source))
            parts += _fetch(workshop, ledger, sources[name], of_source)
        else:
            sentence = (
                f"{folder} has no source {name}, so its {len(of_source)} failed links cannot be asked again; "
                "name the folder of your sources with --source-dir."
            )
            parts.append(Summary(troubles=[Trouble(name, "unknown_source", sentence)]))
    return added_up(parts)


def _fetch(workshop: Workshop, ledger: Ledger, source: Source, links: Sequence[KnownLink]) -> list[Summary]:
    with Visitor(source) as visitor:
        return [
            walk.fetch_and_read(workshop, ledger, visitor, batch, source.politeness.concurrency)
            for batch in walk.batches(links)
        ]
