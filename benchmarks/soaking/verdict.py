"""The verdict: after all nights, everything that is not as it must be, a sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from benchmarks.soaking.city import COMPARED, Item, digest, plain
from fisc.errors import DocumentError
from fisc.schemas.contract import MODELS
from fisc.schemas.model import COMMON
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document, KnownLink, Ledger
from fisc.warehouse.read import dataset

KEYS = {"document": ("document_id",), "cell": ("document_id", "table", "column", "row")}
"""What names a row of a table; of the others, their document and number."""


def wrongs(home: Home, city: Sequence[Item], base_url: str) -> list[str]:
    """Everything that is wrong in the ledger, the archive and the published tables."""
    with Ledger.open(home) as ledger:
        links = {link.url.removeprefix(base_url): link for link in ledger.links()}
        documents = {document.document_id: document for document in ledger.select()}
    published = _must_be_published(city)
    return [
        *_links(city, links),
        *_documents(city, documents),
        *_tables(home, published),
        *_archived(home, documents),
        *_left_over(home),
    ]


def _must_be_published(city: Sequence[Item]) -> dict[str, str]:
    """document_id to the digest of its rows."""
    return {
        sha256(item.last.content).hexdigest()[:16]: item.last.truth or ""
        for item in city
        if item.last and item.document is None
    }


def _links(city: Sequence[Item], links: dict[str, KnownLink]) -> Iterator[str]:
    for item in city:
        link = links.get(item.path)
        if link is None:
            yield f"{item.path} ({item.fate}) is not in the ledger"
        elif (link.state, link.reason) != (("failed", item.link) if item.link else ("fetched", None)):
            yield f"{item.path} ({item.fate}) stands as {link.state} {link.reason}, not {item.link or 'fetched'}"


def _documents(city: Sequence[Item], documents: dict[str, Document]) -> Iterator[str]:
    for item in city:
        if item.last is None:
            continue
        document_id = sha256(item.last.content).hexdigest()[:16]
        document = documents.get(document_id)
        wanted = ("failed", item.document) if item.document else ("published", None)
        if document is None:
            yield f"{item.path} ({item.fate}) gave {document_id}, which the ledger does not know"
        elif (document.state, document.reason) != wanted:
            yield f"{document_id} ({item.fate}) stands as {document.state} {document.reason}, not {wanted[1] or wanted[0]}"
    waiting = Counter(
        d.state for d in documents.values() if d.state not in ("published", "failed", "superseded")
    )
    yield from (f"{count} documents stay {state}" for state, count in waiting.items())


def _tables(home: Home, published: dict[str, str]) -> Iterator[str]:
    rows: dict[str, dict[str, list[dict[str, object]]]] = {}
    for table in MODELS:
        seen: set[tuple[object, ...]] = set()
        for row in dataset(home, table).to_table().to_pylist():
            key = tuple(row[name] for name in KEYS.get(table, ("document_id", "row")))
            if key in seen:
                yield f"{table} has {key} twice"
            seen.add(key)
            if row["document_id"] not in published:
                yield f"{table} has rows of {row['document_id']}, which must not be published"
            if table in COMPARED:
                rows.setdefault(str(row["document_id"]), {}).setdefault(table, []).append(row)
        if table == "document":
            missing = published.keys() - {str(document_id) for (document_id,) in seen}
            yield from (
                f"{document_id} is not among the published documents" for document_id in sorted(missing)
            )
    for document_id, truth in published.items():
        if digest(_known(rows.get(document_id, {}))) != truth:
            yield f"the rows of {document_id} are not those that were printed"


def _known(tables: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """The columns that a print tells; amounts as text."""
    told = {
        name: sorted(rows, key=lambda row: row["row"])  # type: ignore[arg-type,return-value]
        for name, rows in tables.items()
    }
    return {
        name: [{k: plain(v) for k, v in row.items() if _told(k)} for row in rows]
        for name, rows in told.items()
    }


NOT_TOLD = (*COMMON, "year", "kind", "prov")


def _told(column: str) -> bool:
    return column not in NOT_TOLD


def _archived(home: Home, documents: dict[str, Document]) -> Iterator[str]:
    for document in documents.values():
        try:
            archive.get(home, document.sha256)
        except DocumentError as error:
            yield error.sentence


def _left_over(home: Home) -> Iterator[str]:
    for folder in ("journals", "folds"):
        left = sorted(path.name for path in (home.work / folder).glob("*"))
        if left:
            yield f"work/{folder} still holds {', '.join(left)}"
