"""A run that was started by ``fisc serve`` ends with it, also where that was killed and could not say so."""

from __future__ import annotations

import os
import threading
import time

SERVED_BY = "FISC_SERVED_BY"
"""The process that serves, for the processes it starts."""
LOOK_EVERY_S = 1.0


def follow_parent() -> None:
    """From now on, end this process as soon as the one that serves is gone. Elsewhere, do nothing.

    Ending at any instant is safe, and an orphan would hold the lock of its source for hours.
    """
    if os.environ.get(SERVED_BY) == str(os.getppid()):
        threading.Thread(target=_follow, args=(os.getppid(),), name="fisc-follow", daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os._exit(1)
