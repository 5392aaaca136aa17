"""Documents read again from the desk, one after the other, by the same walk as ``fisc rerun``."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fisc.errors import FiscError
from fisc.warehouse.home import Home

RUNNING, DONE = "running", "done"


class Reruns:
    """What is being read again, and how it ended."""

    def __init__(self, home: Home, sources: Path) -> None:
        self._home = home
        self._sources = sources
        self._lock = threading.Lock()
        self._states: dict[str, str] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="fisc-rerun")

    def start(self, document_id: str) -> None:
        """Read a document again, unless that is going on already."""
        with self._lock:
            if self._states.get(document_id) == RUNNING:
                return
            self._states[document_id] = RUNNING
        self._thread.submit(self._run, document_id)

    def state(self, document_id: str) -> str | None:
        """``running``, ``done``, a sentence that says what failed, or None where nobody asked."""
        with self._lock:
            return self._states.get(document_id)

    def forget(self, document_id: str) -> None:
        """The end was told."""
        with self._lock:
            if self._states.get(document_id) != RUNNING:
                self._states.pop(document_id, None)

    def stop(self) -> None:
        """Begin nothing more, and wait for what is going on."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _run(self, document_id: str) -> None:
        try:
            ended = _read_again(self._home, self._sources, document_id)
        except FiscError as error:
            ended = str(error)
        except Exception as error:  # the edge of the thread: whatever it is, the page must be able to tell it
            ended = f"Document {document_id} could not be read again ({type(error).__name__}: {error})."
        with self._lock:
            self._states[document_id] = ended


def _read_again(home: Home, sources: Path, document_id: str) -> str:
    from fisc.flows.rerun import read_again
    from fisc.flows.workshop import open_workshop
    from fisc.warehouse.ledger import Ledger

    with Ledger.open(home) as ledger, open_workshop(home, documents=1, sources=sources) as workshop:
        read_again(workshop, ledger, [ledger.document(document_id)])
        after = ledger.document(document_id)
    return (
        DONE
        if after.state == "published"
        else after.sentence or f"Document {document_id} is {after.state} now."
    )
