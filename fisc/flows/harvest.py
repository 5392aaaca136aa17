"""The harvest as a Prefect flow: a flow a source, a task a batch, a plain function a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import httpx
from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectException
from prefect.states import Completed

from fisc.flows import walk
from fisc.flows.comparing import compare_published
from fisc.flows.fetch import Visitor
from fisc.flows.moved import old_addresses, twice
from fisc.flows.night.following import follow_parent
from fisc.flows.night.page import markdown, plain_row
from fisc.flows.night.record import Record, recorded
from fisc.flows.sources import Source, chosen
from fisc.flows.summary import Summary, added_up, shortfalls
from fisc.flows.workshop import SourceBusy, Workshop, open_workshop, source_alone
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document, KnownLink, Ledger

_workshop: ContextVar[Workshop | None] = ContextVar("workshop", default=None)


class Walk:
    """What the tasks of one flow share."""

    def __init__(self, workshop: Workshop, ledger: Ledger, source: Source, visitor: Visitor) -> None:
        self.workshop, self.ledger, self.source, self.visitor = workshop, ledger, source, visitor


@contextmanager
def in_workshop(workshop: Workshop) -> Iterator[None]:
    """Flows called inside use this workshop; elsewhere each opens its own."""
    token = _workshop.set(workshop)
    try:
        yield
    finally:
        _workshop.reset(token)


@task(name="list", task_run_name="list", cache_policy=NO_CACHE, persist_result=False)
def list_task(todo: Walk) -> tuple[list[str], Summary]:
    """Read the list pages."""
    found, summary = walk.list_links(todo.source, todo.visitor, todo.ledger, todo.workshop.home)
    return [link.url for link in found.links], summary


@task(name="read", task_run_name="read", cache_policy=NO_CACHE, persist_result=False)
def read_task(todo: Walk, documents: Sequence[Document]) -> Summary:
    """Read a batch of documents that lie in the archive."""
    return walk.read_documents(todo.workshop, todo.ledger, documents)


@task(name="fetch", task_run_name="fetch", cache_policy=NO_CACHE, persist_result=False)
def fetch_task(todo: Walk, links: Sequence[KnownLink]) -> Summary:
    """Fetch a batch of links and read what is new."""
    return walk.fetch_and_read(todo.workshop, todo.ledger, todo.visitor, links)


@task(name="publish", task_run_name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_task(todo: Walk) -> Summary:
    """Publish what is ready."""
    return walk.publish_all(todo.workshop, todo.ledger)


@task(name="compare", task_run_name="compare", cache_policy=NO_CACHE, persist_result=False)
def compare_task(todo: Walk) -> Summary:
    """Hold documents against each other."""
    return compare_published(todo.workshop)


@flow(name="harvest-portal", flow_run_name="harvest {source}", persist_result=False)
def harvest_portal(
    source: str, source_dir: str = "sources", since: date | None = None, limit: int | None = None
) -> Summary:
    """Discover, fetch, extract, validate and publish one source, named or given by the path of its file.

    Ends ``Completed``, or ``CompletedWithFailures`` where a link, a document or a list page failed; the ledger
    says which. Whatever an earlier run left half done is finished first.
    """
    follow_parent()
    declared = chosen([source], Path(source_dir))[0]
    with shared_workshop() as workshop, source_alone(workshop.home, declared.name) as alone:
        if not alone:
            raise SourceBusy(declared.name)
        with Ledger.open(workshop.home) as ledger, Visitor(declared, home=workshop.home) as visitor:
            todo = Walk(workshop, ledger, declared, visitor)
            name = f"harvest {declared.name}"
            summary, record = recorded(
                workshop.home, ledger, name, lambda: _harvest(todo, since, limit), declared
            )
    shown(record)
    name = "CompletedWithFailures" if summary.failures else "Completed"
    # Prefect gives the caller of a flow what the state holds.
    state: Any = Completed(name=name, message=f"{summary.published} published", data=summary)
    return cast(Summary, state)


def _harvest(todo: Walk, since: date | None, limit: int | None) -> Summary:
    ledger, source, began = todo.ledger, todo.source, datetime.now(UTC)
    parts = [read_task(todo, batch) for batch in walk.batches(walk.unread(ledger, source))]
    listed, summary = list_task(todo)
    parts.append(summary)
    links = walk.agenda(ledger, source, listed, since, limit)
    parts += _fetched(todo, links)
    parts += _fetched(todo, old_addresses(ledger, source.name, began))
    parts.append(publish_task(todo))
    parts.append(compare_task(todo))
    total = added_up(parts)
    total.notes += twice(ledger, source.name, began)
    total.notes += shortfalls(source, ledger, datetime.now(UTC).date())
    return total


def _fetched(todo: Walk, links: Sequence[KnownLink]) -> Iterator[Summary]:
    """Ask for links a batch at a time, as long as the source may be asked; publish now and then."""
    todo.workshop.watch.more("fetch", len(links))
    waiting = 0
    for batch in walk.batches(links):
        if todo.visitor.keeps_quiet:
            yield Summary(notes=[walk.quiet_note(todo.source)])
            return
        fetched = fetch_task(todo, batch)
        yield fetched
        waiting += fetched.read
        if waiting >= walk.PUBLISH_EVERY:
            yield publish_task(todo)
            waiting = 0


def shown(record: Record) -> None:
    """Show a record in Prefect, where a flow runs. It is written down already: a server in trouble loses nothing."""
    if FlowRunContext.get() is None:
        return
    key = re.sub(r"[^a-z0-9]+", "-", record.name.lower()).strip("-")
    try:
        create_markdown_artifact(key=key, markdown=markdown(record), description=f"Run {record.run}")
        if record.coverage:
            rows = [plain_row(place) for place in record.coverage]
            create_table_artifact(key=f"{key}-coverage", table=rows, description="Department × year × stage")
    except (PrefectException, httpx.HTTPError) as error:
        get_run_logger().warning("Prefect did not take the record of %s: %s", record.name, error)


@contextmanager
def shared_workshop() -> Iterator[Workshop]:
    shared = _workshop.get()
    if shared is not None:
        yield shared
        return
    with open_workshop(Home.from_environment()) as own:
        yield own
