"""A disclosure that came at another address: the old address is asked at once, and what changed is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fisc.errors import DocumentError
from fisc.flows.summary import CHANGED
from fisc.flows.unpack import archive_url
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document, KnownLink, Ledger


def old_addresses(ledger: Ledger, source: str, since: datetime) -> list[KnownLink]:
    """Links of a source, not asked ``since`` then, that give the statements of a disclosure of which another file came
    since then. While they answer both files stand; where they are dead the new one takes their place."""
    links: dict[str, KnownLink] = {}
    for _, other in ledger.beside(source, since):
        for link in ledger.giving(other.document_id):
            asked = ledger.link(archive_url(link.url))
            if asked.source == source and (asked.checked_at is None or asked.checked_at < since):
                links[asked.url] = asked
    return list(links.values())


def twice(ledger: Ledger, source: str, since: datetime) -> list[str]:
    """Disclosures whose statements two files give, of which one was read ``since`` then, a sentence each."""
    leaving = {departure.document.document_id for departure in ledger.departures()}
    sentences: dict[tuple[str, ...], str] = {}
    for document, other in ledger.beside(source, since):
        pair = tuple(sorted((document.document_id, other.document_id)))
        if leaving.isdisjoint(pair) and document.disclosure is not None:
            said = document.disclosure
            sentences[pair] = (
                f"{said.department} has its {said.fiscal_year} {said.stage} in two files, {pair[0]} and {pair[1]}, "
                "and both are published: do not add them up; fisc show says where each comes from."
            )
    return [sentences[pair] for pair in sorted(sentences)]


def untold(home: Home, ledger: Ledger) -> list[Document]:
    """Documents that take another's place and do not say what changed: that place came free after they were read."""
    told: dict[str, str] = {}
    found = {}
    for departure in ledger.departures():
        successor = departure.successor
        if successor not in told:
            told[successor] = " ".join(_changes(home, successor))
        if departure.document.document_id not in told[successor]:
            found[successor] = ledger.document(successor)
    return list(found.values())


def _changes(home: Home, document_id: str) -> Iterable[str]:
    from fisc.warehouse.stage import staged

    try:
        findings = staged(home, document_id)["finding"].select(["rule", "message"]).to_pylist()
    except (DocumentError, KeyError):
        return []
    return [each["message"] for each in findings if each["rule"] == CHANGED]
