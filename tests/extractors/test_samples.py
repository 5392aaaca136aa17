"""Given a printed disclosure, these rows: what the press prints is what is published, in every layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from fisc.extractors.document import Extracted, extract
from fisc.schemas.identity import Hints
from fisc.schemas.validation import misfits
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.layout_report import folded
from samples.press import expected_rows, print_disclosure


def differences(extracted: Extracted, expected: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """Where published rows are not the printed ones."""
    found = []
    for table, rows in expected.items():
        got = extracted.tables[table].to_pylist()
        if len(got) != len(rows):
            found.append(f"{table}: {len(got)} rows, {len(rows)} printed")
        for number, (row, printed) in enumerate(zip(got, rows, strict=False), 1):
            found += [
                f"{table} {number} {column}: {row.get(column)!r}, printed {value!r}"
                for column, value in printed.items()
                if folded(row.get(column)) != folded(value)
            ]
    return found


@pytest.mark.parametrize("name", layouts.names())
@pytest.mark.parametrize(("department", "seed"), [("306", 1), ("361", 2)])
def test_published_rows_are_the_printed_ones(name: str, department: str, seed: int) -> None:
    layout = layouts.load(name)
    disclosure = make_disclosure(seed, department, 2025, layout.stage)
    printed = print_disclosure(disclosure, layout)
    extracted = extract(printed.content, Hints(file_name=printed.file_name, title=printed.title))
    assert differences(extracted, expected_rows(disclosure, layout)) == []
    (document,) = extracted.tables["document"].to_pylist()
    assert (document["fiscal_year"], document["stage"]) == (2025, layout.stage)
    assert document["cells_refuted"] == 0
    assert document["cells_proven"] > document["cells"] * 0.8
    errors = [f for f in extracted.tables["finding"].to_pylist() if f["severity"] == "error"]
    assert errors == []
    assert not [
        f for f in extracted.tables["finding"].to_pylist() if f["rule"] in ("code.name", "unknown_table")
    ]
    assert misfits([extracted.tables]) == [[]]


def test_the_same_bytes_give_the_same_rows() -> None:
    layout = layouts.load("hebei")
    content = print_disclosure(make_disclosure(3, "318", 2024, "budget"), layout).content
    one, other = (extract(content, Hints()) for _ in range(2))
    assert {name: table.to_pylist() for name, table in one.tables.items()} == {
        name: table.to_pylist() for name, table in other.tables.items()
    }


def test_an_economic_item_of_the_text_says_which_it_is() -> None:
    layout = layouts.load("hebei")
    extracted = extract(
        print_disclosure(make_disclosure(1, "306", 2025, layout.stage), layout).content, Hints()
    )
    items = [f for f in extracted.tables["fact"].to_pylist() if f["name"] == "expenditure.economic"]
    assert items
    assert all(f["path"] and f["path"] in f["quote"] for f in items)
    assert len({f["path"] for f in items}) == len(items)
