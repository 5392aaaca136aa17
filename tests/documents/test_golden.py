"""Reviewed rows of real documents, where ``FISC_DOCUMENTS`` names their folder: ``golden/<document_id>.tsv``.

They hold codes, keys, amounts and what is named in the tables that are not official. Every document of the folder has one.
Which pages of each were read against the picture of the page is in ``golden/reviewed.toml``. Compare by eye what you change
here, and say so there.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
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
OTHERS = {
    "institution": ("name", "nature", "rank", "funding", "remark"),
    "project": ("project_number", "project_code", "project_name"),
    "performance_indicator": ("project_number", "level1", "level2", "level3", "target"),
    "procurement": ("item_text", "project_name", "goods", "catalogue_code", "method", "measure_unit"),
    "fixed_asset": ("item_text",),
}
"""The tables that not every document has, and what is named in them."""

pytestmark = pytest.mark.skipif(not FILES, reason="FISC_DOCUMENTS names no folder with documents")


def lines(extracted: Extracted) -> Iterator[str]:
    """A line a row: what it is, and its amounts by column; a printed zero is told from a blank."""
    yield "\t".join(
        map(str, (extracted.identity.level, extracted.identity.fiscal_year, extracted.identity.stage))
    )
    for table, names in {**dict.fromkeys(OFFICIAL, NAMES), **OTHERS}.items():
        for row in extracted.tables[table].to_pylist():
            words = [
                str(row[name]) for name in names if row.get(name) and not (name == "item" and row.get("side"))
            ]
            amounts = [f"{name}={value}" for name, value in row.items() if isinstance(value, Decimal)]
            total = ["total line"] if row.get("is_total") else []
            yield "\t".join([table, str(row["row"]), f"p{row['page']}", *total, *words, *amounts])
    yield from raw_lines(extracted.tables["raw_table"].to_pylist())


def raw_lines(cells: list[dict[str, object]]) -> Iterator[str]:
    """A line a row of the tables published as they stand: the number of the table, and its cells."""
    for (number, page, _), row in groupby(cells, lambda c: (c["table_number"], c["page"], c["grid_row"])):
        yield "\t".join(["raw_table", str(number), f"p{page}", *(str(cell["text"] or "") for cell in row)])


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.tsv")), ids=lambda path: path.stem)
def test_rows_are_the_reviewed_ones(golden: Path) -> None:
    if golden.stem not in FILES:
        pytest.skip(f"The folder does not hold the document {golden.stem}.")
    extracted = extract(FILES[golden.stem], Hints())
    assert list(lines(extracted)) == golden.read_text(encoding="utf-8").splitlines()


def test_every_document_has_its_golden() -> None:
    assert set(FILES) <= {path.stem for path in GOLDEN.glob("*.tsv")}


def test_no_page_of_a_golden_is_accepted_unread() -> None:
    reviewed = tomllib.loads((GOLDEN / "reviewed.toml").read_text("utf-8"))
    assert set(reviewed) == {path.stem for path in GOLDEN.glob("*.tsv")}
    for stem, pages in reviewed.items():
        rows = (GOLDEN / f"{stem}.tsv").read_text("utf-8").splitlines()[1:]
        assert set(pages) == {int(row.split("\t")[2].removeprefix("p")) for row in rows}
