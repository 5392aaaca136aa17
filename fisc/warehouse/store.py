"""Where the bytes lie: a folder on this machine, or a bucket that several machines share. Keys are relative paths."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Protocol

from fisc.errors import FiscError
from fisc.warehouse import durable
from fisc.warehouse.home import Home


class StoreError(FiscError):
    """The store that several machines share cannot be used."""


class Changed(Exception):
    """What was to be replaced is not what it was: somebody else has replaced it."""


class Store(Protocol):
    """Whole files by key: a reader sees the old bytes or the new ones, never a part."""

    def read(self, key: str) -> bytes:
        """The bytes of a key. Raises ``FileNotFoundError``."""

    def write(self, key: str, content: bytes) -> None:
        """Put bytes at a key, whatever was there."""

    def exists(self, key: str) -> bool:
        """Whether there is anything at a key."""

    def holds(self, key: str, content: bytes) -> bool:
        """Whether exactly these bytes are at a key."""

    def size(self, key: str) -> int:
        """How many bytes are at a key; 0 where there are none."""


def store(home: Home) -> Store:
    """The store of this home."""
    return Folder(home) if home.store_url is None else bucket(home)


def bucket(home: Home) -> Bucket:
    """The bucket of a home that several machines share."""
    if home.store_url is None or home.ledger_url is None:
        raise StoreError(
            "FISC_STORE is set and FISC_LEDGER is not: tables that several machines share need a ledger that they "
            "share; name a PostgreSQL database with FISC_LEDGER."
        )
    return Bucket(home.store_url)


class Folder:
    """The home's own folder."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def read(self, key: str) -> bytes:
        return (self._home.root / key).read_bytes()

    def write(self, key: str, content: bytes) -> None:
        durable.write(self._home, self._home.root / key, content)

    def exists(self, key: str) -> bool:
        return (self._home.root / key).exists()

    def holds(self, key: str, content: bytes) -> bool:
        file = self._home.root / key
        return file.exists() and file.read_bytes() == content

    def size(self, key: str) -> int:
        file = self._home.root / key
        return file.stat().st_size if file.exists() else 0


class Bucket:
    """A place on S3 (``s3://bucket/prefix``). Keys, region and endpoint are those that every S3 client reads:
    ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, ``AWS_ENDPOINT_URL`` and the like."""

    ONE_PUT = 5 * 2**30 - 1
    """Larger files than S3 takes in one piece cannot be replaced on a condition."""

    def __init__(self, url: str) -> None:
        scheme, _, place = url.partition("://")
        if scheme != "s3" or not place.strip("/"):
            raise StoreError(f"FISC_STORE is {url!r} and must look like s3://bucket/prefix; correct it.")
        self.root = place.strip("/")
        self.files = filesystem()

    def read(self, key: str) -> bytes:
        content: bytes = self.files.cat_file(self.path(key))
        return content

    def write(self, key: str, content: bytes) -> None:
        self._put(key, content)

    def exists(self, key: str) -> bool:
        return self._head(key) is not None

    def holds(self, key: str, content: bytes) -> bool:
        head = self._head(key)
        return head is not None and _content_hash(head) == sha256(content).hexdigest()

    def size(self, key: str) -> int:
        head = self._head(key)
        return int(head["ContentLength"]) if head else 0

    def mark(self, key: str) -> str | None:
        """Which version of a key there is, for :meth:`replace`; None where there is none."""
        head = self._head(key)
        return None if head is None else str(head["ETag"])

    def replace(self, key: str, mark: str | None, content: bytes) -> None:
        """Put bytes in the place of the version ``mark``. Raises :class:`Changed` where another one is there now;
        bytes that stand there already are no change."""
        condition = {"IfNoneMatch": "*"} if mark is None else {"IfMatch": mark}
        try:
            self._put(key, content, **condition)
        except OSError as error:
            if not _refused(error):
                raise
            if not self.holds(key, content):
                raise Changed(key) from error

    def remove(self, key: str, mark: str | None) -> None:
        """Take the version ``mark`` away. Raises :class:`Changed` where another one is there now."""
        bucket, _, path = self.path(key).partition("/")
        now = self.mark(key)
        if now is None:
            return
        if now != mark:
            raise Changed(key)
        self.files.call_s3("delete_object", Bucket=bucket, Key=path, IfMatch=mark)

    def forget(self, prefix: str) -> None:
        """Delete everything below a prefix."""
        if found := self.files.find(self.path(prefix)):
            self.files.rm(found)

    def below(self, prefix: str) -> dict[str, Any]:
        """Keys below a prefix, and when each was written."""
        found = self.files.find(self.path(prefix), detail=True)
        return {path.removeprefix(f"{self.root}/"): told["LastModified"] for path, told in found.items()}

    def path(self, key: str) -> str:
        """Bucket and key as S3 has them."""
        return f"{self.root}/{key}"

    def _put(self, key: str, content: bytes, **condition: str) -> None:
        said = {"Metadata": {"sha256": sha256(content).hexdigest()}, **condition}
        self.files.pipe_file(self.path(key), content, chunksize=self.ONE_PUT, **said)

    def _head(self, key: str) -> Mapping[str, Any] | None:
        bucket, _, path = self.path(key).partition("/")
        try:
            head: Mapping[str, Any] = self.files.call_s3("head_object", Bucket=bucket, Key=path)
        except FileNotFoundError:
            return None
        return head


def filesystem() -> Any:
    """S3 as fsspec sees it; nothing is remembered, as others write there too."""
    try:
        import s3fs
    except ImportError as error:
        raise StoreError(
            "A store on S3 needs s3fs; install fisc with its extra: pip install 'fisc[scale]'."
        ) from error
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or None
    return s3fs.S3FileSystem(endpoint_url=endpoint, use_listings_cache=False)


def _content_hash(head: Mapping[str, Any]) -> str | None:
    said: Mapping[str, str] = head.get("Metadata") or {}
    return said.get("sha256")


def _refused(error: OSError) -> bool:
    """Whether S3 refused because the condition did not hold: 412, 404 of what was to be replaced, or 409 where
    somebody writes the same key at this moment. s3fs tells them as errors of files, in S3's words."""
    words = ("PreconditionFailed", "ConditionalRequestConflict", "pre-conditions")
    refused = isinstance(error, FileExistsError | FileNotFoundError)
    return refused or any(word in f"{error} {error.__cause__}" for word in words)
