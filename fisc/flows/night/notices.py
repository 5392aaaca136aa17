"""What is worth waking somebody for: failures over a threshold, a silent source, a disclosure that was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from fisc.flows.night.settings import Tell
from fisc.flows.summary import Summary
from fisc.reasons import reason
from fisc.warehouse.ledger import Run

Kind = Literal["failures", "trouble", "silent", "changed"]
SHOWN = 20
EARLIER = 10
"""So many finished runs of a source say how long its list usually is."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell, with its particulars a line each."""

    kind: Kind
    subject: str
    lines: tuple[str, ...] = ()


def notices(name: str, summary: Summary, earlier: Sequence[Run], tell: Tell) -> list[Notice]:
    """What a run named ``name`` gives cause to tell; ``earlier`` are the last runs of that name, newest first.

    The hourly retry says nothing of failures: they were told when they were new.
    """
    found = [*_troubles(summary)]
    if not name.startswith("retry"):
        found += [*_failures(summary, tell), *_silence(summary, earlier, tell)]
    if tell.changes:
        found += _changes(summary)
    return found


def _troubles(summary: Summary) -> Iterator[Notice]:
    """Whatever stops a whole source or partition is told however few there are."""
    grave = [t for t in summary.troubles if reason(t.reason).of == "run" and t.reason != "source_busy"]
    if grave:
        yield Notice(
            "trouble", f"{len(grave)} of its parts failed as a whole", _first(t.sentence for t in grave)
        )


def _failures(summary: Summary, tell: Tell) -> Iterator[Notice]:
    if summary.failures >= tell.failures:
        lines = [
            f"{number} × {name}: {reason(name).means}. To mend: {reason(name).mends}."
            for name, number in summary.failed.most_common()
        ]
        lines += [trouble.sentence for trouble in summary.troubles]
        yield Notice("failures", f"{summary.failures} failed", _first(lines))


def _silence(summary: Summary, earlier: Sequence[Run], tell: Tell) -> Iterator[Notice]:
    finished = [run for run in earlier if run.finished_at][:EARLIER]
    usual = max((run.summary.get("listed", 0) for run in finished), default=0)
    if usual and summary.listed < usual * tell.silent_share:
        line = "Look at the portal in a browser: it may have moved or changed its pages; then correct the source file."
        yield Notice("silent", f"its lists name {summary.listed} documents where they named {usual}", (line,))


def _changes(summary: Summary) -> Iterator[Notice]:
    if summary.replaced:
        number = len(summary.replaced)
        words = "a disclosure was" if number == 1 else f"{number} disclosures were"
        yield Notice(
            "changed", f"{words} changed after publication", _first(r.sentence for r in summary.replaced)
        )


def _first(lines: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    every = tuple(lines)
    more = (f"… and {len(every) - SHOWN} more",) if len(every) > SHOWN else ()
    return every[:SHOWN] + more
