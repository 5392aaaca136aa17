"""Reading on many machines: the same jobs, spread over a Dask or a Ray cluster that ``FISC_CLUSTER`` names.

``dask`` and ``ray`` start a small cluster on this machine; ``tcp://scheduler:8786`` and ``ray://head:10001`` use one
that is there. Each worker reads a document in a lane of its own, as one machine does, so a document that crashes, hangs or
hoards costs itself only; a worker that dies costs nothing, as its documents are given to another one.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from fisc.errors import DocumentError, FiscError
from fisc.flows.isolation import Bounds, Isolation, Lanes
from fisc.flows.reading import prepare

T = TypeVar("T")
J = TypeVar("J")

START_S = 120
RETRIES = 3
"""So many workers may die over a document before it is called its fault."""


class ClusterError(FiscError):
    """The cluster cannot be used."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document's failure as it travels: exceptions of ours would not survive every way back."""

    reason: str
    sentence: str


@contextmanager
def cluster(address: str, count: int, bounds: Bounds) -> Iterator[Lanes]:
    """The cluster at an address; ``count`` workers where it is to be started here. Raises :class:`ClusterError`."""
    kind = "ray" if address == "ray" or address.startswith("ray://") else "dask"
    if kind == "dask" and address != "dask" and not address.startswith(("tcp://", "tls://")):
        raise ClusterError(
            f"FISC_CLUSTER is {address!r} and must be dask, ray, tcp://scheduler:8786 or ray://head:10001; correct it."
        )
    try:
        with (_ray if kind == "ray" else _dask)(address, count, bounds) as lanes:
            yield lanes
    except ImportError as error:
        raise ClusterError(
            f"FISC_CLUSTER needs {error.name}; install fisc with its extra: pip install 'fisc[scale]'."
        ) from error


@contextmanager
def _dask(address: str, count: int, bounds: Bounds) -> Iterator[Lanes]:
    import dask

    # A worker that is a daemon may not start the processes in which it reads.
    settings = {"distributed.worker.daemon": False, "distributed.scheduler.allowed-failures": RETRIES}
    with dask.config.set(settings), ExitStack() as opened:
        try:
            client = _dask_client(address, count, opened)
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"The Dask cluster {address} does not answer or has no worker ({error}); start both, or unset "
                "FISC_CLUSTER."
            ) from error
        yield _OnDask(client, bounds)


def _dask_client(address: str, count: int, opened: ExitStack) -> Any:
    import distributed

    make: Any = distributed  # its classes carry no types
    here = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": None}
    where = opened.enter_context(make.LocalCluster(**here)) if address == "dask" else address
    client = opened.enter_context(make.Client(where, timeout=START_S))
    client.wait_for_workers(1, timeout=START_S)
    return client


class _OnDask:
    def __init__(self, client: Any, bounds: Bounds) -> None:
        self._client, self._bounds = client, bounds

    def submit(self, function: Callable[[J], T], job: J, name: str) -> Future[T]:
        promise: Future[T] = Future()
        there = self._client.submit(read_there, function, job, name, self._bounds, pure=False)

        def settle(done: Any) -> None:
            if done.status == "finished":
                _settle(promise, done.result())
            else:
                _lost(promise, name, done.status, done.exception() if done.status == "error" else None)

        there.add_done_callback(settle)
        return promise


@contextmanager
def _ray(address: str, count: int, bounds: Bounds) -> Iterator[Lanes]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    here = {"num_cpus": count, "include_dashboard": False}
    try:
        ray.init(
            **(here if address == "ray" else {"address": address}),
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (ConnectionError, RuntimeError) as error:
        raise ClusterError(
            f"The Ray cluster {address} does not answer ({error}); start it, or unset FISC_CLUSTER."
        ) from error
    try:
        yield _OnRay(ray, bounds)
    finally:
        ray.shutdown()


class _OnRay:
    def __init__(self, ray: Any, bounds: Bounds) -> None:
        self._read = ray.remote(num_cpus=1, max_retries=RETRIES)(read_there)
        self._bounds = bounds

    def submit(self, function: Callable[[J], T], job: J, name: str) -> Future[T]:
        promise: Future[T] = Future()

        def settle(done: Future[Any]) -> None:
            error = done.exception()
            if error is None:
                _settle(promise, done.result())
            else:
                _lost(promise, name, "lost", error)

        self._read.remote(function, job, name, self._bounds).future().add_done_callback(settle)
        return promise


def read_there(function: Callable[[J], T], job: J, name: str, bounds: Bounds) -> T | Refused:
    """What a worker does with a job: the same as one machine, in a lane of its own."""
    try:
        return _lane(bounds).submit(function, job, name).result()
    except DocumentError as error:
        return Refused(error.reason, error.sentence)


@cache
def _lane(bounds: Bounds) -> Isolation:
    """The lane of this worker; it ends with the worker, whose death its process notices."""
    return Isolation(1, bounds, prepare).__enter__()


def _settle(promise: Future[T], came: T | Refused) -> None:
    if isinstance(came, Refused):
        promise.set_exception(DocumentError(came.reason, came.sentence))
    else:
        promise.set_result(came)


def _lost(promise: Future[T], name: str, how: str, error: BaseException | None) -> None:
    told = type(error).__name__ if error else how
    promise.set_exception(
        DocumentError(
            "crashed",
            f"The workers that were given {name} were lost ({told}); it is read again by the hourly retry, or run it "
            "with fisc rerun.",
        )
    )
