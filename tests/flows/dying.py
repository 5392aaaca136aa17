"""What a worker of a cluster does in the tests when it is to die."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from fisc.errors import DocumentError


def die_once(mark: Path) -> str:
    """The first time, the worker above this lane dies without a word; the second time all is well."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getppid(), signal.SIGKILL)
    return "read"


def refuse(mark: Path) -> str:
    raise DocumentError("encrypted", f"{mark.name} asks for a password; tell the publisher.")
