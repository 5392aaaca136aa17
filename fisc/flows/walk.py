"""The walk over one source, in plain functions: what a flow calls, a batch at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from fisc.errors import DocumentError
from fisc.flows import arrivals
from fisc.flows.changes import tell_changes
from fisc.flows.discover import Discovery, discover
from fisc.flows.fetch import NOTHING_SEEN, Got, Seen, Visitor
from fisc.flows.moved import untold
from fisc.flows.net.failures import FetchError
from fisc.flows.portal.fallen import fallen
from fisc.flows.portal.memory import remembered_pages
from fisc.flows.reading import Read, job, unexpected
from fisc.flows.sources import Source
from fisc.flows.summary import Summary, Trouble
from fisc.flows.unpack import archive_url
from fisc.flows.validation import validate_staged, waive_staged
from fisc.flows.workshop import Workshop
from fisc.reasons import reason
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document, KnownLink, Ledger, Link
from fisc.warehouse.publish import publish

T = TypeVar("T")

BATCH = 50
"""Documents a task: a task a document would cost a hundred times as much of Prefect's server."""

RUNS = 200
"""Runs of all sources among which the last ones of a source are looked for."""

PUBLISH_EVERY = 1_000
"""Documents between two publications of a long run; each rewrites the partitions that it touches."""


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """The items, so many at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def list_links(source: Source, visitor: Visitor, ledger: Ledger, home: Home) -> tuple[Discovery, Summary]:
    """Read what the source lists and enter it; what is wrong with its lists becomes troubles."""
    with remembered_pages(home, source.name, repr((source.article, source.moved))) as memory:
        found = discover(source, visitor, memory)
    with ledger.together():
        for link in found.links:
            ledger.discovered(link)
        for link in found.foreign:
            _refuse(ledger, link)
        for known in ledger.links(source.name) if source.ignored else ():
            ignore = next((i for i in source.ignored if i.fits(known.title or "", known.url)), None)
            if ignore is not None:
                ledger.ignored(known.url, ignore.reason)
    summary = Summary(pages=found.pages, listed=len(found.links), ignored=len(found.ignored))
    summary.notes += [error.sentence for error in found.failures if error.reason == "quiet_hours"]
    failed = [error for error in found.failures if error.reason != "quiet_hours"]
    summary.troubles += [Trouble(error.url, error.reason, error.sentence) for error in failed]
    doubts = [*found.doubts, *fallen(source, found, ledger.runs(RUNS))]
    summary.troubles += [Trouble(doubt.url, doubt.reason, doubt.sentence) for doubt in doubts]
    return found, summary


def _refuse(ledger: Ledger, link: Link) -> None:
    """A link to a host that the source does not know is written down and not followed."""
    if ledger.discovered(link):
        error = FetchError(link.url, "foreign_host", detail=urlsplit(link.url).netloc)
        ledger.link_failed(link.url, error.reason, error.sentence)


def agenda(
    ledger: Ledger, source: Source, listed: Iterable[str], since: date | None = None, limit: int | None = None
) -> list[KnownLink]:
    """Which links to ask for now: those never fetched, those to be tried again, those to be asked for changes.

    What may heal soon is tried again whether or not its time has come. Links that gave nothing yet come first, of
    these the ones that failed most often last: files that never come must not keep the others waiting.
    ``since`` leaves out what was published earlier; what has no date stays.
    """
    due = {link.url for link in ledger.due(source.name)}
    on_the_pages = set(listed)
    failed = ledger.links(source.name, "failed")
    due |= {link.url for link in failed if _may_heal_soon(link) or _is_known_now(link, on_the_pages)}
    checked_before = datetime.now(UTC) - timedelta(days=source.politeness.recheck_days)
    wanted = [
        link
        for link in ledger.links(source.name)
        if (link.url in due or (link.url in on_the_pages and _to_check(link, checked_before)))
        and (since is None or link.published_on is None or link.published_on >= since)
    ]
    wanted.sort(key=lambda link: (link.state == "fetched", link.attempts))
    return wanted[:limit]


def unread(ledger: Ledger, source: Source) -> list[Document]:
    """Documents of a source that an earlier run fetched and did not come to read."""
    return [
        document
        for state in ("fetched", "extracted")
        for document in ledger.select(source=source.name, state=state)
    ]


def fetch_and_read(
    workshop: Workshop, ledger: Ledger, visitor: Visitor, links: Sequence[KnownLink]
) -> Summary:
    """Ask for each link, and read what is new while the next ones are asked for. Failures become ledger rows."""
    summary = Summary()
    reading: dict[Future[Read], str] = {}
    begun: set[str] = set()
    with _threads(visitor.source.politeness.concurrency) as threads:
        answers = threads.map(lambda link: _ask(visitor, workshop.home, link), links)
        for link, answer in zip(links, answers, strict=True):
            workshop.watch.done("fetch")
            for document in _enter(workshop.home, ledger, visitor.source, link, answer, summary):
                if _is_unread(document) and document.document_id not in begun:
                    begun.add(document.document_id)
                    workshop.watch.more("read", 1)
                    reading[_submit(workshop, ledger, document)] = document.document_id
    _settle(workshop, ledger, reading, summary)
    return summary


def read_documents(workshop: Workshop, ledger: Ledger, documents: Sequence[Document]) -> Summary:
    """Read documents from the archive, whatever state they are in. Failures become ledger rows.

    The largest file goes first: nothing is idle at the end while one process reads a long scan.
    """
    summary = Summary()
    workshop.watch.more("read", len(documents))
    by_size = sorted(
        documents, key=lambda document: archive.size(workshop.home, document.sha256), reverse=True
    )
    reading = {_submit(workshop, ledger, document): document.document_id for document in by_size}
    _settle(workshop, ledger, reading, summary)
    return summary


def publish_all(workshop: Workshop, ledger: Ledger) -> Summary:
    """Publish whatever is ready, and finish what a killed run began. What takes the place of a document that is only
    now found gone is read again first, so that it says what changed."""
    summary = Summary()
    for batch in batches(untold(workshop.home, ledger)):
        summary.add(read_documents(workshop, ledger, batch))
    done = publish(workshop.home, ledger)
    summary.add_publication(done)
    for document_id in done.failed:
        summary.failed[ledger.document(document_id).reason or "failed"] += 1
    return summary


def _is_unread(document: Document) -> bool:
    """New bytes, or bytes that are back in the archive from which they were lost."""
    lost = document.state == "failed" and document.reason in ("archive_missing", "archive_damaged")
    return document.state == "fetched" or lost


def quiet_note(source: Source) -> str:
    """What is said when the quiet hours of a source begin."""
    return f"Source {source.name} keeps quiet now; the next harvest asks for what is left."


def _may_heal_soon(link: KnownLink) -> bool:
    return link.next_try is not None and reason(link.reason or "").heals == "soon"


def _is_known_now(link: KnownLink, on_the_pages: Collection[str]) -> bool:
    """Whether its host was unknown, and the source names it by now."""
    return link.reason == "foreign_host" and link.url in on_the_pages


def _to_check(link: KnownLink, checked_before: datetime) -> bool:
    if link.state != "fetched":
        return False
    # A clock that ran ahead once must not keep a link from being asked for years.
    return link.checked_at is None or not checked_before < link.checked_at <= datetime.now(UTC)


def _ask(visitor: Visitor, home: Home, link: KnownLink) -> Got | FetchError:
    known = link.sha256 is not None and archive.has(home, link.sha256)
    try:
        return visitor.file(
            archive_url(link.url), Seen(link.etag, link.last_modified) if known else NOTHING_SEEN
        )
    except FetchError as error:
        return error


def _enter(
    home: Home, ledger: Ledger, source: Source, link: KnownLink, answer: Got | FetchError, summary: Summary
) -> list[Document]:
    """Write down what a link gave; returns the documents that it gave."""
    if not isinstance(answer, FetchError):
        return arrivals.enter(home, ledger, source, link, answer, summary)
    if answer.reason == "quiet_hours":
        summary.notes += [] if quiet_note(source) in summary.notes else [quiet_note(source)]
        return []
    not_before = answer.wait_s and datetime.now(UTC) + timedelta(seconds=answer.wait_s)
    ledger.link_failed(link.url, answer.reason, answer.sentence, not_before or None)
    summary.failed[answer.reason] += 1
    summary.gone += link.sha256 is not None and reason(answer.reason).gone
    return []


def _submit(workshop: Workshop, ledger: Ledger, document: Document) -> Future[Read]:
    work = job(workshop.home, ledger, document, workshop.reviewed)
    return workshop.isolation.submit(workshop.read, work, work.name)


def _settle(workshop: Workshop, ledger: Ledger, reading: dict[Future[Read], str], summary: Summary) -> None:
    extracted: list[str] = []
    for future in as_completed(reading):
        document_id = reading[future]
        try:
            read = future.result()
        except DocumentError as error:
            _failed(ledger, document_id, error, summary)
        except Exception as error:
            _failed(ledger, document_id, unexpected(f"Document {document_id}", error), summary)
        else:
            ledger.extracted(document_id, read.disclosure, read.extractor_version, read.holds)
            summary.findings.update(read.findings)
            extracted.append(document_id)
        workshop.watch.done("read")
    _validate(workshop, ledger, extracted, summary)


def _validate(workshop: Workshop, ledger: Ledger, extracted: Sequence[str], summary: Summary) -> None:
    home = workshop.home
    failed = validate_staged(home, extracted)
    valid = [each for each in extracted if each not in failed]
    summary.replaced += tell_changes(home, ledger, valid)
    failed |= waive_staged(home, ledger, workshop.reviewed, valid)
    with ledger.together():
        for document_id in extracted:
            if document_id in failed:
                _failed(ledger, document_id, failed[document_id], summary)
            else:
                ledger.validated(document_id)
                summary.read += 1


def _failed(ledger: Ledger, document_id: str, error: DocumentError, summary: Summary) -> None:
    ledger.document_failed(document_id, error.reason, error.sentence)
    summary.failed[error.reason] += 1


@contextmanager
def _threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that a person who stops the run need not wait for."""
    threads = ThreadPoolExecutor(count, thread_name_prefix="fisc-fetch")
    try:
        yield threads
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
