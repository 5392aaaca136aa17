"""The archive of raw files: each stored once, named by the SHA-256 of its bytes, never removed."""

from __future__ import annotations

import re
from hashlib import sha256 as _sha256
from pathlib import Path

from fisc.errors import DocumentError
from fisc.warehouse.home import Home
from fisc.warehouse.store import store

SHA256 = re.compile(r"[0-9a-f]{64}")


def put(home: Home, content: bytes) -> str:
    """Store bytes and return their SHA-256 in hex. The same bytes are stored once; a damaged copy is healed."""
    sha256 = _sha256(content).hexdigest()
    if not store(home).holds(key(sha256), content):
        store(home).write(key(sha256), content)
    return sha256


def get(home: Home, sha256: str) -> bytes:
    """The bytes with this SHA-256.

    Raises :class:`DocumentError` with reason ``archive_missing``, or ``archive_damaged`` where the bytes on
    the disk are no longer those that were stored.
    """
    try:
        content = store(home).read(key(sha256))
    except FileNotFoundError:
        raise DocumentError(
            "archive_missing", f"Document {sha256[:16]} is not in the archive; harvest its link again."
        ) from None
    if _sha256(content).hexdigest() != sha256:
        raise DocumentError(
            "archive_damaged",
            f"Document {sha256[:16]} is damaged in the archive (its bytes no longer match its SHA-256); "
            "restore the file from a backup or harvest its link again.",
        )
    return content


def has(home: Home, sha256: str) -> bool:
    """Whether there are bytes under this SHA-256."""
    return store(home).exists(key(sha256))


def size(home: Home, sha256: str) -> int:
    """How many bytes lie under this SHA-256; 0 where there are none."""
    return store(home).size(key(sha256))


def path(home: Home, sha256: str) -> Path:
    """Where the bytes with this SHA-256 lie, or would lie, on this machine."""
    return home.root / key(sha256)


def key(sha256: str) -> str:
    """Where the bytes with this SHA-256 lie in the store."""
    if not SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is not a SHA-256 in lower-case hex.")
    return f"archive/{sha256[:2]}/{sha256[2:4]}/{sha256}"
