"""Real and set-again documents, where ``FISC_DOCUMENTS`` names their folder: every cell of their truth files."""

from __future__ import annotations

import json
import os
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fisc.extractors.document import Extracted, extract
from fisc.schemas.identity import Hints

FOLDER = os.environ.get("FISC_DOCUMENTS")
TRUTHS = sorted(Path(FOLDER).rglob("*.truth.json")) if FOLDER else []
BY_KEY = {
    ("three_public", "budget"): ("measure", "item"),
    ("three_public", "final_accounts"): ("measure", "item"),
    ("basic_expenditure", "final_accounts"): ("economic_code", "economic_name"),
}

pytestmark = pytest.mark.skipif(not TRUTHS, reason="FISC_DOCUMENTS names no folder with documents")


def folded(value: Any) -> Any:
    """A value as the truth files compare them: numbers as decimals, text without width and white space."""
    if value is None or isinstance(value, int | Decimal):
        return None if value is None else Decimal(value)
    text = "".join(unicodedata.normalize("NFKC", str(value)).split())
    try:
        return Decimal(text.replace(",", ""))
    except ArithmeticError:
        return text or None


def read(truth_file: Path) -> tuple[dict[str, Any], Extracted]:
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    content = truth_file.with_name(truth_file.name.replace(".truth.json", ".pdf")).read_bytes()
    return truth, extract(content, Hints())


@pytest.mark.parametrize("truth_file", TRUTHS, ids=lambda path: path.name.removesuffix(".truth.json"))
def test_every_cell_is_as_in_the_truth_and_none_is_refuted(truth_file: Path) -> None:
    """In none of these documents does an identity of the tables fail beyond rounding."""
    truth, extracted = read(truth_file)
    assert extracted.identity.fiscal_year == truth["fiscal_year"]
    assert extracted.identity.stage == truth["stage"]
    assert extracted.identity.region_code == truth["region_code"]
    wrong = []
    for table, rows in truth["tables"].items():
        got = extracted.tables[table].to_pylist()
        if not rows:  # a truth of an empty table leaves out the blank 合计 line that the contract asks for
            got = [row for row in got if not row["is_total"]]
        names = BY_KEY.get((table, truth["stage"]))
        if names and rows and names[-1] in rows[0]:
            index = {tuple(folded(row[name]) for name in names): row for row in got}
            pairs = [(row, index.get(tuple(folded(row[name]) for name in names), {})) for row in rows]
        else:
            pairs = list(zip(rows, got, strict=False))
            if len(rows) != len(got):
                wrong.append(f"{table}: {len(got)} rows, {len(rows)} in the truth")
        wrong += [
            f"{table} {column}: {have.get(column)!r}, truth {value!r}"
            for want, have in pairs
            for column, value in want.items()
            if folded(have.get(column)) != folded(value)
        ]
    assert wrong == []
    (document,) = extracted.tables["document"].to_pylist()
    assert document["cells_refuted"] == 0
    assert not [f["quote"] for f in extracted.tables["finding"].to_pylist() if f["rule"] == "code.name"]
