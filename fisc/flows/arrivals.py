"""What comes from a link is kept: one file as a document, an archive as itself and as the documents inside it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from fisc.flows.fetch import Got
from fisc.flows.formats import ZIP, format_of
from fisc.flows.portal.links import member_link
from fisc.flows.sources import Source
from fisc.flows.summary import Summary
from fisc.flows.unpack import archive_url, unpack
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document, KnownLink, Ledger

Came = tuple[str, Mapping[str, str | None]]
"""The SHA-256 of what came, and what the portal said of it as keywords of the ledger."""


def enter(
    home: Home, ledger: Ledger, source: Source, link: KnownLink, answer: Got, summary: Summary
) -> list[Document]:
    """Archive and write down what a link gave; returns the documents that it gave."""
    if urlsplit(answer.url).netloc != urlsplit(link.url).netloc:
        summary.elsewhere[urlsplit(answer.url).netloc] += 1
    if answer.content is None:
        ledger.not_modified(link.url)
        summary.unchanged += 1
        # Bytes that are back at an address that was dead, while another file had their place.
        given = [ledger.document(link.document_id)] if link.document_id else []
        return [document for document in given if document.state == "fetched"]
    if "#" in link.url:
        # A file out of an archive cannot be asked for alone.
        link = ledger.link(archive_url(link.url))
    seen = answer.seen
    said = {"etag": seen.etag, "last_modified": seen.last_modified}
    came = archive.put(home, answer.content), said
    if format_of(answer.content) == ZIP:
        return _enter_archive(home, ledger, source, link, answer.content, came, summary)
    ledger.members_are(link.url, ())
    return [_document(ledger, link, came, summary)]


def _enter_archive(
    home: Home, ledger: Ledger, source: Source, link: KnownLink, content: bytes, came: Came, summary: Summary
) -> list[Document]:
    """Every member becomes a document of its own. Where something in it is refused, the archive is a document, too,
    that fails with the reason; without that it is only the place where its members come from."""
    unpacked = unpack(content)
    documents = []
    members = [(archive.put(home, m.content), member_link(source, link, m.path)) for m in unpacked.members]
    with ledger.together():
        ledger.members_are(link.url, [member.url for _, member in members])
        for sha256, member in members:
            ledger.discovered(member)
            documents.append(_document(ledger, ledger.link(member.url), (sha256, {}), summary))
        if unpacked.refused:
            documents.append(_document(ledger, link, came, summary))
        else:
            ledger.unpacked(link.url, came[0], **came[1])
    return documents


def _document(ledger: Ledger, link: KnownLink, came: Came, summary: Summary) -> Document:
    sha256, said = came
    if sha256 == link.sha256:
        summary.unchanged += 1
    elif link.sha256 is None:
        summary.new += 1
    else:
        summary.changed += 1
    return ledger.document(ledger.fetched(link.url, sha256, **said))
