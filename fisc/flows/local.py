"""Files of this machine as documents: a folder's files, taken with the same care as a portal's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fisc.flows.net.exchange import MB, Seen
from fisc.flows.net.failures import FetchError
from fisc.flows.source.places import Folder


def files_of(folder: Folder) -> Iterator[Path]:
    """The files of a folder by name, hidden ones left out. Raises :class:`FetchError` where it is no folder."""
    root = folder.path
    if not root.is_dir():
        raise FetchError(root.as_uri(), "folder_missing")
    for path in sorted(root.glob(folder.files)):
        inside = path.relative_to(root)
        if path.is_file() and not any(part.startswith((".", "~$")) for part in inside.parts):
            yield path


def read_file(url: str, folder: Folder | None, seen: Seen, most: int) -> tuple[bytes | None, Seen]:
    """The bytes of a file inside the folder and its mark; None where the mark is the one seen before.

    Raises :class:`FetchError`, also for a file outside the folder, be it by a link.
    """
    path = Path(unquote(urlsplit(url).path))
    try:
        real = path.resolve(strict=True)
        if folder is None or not real.is_relative_to(folder.path.resolve()):
            raise FetchError(url, "outside_folder")
        state = real.stat()
        mark = Seen(f"{state.st_mtime_ns}-{state.st_size}", None)
        if mark == seen:
            return None, mark
        if state.st_size > most:
            raise FetchError(url, "too_large", limit=f"{most / MB:g} MB")
        return real.read_bytes(), mark
    except OSError as error:
        raise FetchError(url, "unreadable_path", detail=error.strerror or "unknown") from error
