"""A bar a kind of work, on standard error, gone when the work is done."""

from __future__ import annotations

import os
import signal
import threading
import time
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

ORDERLY_S = 10.0
"""How long a run that is told to stop may take to end in good order."""

WORDS = {"fetch": "fetching", "read": "reading"}


class Stopped(FiscError):
    """Somebody stopped the run; ``status`` is what the command exits with, as shells count it."""

    def __init__(self, signal_number: int = signal.SIGINT) -> None:
        self.status = 128 + signal_number
        super().__init__("Stopped; what was done is kept, and the same command goes on from here.")


class _Told(KeyboardInterrupt):
    """What SIGINT and SIGTERM raise inside a run. Like its parent, no ``except Exception`` holds it up."""

    def __init__(self, signal_number: int) -> None:
        self.signal_number = signal_number


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

    Raises :class:`Stopped` where somebody interrupts, by SIGINT or SIGTERM.
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
            with _heard():
                yield Bars(progress)
        except _Told as told:
            raise Stopped(told.signal_number) from told
        except KeyboardInterrupt as error:
            raise Stopped from error


@contextmanager
def _heard() -> Iterator[None]:
    """SIGINT and SIGTERM end the run in good order, also where a thread waits; a second one ends it at once, and so
    does the end of :data:`ORDERLY_S`: whatever is half done then is as safe as after a kill."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # When it is imported, polars takes over SIGINT in a way in which no wait for a lock is ever interrupted.
    import polars  # noqa: F401

    told = False

    def stop(number: int, _: object) -> None:
        nonlocal told
        told = True
        for each in before:
            signal.signal(each, lambda again, _: os._exit(128 + again))
        threading.Thread(target=_end_at_last, args=(number,), daemon=True).start()
        raise _Told(number)

    ends = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in ends}
    try:
        yield
    finally:
        for number, handler in () if told else before.items():
            signal.signal(number, handler)


def _end_at_last(number: int) -> None:
    time.sleep(ORDERLY_S)
    stopped = Stopped(number)
    err().print(str(stopped), style="red", markup=False, soft_wrap=True)
    os._exit(stopped.status)
