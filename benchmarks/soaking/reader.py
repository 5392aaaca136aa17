"""What reads a document in the soak: fisc's own reader, after the poison in the file has had its effect."""

from __future__ import annotations

import os
import time

from fisc.errors import DocumentError
from fisc.flows.reading import Job, Read, read_document
from fisc.warehouse import archive

PIECE = 450_000_000


def read(job: Job) -> Read:
    """Read one document; one that says so crashes, hangs or hoards, as a file that breaks a library would."""
    try:
        content = archive.get(job.home, job.sha256)
    except DocumentError:
        return read_document(job)
    if content.endswith(b"% soak: crash\n"):
        os.abort()
    if content.endswith(b"% soak: hang\n"):
        time.sleep(3_600)
    hoard: list[bytearray] = []
    while content.endswith(b"% soak: hoard\n"):
        hoard.append(bytearray(b"x" * PIECE))
    return read_document(job)
