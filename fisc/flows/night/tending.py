"""What is done between two harvests: try again what may heal, ask again for what was published, read again on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from prefect import flow
from prefect.states import Completed

from fisc.flows import walk
from fisc.flows.comparing import compare_published
from fisc.flows.fetch import Visitor
from fisc.flows.harvest import shared_workshop, shown
from fisc.flows.night.following import follow_parent
from fisc.flows.night.record import recorded
from fisc.flows.rerun import Wanted, fetch_again, read_again, run_again
from fisc.flows.sources import Source, readable_sources
from fisc.flows.summary import Summary, added_up
from fisc.flows.workshop import Workshop, source_alone
from fisc.warehouse.ledger import KnownLink, Ledger


@flow(name="retry", persist_result=False)
def retry(source_dir: str = "sources") -> Summary:
    """Try again what failed and whose time has come. Where nothing is due, nothing is written down."""
    follow_parent()
    with shared_workshop() as workshop, Ledger.open(workshop.home) as ledger:
        links, documents = _due_links(ledger, Path(source_dir)), ledger.documents_due()
        if not links and not documents:
            return _ended(Summary())

        def again() -> Summary:
            fetched = fetch_again(workshop, ledger, Path(source_dir), links)
            return added_up([fetched, read_again(workshop, ledger, documents)])

        return _ended(_recorded(workshop, ledger, "retry", again))


@flow(name="recheck", persist_result=False)
def recheck(source_dir: str = "sources", sources: list[str] | None = None) -> Summary:
    """Ask for all bytes of all links that gave a document, listed or not: a portal that replaces a file in silence,
    with the same address and date, is found out by the hash. Without ``sources`` all that are not paused."""
    follow_parent()
    with shared_workshop() as workshop, Ledger.open(workshop.home) as ledger:
        wanted = [
            source
            for source in readable_sources(Path(source_dir))[0].values()
            if (source.name in sources if sources else source.paused is None)
        ]
        return _ended(added_up([_recheck(workshop, ledger, source) for source in wanted]))


@flow(name="rerun", persist_result=False)
def rerun(
    documents: list[str] | None = None,
    failed: bool = False,
    reason: str | None = None,
    source: str | None = None,
    year: int | None = None,
    force: bool = False,
    source_dir: str = "sources",
) -> Summary:
    """Like the command: documents by words, all that failed, or all that another version of fisc read."""
    follow_parent()
    wanted = Wanted(tuple(documents or ()), failed or reason is not None, reason, source, year, force)
    with shared_workshop() as workshop, Ledger.open(workshop.home) as ledger:
        return _ended(
            _recorded(
                workshop, ledger, "rerun", lambda: run_again(workshop, ledger, wanted, Path(source_dir))
            )
        )


def _due_links(ledger: Ledger, source_dir: Path) -> list[KnownLink]:
    """Failed links whose time has come, of sources that are there; new ones wait for the harvest."""
    known = readable_sources(source_dir)[0]
    return [link for link in ledger.due() if link.state == "failed" and link.source in known]


def _recheck(workshop: Workshop, ledger: Ledger, source: Source) -> Summary:
    with source_alone(workshop.home, source.name) as alone:
        if not alone:
            return Summary(notes=[f"{source.name} is being harvested and was not asked again."])
        return _recorded(
            workshop, ledger, f"recheck {source.name}", lambda: ask_again(workshop, ledger, source)
        )


def ask_again(workshop: Workshop, ledger: Ledger, source: Source) -> Summary:
    """Ask for the whole bytes of every link of a source that gave a document, read and publish what is not the same."""
    links = [replace(link, etag=None, last_modified=None) for link in ledger.links(source.name, "fetched")]
    workshop.watch.more("fetch", len(links))
    parts = []
    with Visitor(source, home=workshop.home) as visitor:
        for batch in walk.batches(links):
            if visitor.keeps_quiet:
                parts.append(Summary(notes=[walk.quiet_note(source)]))
                break
            parts.append(walk.fetch_and_read(workshop, ledger, visitor, batch))
    return added_up([*parts, walk.publish_all(workshop, ledger), compare_published(workshop)])


def _recorded(workshop: Workshop, ledger: Ledger, name: str, work: Callable[[], Summary]) -> Summary:
    summary, record = recorded(workshop.home, ledger, name, work)
    shown(record)
    return summary


def _ended(summary: Summary) -> Summary:
    name = "CompletedWithFailures" if summary.failures else "Completed"
    # Prefect gives the caller of a flow what the state holds.
    state: Any = Completed(name=name, message=f"{summary.published} published", data=summary)
    return cast(Summary, state)
