"""Which hosts belong to a source, what moved, whose certificate is excepted, and folders of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fisc.flows.declaration import Declared
from fisc.flows.source.listing import is_web

_HOST = re.compile(r"(\*\.)?[a-z0-9_.-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SECOND_LEVEL = frozenset(
    {"gov.cn", "com.cn", "net.cn", "org.cn", "edu.cn", "ac.cn", "mil.cn", "政务.cn", "公益.cn"}
)
"""Below these, everybody has a name of their own."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Addresses that begin with ``old`` lead nowhere now and begin with ``new`` instead."""

    old: str
    new: str
    reason: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """An exception for one host: its certificate is the one with this SHA-256, whoever signed it, or its TLS is
    older than is good (``legacy``), and why that is accepted."""

    host: str
    sha256: str | None
    legacy: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine whose files are the documents."""

    path: Path
    files: str


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of a source: documents are taken from these and no others. ``*.a.cn`` is a.cn and all below it."""

    known: tuple[str, ...]

    def know(self, url: str) -> bool:
        """Whether an address is on one of these hosts."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        return any(_fits(host, parts.netloc.lower(), pattern) for pattern in self.known)


def read_hosts(top: Declared, named: Iterable[str]) -> Hosts:
    """``hosts``, beside the hosts of all addresses that the file names. Raises :class:`SourceError`."""
    given = top.texts("hosts") if top.has("hosts") else ()
    for host in given:
        if not _HOST.fullmatch(host.lower()):
            raise top.wrong(
                "hosts", f'must hold hosts such as "www.example.gov.cn" or "*.example.gov.cn", not {host!r}'
            )
    return Hosts(tuple(dict.fromkeys([host.lower() for host in given] + [own_domain(url) for url in named])))


def own_domain(url: str) -> str:
    """The hosts that surely belong to whoever has this address: its domain as registered, and all below it."""
    host = (urlsplit(url).hostname or "").lower()
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit() or len(labels) < 2:
        return host
    depth = 3 if ".".join(labels[-2:]) in _SECOND_LEVEL else 2
    return "*." + ".".join(labels[-depth:])


def _fits(host: str, netloc: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host == pattern[2:] or host.endswith(pattern[1:])
    return pattern in (host, netloc)


def read_moved(table: Declared) -> Moved:
    """One ``[[moved]]``. Raises :class:`SourceError`."""
    moved = Moved(table.needed("from"), table.needed("to"), table.needed("reason"))
    for key, url in (("from", moved.old), ("to", moved.new)):
        if not is_web(url):
            raise table.wrong(
                key, f'must be the beginning of an address such as "https://old.example.gov.cn/", not {url!r}'
            )
    table.finish()
    return moved


def read_certificate(table: Declared) -> Certificate:
    """One ``[[tls]]``. Raises :class:`SourceError`."""
    said = table.text("sha256")
    exception = Certificate(
        host=table.needed("host").lower(),
        sha256=said.replace(":", "").lower() if said else None,
        legacy=table.flag("legacy"),
        reason=table.needed("reason"),
    )
    if exception.sha256 is not None and not _SHA256.fullmatch(exception.sha256):
        raise table.wrong("sha256", "must be the SHA-256 of the certificate in 64 hex digits")
    if exception.sha256 is None and not exception.legacy:
        raise table.wrong("sha256", "or legacy = true must say what is accepted of this host")
    table.finish()
    return exception


def read_folder(table: Declared, file: Path) -> Folder:
    """``[folder]``; its path may be relative to the source file. Raises :class:`SourceError`."""
    path = Path(table.needed("path")).expanduser()
    folder = Folder(
        path if path.is_absolute() else file.absolute().parent / path, table.text("files", "**/*") or "**/*"
    )
    if Path(folder.files).is_absolute() or ".." in Path(folder.files).parts:
        raise table.wrong(
            "files", f'must be a pattern inside the folder such as "**/*.pdf", not {folder.files!r}'
        )
    table.finish()
    return folder
