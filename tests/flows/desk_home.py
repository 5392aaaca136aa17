"""A home for the desk: documents with findings, a later version, one that failed, one whose file cannot be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pymupdf

from fisc.flows import walk
from fisc.flows.reading import read_document
from fisc.flows.rerun import read_again
from fisc.flows.workshop import Silent, Workshop
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Link
from fisc.warehouse.reviewed import reviewed_folder
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure
from samples.slips import plant
from tests.flows.made_up import Here


@dataclass(frozen=True, slots=True)
class Made:
    """The home, and its documents by what is special about them."""

    home: Home
    sources: Path
    slipped: str
    later: str
    earlier: str
    failed: str


def make(root: Path) -> Made:
    """Print, fetch, read and publish."""
    home, sources = Home(root / "data").create(), root / "sources"
    with Ledger.open(home) as ledger:
        slipped = _fetched(home, ledger, "wei.pdf", _printed("361", "digit", "附页另见登记簿8866。"))
        earlier = _fetched(home, ledger, "keji.pdf", _printed("306", "digit"))
        failed = _fetched(home, ledger, "shui.pdf", b"<html>404</html>")
        _read(home, sources, ledger, [slipped, earlier, failed])
        later = _fetched(home, ledger, "keji.pdf", _printed("306"))
        _read(home, sources, ledger, [later])
    return Made(home, sources, slipped, later, earlier, failed)


def _printed(department: str, slip: str | None = None, more: str | None = None) -> bytes:
    layout = layouts.load("hebei")
    disclosure = make_disclosure(1, department, 2025, layout.stage)
    if slip:
        disclosure, _ = plant(disclosure, layout, slip)
    content = print_disclosure(disclosure, layout).content
    if more:
        with pymupdf.open(stream=content) as document:
            document[-1].insert_text((72, 700), more, fontname="china-s", fontsize=10)
            content = document.tobytes()
    return content


def _fetched(home: Home, ledger: Ledger, name: str, content: bytes) -> str:
    url = f"https://portal.example/{name}"
    ledger.discovered(Link(url, "wangxi", f"{name} <b>标题</b>", name, date(2025, 2, 10)))
    return ledger.fetched(url, archive.put(home, content), None, None)


def _read(home: Home, sources: Path, ledger: Ledger, ids: list[str]) -> None:
    here: Any = Here()
    workshop = Workshop(home, here, Silent(), read_document, reviewed_folder(sources))
    documents = [ledger.document(each) for each in ids]
    for batch in walk.batches(documents):
        read_again(workshop, ledger, batch)
