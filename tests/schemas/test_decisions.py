"""Corrections and waivers apply where the exact text stands, and say so where it does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from fisc.extractors.document import Extracted, Hints, extract
from fisc.schemas.decisions import Correction, Decisions, Waiver, figure_text, line_of, waived
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure
from samples.slips import plant

WHO = {"reason": "看过原件", "name": "王审", "on": "2026-11-26"}


@cache
def printed() -> bytes:
    """A disclosure in which one amount is printed wrong, so that a sum does not hold."""
    layout = layouts.load("hebei")
    disclosure, _ = plant(make_disclosure(1, "306", 2025, layout.stage), layout, "digit")
    return print_disclosure(disclosure, layout).content


def read(decisions: Decisions = Decisions()) -> Extracted:  # noqa: B008 - frozen
    return extract(printed(), Hints(decisions=decisions))


def rows(extracted: Extracted, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = extracted.tables[table].to_pylist()
    return found


def a_correction(before: Extracted, value: Decimal) -> Correction:
    """Of the first refuted amount."""
    cell = next(cell for cell in rows(before, "cell") if cell["proof"] == "refuted")
    row = next(row for row in rows(before, cell["table"]) if row["row"] == cell["row"])
    return Correction(
        before.document_id,
        cell["table"],
        cell["column"],
        line_of(row),
        cell["page"],
        cell["text"],
        value,
        **WHO,
    )


def a_waiver(before: Extracted) -> Waiver:
    found = next(f for f in rows(before, "finding") if f["severity"] == "error")
    sides = [figure_text(found[side]) for side in ("expected", "actual")]
    text = found["quote"] or found["message"]
    return Waiver(
        before.document_id,
        found["rule"],
        found["where"] or "",
        found["page"],
        text,
        sides[0],
        sides[1],
        **WHO,
    )


def test_a_corrected_amount_is_published_marked_with_its_printed_text_kept() -> None:
    before = read()
    correction = a_correction(before, Decimal("12.34"))
    after = read(Decisions(corrections=(correction,)))
    (cell,) = (cell for cell in rows(after, "cell") if cell["method"] == "corrected")
    assert (cell["text"], cell["value"]) == (correction.text, Decimal("12.34"))
    row = next(row for row in rows(after, cell["table"]) if row["row"] == cell["row"])
    assert row[cell["column"]] == Decimal("12.34")
    assert [f for f in rows(after, "finding") if f["rule"] == "correction.not_applied"] == []


def test_a_correction_is_tried_by_the_documents_own_arithmetic() -> None:
    """The right amount mends the proof; that is why corrections come before the audit."""
    before = read()
    errors = [f for f in rows(before, "finding") if f["severity"] == "error" and f["expected"] is not None]
    assert errors
    mended = []
    for cell in rows(before, "cell"):
        if cell["proof"] != "refuted":
            continue
        for difference in {f["difference"] for f in errors if f["difference"]}:
            row = next(row for row in rows(before, cell["table"]) if row["row"] == cell["row"])
            value = (cell["value"] - difference).quantize(Decimal("0.01"))
            correction = Correction(
                before.document_id,
                cell["table"],
                cell["column"],
                line_of(row),
                cell["page"],
                cell["text"],
                value,
                **WHO,
            )
            mended.append(correction)
    counts = [
        rows(read(Decisions(corrections=(correction,))), "document")[0]["cells_refuted"]
        for correction in mended[:12]
    ]
    assert min(counts) < rows(before, "document")[0]["cells_refuted"]


@pytest.mark.parametrize("change", [{"text": "0.01"}, {"line": "别的一行"}, {"page": 99}, {"occurrence": 2}])
def test_a_correction_whose_text_is_not_there_is_a_finding_and_changes_nothing(
    change: dict[str, Any],
) -> None:
    before = read()
    correction = replace(a_correction(before, Decimal("12.34")), **change)
    after = read(Decisions(corrections=(correction,)))
    (finding,) = (f for f in rows(after, "finding") if f["rule"] == "correction.not_applied")
    assert correction.text in finding["message"]
    assert rows(after, "cell") == rows(before, "cell")


def test_a_waived_finding_keeps_standing_marked_with_its_reason() -> None:
    before = read()
    waiver = a_waiver(before)
    after = replace(before, tables=waived(before.tables, [waiver]))
    marked = [f for f in rows(after, "finding") if f["waived"]]
    assert [(f["waived"], f["waived_by"], f["severity"]) for f in marked] == [("看过原件", "王审", "error")]
    assert len(rows(after, "finding")) == len(rows(before, "finding"))
    (document,), (was,) = rows(after, "document"), rows(before, "document")
    assert (document["waived"], was["waived"]) == (1, 0)
    assert document["errors"] == was["errors"]
    assert {name: table.schema for name, table in after.tables.items()} == {
        name: table.schema for name, table in before.tables.items()
    }


@pytest.mark.parametrize(
    "change", [{"expected": "1"}, {"page": 99}, {"text": "别的话"}, {"rule": "other.rule"}]
)
def test_a_waiver_of_other_words_waives_nothing(change: dict[str, Any]) -> None:
    waiver = replace(a_waiver(read()), **change)
    assert waived(read().tables, [waiver]) == dict(read().tables)


def test_decisions_about_another_document_are_left_out() -> None:
    correction = replace(a_correction(read(), Decimal(1)), document_id="0" * 16)
    assert Decisions(corrections=(correction,)).of("f" * 16) == Decisions()


def test_a_waiver_that_names_a_table_by_its_title_holds_for_the_published_table() -> None:
    told = ("doc", "codes.roll_up", "支出总表", 3, "12.00", "12", "13", "r", "n", "2025-01-01")
    assert Waiver(*told).key == Waiver(*told[:2], "expenditure", *told[3:]).key
