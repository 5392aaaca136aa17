"""Sources for tests, written as a person writes them."""

from __future__ import annotations

from pathlib import Path

from fisc.flows.sources import Source, read_source


def toml(
    start: str = "https://portal.example/list/index.html", *, top: str = "", pages: str = "", more: str = ""
) -> str:
    """A source file; ``top``, ``pages`` and ``more`` go into the top, ``[list]`` and behind it."""
    return f"""
name = "haigang"
{top}
[list]
start = ["{start}"]
entries = "ul.list li"
date = "span"
{pages}
{more}
"""


def source(folder: Path, text: str) -> Source:
    path = folder / "haigang.toml"
    path.write_text(text, encoding="utf-8")
    return read_source(path)


def loopback(folder: Path, address: str, manners: str = "", pages: str = "") -> Source:
    """A source for a server on loopback, in a hurry."""
    more = f"[politeness]\ndelay_s = 0.0\nfirst_wait_s = 0.5\ntimeout_s = 5.0\n{manners}"
    start = f"{address}/list/index.html"
    return source(folder, toml(start, top="allow_private = true", pages=pages, more=more))
