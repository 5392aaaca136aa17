"""Writing files so that a kill at any instant leaves the old one or the new one, whole."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

from fisc.warehouse.home import Home

ABANDONED_AFTER_S = 24 * 3600
"""A temporary file that nobody touched for a day belongs to a process that died."""


def write(home: Home, target: Path, content: bytes) -> None:
    """Put ``content`` at ``target``: temporary file, fsync, rename, fsync of the folder."""
    temporary = home.work / "temporary" / f"{os.getpid()}-{uuid.uuid4().hex}"
    make_folder(temporary.parent)
    temporary.write_bytes(content)
    sync(temporary)
    make_folder(target.parent)
    os.replace(temporary, target)  # noqa: PTH105 - the one name for the step that the kill tests interrupt
    sync(target.parent)


def sync(path: Path) -> None:
    """Flush a file's bytes, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each entered durably in the folder above it."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def remove_abandoned(home: Home) -> None:
    """Delete temporary files of processes that were killed while writing."""
    oldest = time.time() - ABANDONED_AFTER_S
    for file in (home.work / "temporary").glob("*"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
