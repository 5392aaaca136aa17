"""A bar a kind of work, on standard error, gone when the work is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from fisc.errors import FiscError
from fisc.flows.cli.console import err

WORDS = {"fetch": "fetching", "read": "reading"}


class Stopped(FiscError):
    """Somebody stopped the run."""

    def __init__(self) -> None:
        super().__init__("Stopped; what was done is kept, and the same command goes on from here.")


class _Count(ProgressColumn):
    """How many of how many, once that is known."""

    def render(self, task: Task) -> Text:
        return Text("" if task.total is None else f"{task.completed:,.0f} of {task.total:,.0f}")


class Bars:
    """The watch of a run, as bars."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._totals: dict[str, int] = {}
        self._bars: dict[str, TaskID] = {}
        self._starting = progress.add_task("starting", total=None)

    def more(self, what: str, total: int) -> None:
        """There are so many more to do."""
        if what not in self._bars:
            self._progress.update(self._starting, visible=False)
            self._bars[what] = self._progress.add_task(WORDS.get(what, what), total=0)
        self._totals[what] = self._totals.get(what, 0) + total
        self._progress.update(self._bars[what], total=self._totals[what])

    def done(self, what: str, count: int = 1) -> None:
        """So many were done."""
        self._progress.advance(self._bars[what], count)


@contextmanager
def watched() -> Iterator[Bars]:
    """Show bars while the context lasts; where standard error is no terminal, nothing is shown.

    Raises :class:`Stopped` where somebody interrupts.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        _Count(),
        TimeElapsedColumn(),
    )
    console = err()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        try:
            yield Bars(progress)
        except KeyboardInterrupt as error:
            raise Stopped from error
