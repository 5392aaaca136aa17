"""Work on one document in a process of its own kind, so that a crash, a hang or a blow-up costs that document only.

Each lane is a pool of one process: a process that dies while it speaks can disturb no other lane.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from fisc.errors import DocumentError

T = TypeVar("T")
J = TypeVar("J")

TASKS_A_PROCESS = 500
"""After so many documents a process is replaced: what a library leaks is given back; a start costs ten documents."""

START_S = 120.0
"""How long a fresh process may take until it begins, on a machine that is busy with something else."""

WATCH_EVERY_S = 0.1
LOOK_EVERY_S = 0.5
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one document may cost: seconds, and memory of its process in MB."""

    seconds: float = 300.0
    memory_mb: float = 2_000.0


class Lanes(Protocol):
    """Where documents are read: on this machine, or on a cluster."""

    def submit(self, function: Callable[[J], T], job: J, name: str) -> Future[T]: ...


class Isolation:
    """Runs functions in ``lanes`` processes, each prepared once by ``prepare``. Safe to use from one thread.

    Functions and what they take and give must be picklable; what they give should be small.
    """

    def __init__(self, lanes: int, bounds: Bounds, prepare: Callable[[], object] = int) -> None:
        self._bounds = bounds
        self._watch = _MemoryWatch(int(bounds.memory_mb * MB))
        self._free: SimpleQueue[_Lane] = SimpleQueue()
        self._lanes = [_Lane(bounds, self._watch, prepare) for _ in range(lanes)]
        for lane in self._lanes:
            self._free.put(lane)
        self._threads = ThreadPoolExecutor(lanes, thread_name_prefix="fisc-lane")

    def __enter__(self) -> Self:
        self._watch.start()
        for lane in self._lanes:
            lane.warm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self._lanes:
            lane.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._watch.stop()

    def submit(self, function: Callable[[J], T], job: J, name: str) -> Future[T]:
        """Run ``function(job)`` when a lane is free; ``name`` is the document's, for the sentence.

        The future raises what the function raises, or :class:`DocumentError` with reason ``crashed``,
        ``timed_out`` or ``out_of_memory``.
        """
        return self._threads.submit(self._in_a_lane, function, job, name)

    def _in_a_lane(self, function: Callable[[J], T], job: J, name: str) -> T:
        lane = self._free.get()
        try:
            return lane.run(function, job, name)
        finally:
            self._free.put(lane)


@dataclass(slots=True)
class _Lane:
    bounds: Bounds
    watch: _MemoryWatch
    prepare: Callable[[], object]
    _pool: Any = None
    _stopped: bool = False

    def warm(self) -> None:
        self._running_pool().schedule(int)

    def run(self, function: Callable[[J], T], job: J, name: str) -> T:
        """A process that died without a word gets a second try: it may have died before it saw the document."""
        for last in (False, True):
            try:
                return self._once(function, job, name)
            except BrokenProcessPool as error:
                self._discard()
                if last:
                    raise _crashed(name, None) from error
        raise AssertionError("the second try returns or raises")

    def stop(self) -> None:
        self._stopped = True
        self._discard()

    def _once(self, function: Callable[[J], T], job: J, name: str) -> T:
        future = self._running_pool().schedule(function, args=(job,), timeout=self.bounds.seconds)
        try:
            result: T = self._answer(future)
        except TimeoutError as error:
            if not future.done():
                self._discard()
            raise _timed_out(name, self.bounds) from error
        except ProcessExpired as error:
            if self.watch.killed(error.pid):
                raise _out_of_memory(name, self.bounds) from error
            raise _crashed(name, error.exitcode) from error
        except MemoryError as error:
            raise _out_of_memory(name, self.bounds) from error
        return result

    def _answer(self, future: Future[T]) -> T:
        """What the process gave. A lane that is stopped meanwhile does not wait for what nobody works on any more."""
        end = time.monotonic() + self.bounds.seconds + START_S
        while not future.done() and not self._stopped and time.monotonic() < end:
            wait([future], timeout=LOOK_EVERY_S)
        if self._stopped and not future.done():
            raise BrokenProcessPool("stopped")
        return future.result(timeout=0)

    def _running_pool(self) -> Any:
        if self._stopped:
            raise BrokenProcessPool("stopped")
        if self._pool is None or not self._pool.active:
            self._discard()
            self._pool = ProcessPool(
                max_workers=1,
                max_tasks=TASKS_A_PROCESS,
                initializer=_prepare,
                initargs=(self.prepare, os.getpid()),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _discard(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()


@dataclass(slots=True)
class _MemoryWatch:
    """Kills a process of ours that grows beyond the limit. Where there is no /proc, nothing is watched."""

    limit: int
    _killed: set[int] = field(default_factory=set)
    _end: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        if Path("/proc/self/statm").exists():
            threading.Thread(target=self._look, name="fisc-memory", daemon=True).start()

    def stop(self) -> None:
        self._end.set()

    def killed(self, pid: int | None) -> bool:
        return pid in self._killed

    def _look(self) -> None:
        while not self._end.wait(WATCH_EVERY_S):
            for child in multiprocessing.active_children():
                if child.pid is not None and child.pid not in self._killed and rss(child.pid) > self.limit:
                    self._killed.add(child.pid)
                    child.kill()


def rss(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _prepare(prepare: Callable[[], object], parent: int) -> None:
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    if Path("/proc/self/oom_score_adj").exists():
        # Where the whole machine runs out of memory, the system should take a document, not the run.
        Path("/proc/self/oom_score_adj").write_text("500")
    prepare()


def _follow(parent: int) -> None:
    """End with the run, also where it was killed and could not say so."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _timed_out(name: str, bounds: Bounds) -> DocumentError:
    return DocumentError(
        "timed_out",
        f"{name} took longer than {bounds.seconds:g} s and was stopped; "
        "allow more with FISC_DOCUMENT_SECONDS and run it again with fisc rerun.",
    )


def _out_of_memory(name: str, bounds: Bounds) -> DocumentError:
    return DocumentError(
        "out_of_memory",
        f"{name} took more than {bounds.memory_mb:g} MB of memory and was stopped; "
        "allow more with FISC_DOCUMENT_MEMORY_MB and run it again with fisc rerun.",
    )


def _crashed(name: str, exitcode: int | None) -> DocumentError:
    how = "without a word"
    if exitcode is not None:
        how = f"by signal {signal.Signals(-exitcode).name}" if exitcode < 0 else f"with exit code {exitcode}"
    return DocumentError(
        "crashed",
        f"The process that read {name} ended {how}; run it again with fisc rerun, and report the file if it "
        "ends again.",
    )
