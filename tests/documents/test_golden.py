"""Reviewed rows of real documents, where ``FISC_DOCUMENTS`` names their folder: ``golden/<document_id>.tsv``.

They hold codes, keys and amounts. Every document of the folder has one. Which pages of each were read against the picture of
the page is in ``golden/reviewed.toml``; the amounts of the others agree with the truth files. Compare by eye what you change
here, and say so there.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fisc.extractors.document import Extracted, extract
from fisc.schemas.audit.document import OFFICIAL
from fisc.schemas.identity import Hints

GOLDEN = Path(__file__).parent / "golden"
FOLDER = os.environ.get("FISC_DOCUMENTS")
FILES = {
    hashlib.sha256(content).hexdigest()[:16]: content
    for path in (sorted(Path(FOLDER).rglob("*.pdf")) if FOLDER else [])
    for content in [path.read_bytes()]
}
NAMES = ("side", "key", "function_code", "economic_code", "measure", "item")

pytestmark = pytest.mark.skipif(not FILES, reason="FISC_DOCUMENTS names no folder with documents")


def lines(extracted: Extracted) -> Iterator[str]:
    """A line a row of the official tables: what it is, and its amounts by column; a printed zero is told from a blank."""
    yield "\t".join(
        map(str, (extracted.identity.level, extracted.identity.fiscal_year, extracted.identity.stage))
    )
    for table in OFFICIAL:
        for row in extracted.tables[table].to_pylist():
            words = [
                str(row[name]) for name in NAMES if row.get(name) and not (name == "item" and row.get("side"))
            ]
            amounts = [f"{name}={value}" for name, value in row.items() if isinstance(value, Decimal)]
            total = ["total line"] if row.get("is_total") else []
            yield "\t".join([table, str(row["row"]), f"p{row['page']}", *total, *words, *amounts])


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.tsv")), ids=lambda path: path.stem)
def test_rows_are_the_reviewed_ones(golden: Path) -> None:
    if golden.stem not in FILES:
        pytest.skip(f"The folder does not hold the document {golden.stem}.")
    extracted = extract(FILES[golden.stem], Hints())
    assert list(lines(extracted)) == golden.read_text(encoding="utf-8").splitlines()


def test_every_document_has_its_golden() -> None:
    assert set(FILES) <= {path.stem for path in GOLDEN.glob("*.tsv")}


def test_what_was_reviewed_are_pages_of_the_goldens() -> None:
    reviewed = tomllib.loads((GOLDEN / "reviewed.toml").read_text("utf-8"))
    assert set(reviewed) == {path.stem for path in GOLDEN.glob("*.tsv")}
    for stem, pages in reviewed.items():
        rows = (GOLDEN / f"{stem}.tsv").read_text("utf-8").splitlines()[1:]
        assert set(pages) <= {int(row.split("\t")[2].removeprefix("p")) for row in rows}
