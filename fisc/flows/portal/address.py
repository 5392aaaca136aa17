"""Addresses: one spelling each, what kind of file they end in, the day that they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import unquote

import httpx

from fisc.flows.source.places import Moved

FILES = frozenset(
    [
        "pdf",
        "zip",
        "rar",
        "7z",
        "gz",
        "tar",
        "doc",
        "docx",
        "wps",
        "rtf",
        "xls",
        "xlsx",
        "et",
        "csv",
        "ppt",
        "pptx",
        "ofd",
        "ceb",
        "tif",
        "tiff",
        "jpg",
        "jpeg",
        "png",
        "bmp",
        "gif",
    ]
)
"""Endings of what is surely a file."""
DOCUMENTS = FILES - frozenset(["tif", "tiff", "jpg", "jpeg", "png", "bmp", "gif"])
"""Endings of files that somebody put there to be read; pictures are mostly ornaments."""
_ENDING = re.compile(r"\.([a-z0-9]{1,5})$")
_LEADS_NOWHERE = ("#", "javascript:", "mailto:", "tel:", "data:")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f/\\]")
_DAYS = (
    re.compile(r"/t((?:19|20)\d{2})(\d{2})(\d{2})_\d+"),
    re.compile(r"/art/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})/"),
    re.compile(r"/((?:19|20)\d{2})(\d{2})(\d{2})/"),
)
_ARTICLE = re.compile(r"\d{4,}[^/]*$|/art/\d|[?&](?:\w*id|guid|aid)=|/content_|/info/\d+/\d+", re.IGNORECASE)


def address(base: str, href: str) -> str | None:
    """A link as an absolute address in one spelling, without its fragment; None where it leads nowhere."""
    href = href.strip()
    if not href or href.lower().startswith(_LEADS_NOWHERE):
        return None
    try:
        url = httpx.URL(base).join(href.replace("\\", "/")).copy_with(fragment=None)
    except httpx.InvalidURL:
        return None
    return str(url) if url.scheme in ("http", "https") and url.host else None


def moved(url: str, moves: Sequence[Moved]) -> str:
    """Where an address leads since its host or folder moved."""
    for move in moves:
        if url.startswith(move.old):
            return move.new + url.removeprefix(move.old)
    return url


def file_name(url: str) -> str | None:
    """The name of the file that an address ends in, as a reader writes it."""
    last = unquote(httpx.URL(url).raw_path.decode().partition("?")[0].rpartition("/")[2])
    return _UNPRINTABLE.sub("", last)[:200] or None


def ending(url: str) -> str:
    """``pdf`` of an address that ends in ``.pdf``; empty where it ends in none."""
    match = _ENDING.search(httpx.URL(url).path.lower().rstrip("/"))
    return match[1] if match else ""


def is_file(url: str) -> bool:
    """Whether an address surely names a file."""
    return ending(url) in FILES


def is_article(url: str) -> bool:
    """Whether an address looks like that of one article, and not of a column."""
    return _ARTICLE.search(url) is not None


def day_of(url: str) -> date | None:
    """The day that content systems write into the address of an article."""
    for pattern in _DAYS:
        match = pattern.search(url)
        try:
            if match:
                return date(*(int(part) for part in match.groups()))
        except ValueError:
            continue
    return None
