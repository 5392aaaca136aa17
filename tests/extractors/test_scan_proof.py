"""Figures read from a picture: repaired by the only likely reading that adds up, proven only by what is strong enough."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from fisc.extractors.proving import proof_of, weak_proofs
from fisc.extractors.rereading import reread
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.statement import Amount, Row, Statement

D = Decimal
COLUMNS = ("total", "basic", "project")
Read = tuple[str, float]


def ocr(text: str, *others: Read) -> Amount:
    """An amount in 万元 as a recogniser gives it, with its other readings."""
    readings = ((text, 0.9), *others)
    return Amount(text, D(text) * 10_000, D(100), 1, (0, 0, 1, 1), "ocr", readings)


def table(*rows: tuple[str, tuple[Amount | None, ...]]) -> Statement:
    lines = tuple(
        Row(
            {"function_code": code or None, "function_name": code or "合计"},
            {c: a for c, a in zip(COLUMNS, amounts, strict=True) if a},
            1,
            is_total=not code,
        )
        for code, amounts in rows
    )
    return Statement("general_public_budget", "支出决算表", "万元", lines, 1, COLUMNS)


def proofs(statement: Statement, poor: tuple[int, ...] = ()) -> dict[tuple[int, int, str], str]:
    return proof_of([statement], audit_tables([statement]), poor)


SOUND = table(
    ("", (ocr("30.50"), ocr("10.25"), ocr("20.25"))),
    ("201", (ocr("30.50"), ocr("10.25"), ocr("20.25"))),
)


def with_amount(statement: Statement, row: int, column: str, amount: Amount) -> Statement:
    rows = list(statement.rows)
    rows[row] = replace(rows[row], amounts={**rows[row].amounts, column: amount})
    return replace(statement, rows=tuple(rows))


def test_a_misread_figure_takes_the_reading_that_adds_up_and_keeps_its_first_text() -> None:
    found = reread([with_amount(SOUND, 1, "basic", ocr("16.25", ("10.25", 0.05)))])
    mended = found.statements[0].rows[1].amounts["basic"]
    assert (mended.text, mended.value, mended.method) == ("16.25", D(102500), "repaired")
    (finding,) = found.findings
    assert (finding.rule, finding.severity, finding.quote) == ("amount.repaired", "info", "16.25")
    assert "10.25" in finding.message
    assert not any(o.outcome == "fail" for o in audit_tables(found.statements))


def test_without_a_fitting_reading_or_with_two_ways_it_stays_and_is_refuted() -> None:
    alone = with_amount(SOUND, 1, "basic", ocr("16.25", ("16.26", 0.05)))
    assert reread([alone]).findings == ()
    assert proofs(alone)[0, 1, "basic"] == "refuted"
    both = table(("", (ocr("8.00"), ocr("1.00", ("6.00", 0.1)), ocr("2.00", ("7.00", 0.1)))))
    assert reread([both]).findings == ()


def test_printed_figures_are_never_repaired() -> None:
    printed = with_amount(SOUND, 1, "basic", replace(ocr("16.25", ("10.25", 0.5)), method="text"))
    found = reread([printed])
    assert found.statements[0].rows[1].amounts["basic"].value == D(162500)


def test_sure_readings_that_add_up_are_proven() -> None:
    assert set(proofs(SOUND).values()) == {"proven"}


def test_the_same_likely_misreading_of_a_total_and_its_only_part_proves_neither() -> None:
    twice = table(("", (ocr("21.60", ("27.60", 0.2)), ocr("21.60", ("27.60", 0.2)), None)))
    held = proofs(twice)
    assert held == {}
    (finding,) = weak_proofs([twice], audit_tables([twice]), held)
    assert (finding.rule, finding.severity) == ("proof.weak", "info")


def test_a_reading_within_the_rounding_proves_nothing() -> None:
    near = table(("", (ocr("30.50"), ocr("10.25", ("10.26", 0.3)), ocr("20.25"))))
    assert (0, 0, "basic") not in proofs(near)
    assert proofs(near)[0, 0, "project"] == "proven"


@pytest.mark.parametrize("poor", [(), (1,)])
def test_a_repaired_figure_and_a_poor_page_need_two_identities(poor: tuple[int, ...]) -> None:
    one = table(("", (ocr("30.50"), ocr("16.25", ("10.25", 0.05)), ocr("20.25"))))
    mended = reread([one]).statements[0]
    assert mended.rows[0].amounts["basic"].method == "repaired"
    held = proofs(mended, poor)
    assert (0, 0, "basic") not in held
    assert ((0, 0, "project") in held) == (not poor)
    assert (
        proofs(reread([with_amount(SOUND, 1, "basic", ocr("16.25", ("10.25", 0.05)))]).statements[0])[
            0, 1, "basic"
        ]
        == "proven"
    )


def test_a_row_alone_proves_nothing_where_the_columns_of_its_table_do_not_add_up() -> None:
    shifted = table(
        ("", (ocr("40.00"), ocr("15.00"), ocr("25.00"))),
        ("201", (ocr("30.00"), ocr("10.00"), ocr("20.00"))),
        ("202", (ocr("10.00"), ocr("4.00"), ocr("6.00"))),
    )
    held = proofs(shifted)
    assert held[0, 0, "basic"] == "refuted"
    assert "proven" not in {held.get((0, 2, column)) for column in ("basic", "project")}


def test_a_sum_that_holds_whatever_stands_there_proves_no_recognised_figure() -> None:
    def whole(text: str) -> Amount:
        return replace(ocr(text), step=D(10_000))

    numbers_of_columns = table(("", (whole("3"), whole("1"), whole("2"))))
    assert audit_tables([numbers_of_columns])
    assert set(proofs(numbers_of_columns).values()) <= {"unchecked"}
    large = table(("", (whole("3000"), whole("1000"), whole("2000"))))
    assert proofs(large)[0, 0, "basic"] == "proven"


def test_a_mark_behind_a_figure_that_passes_for_a_third_decimal_is_not_proven() -> None:
    marked = with_amount(SOUND, 0, "total", ocr("30.501"))
    found = proofs(marked)
    assert found[(0, 1, "total")] == "proven"
    assert (0, 0, "total") not in found
    assert proofs(SOUND)[(0, 0, "total")] == "proven"


def test_a_zero_that_was_repaired_is_not_proven_for_a_blank_would_add_up_too() -> None:
    zero = table(
        ("", (ocr("30.50"), ocr("30.50"), ocr("0.00"))),
        ("201", (ocr("30.50"), ocr("30.50"), ocr("0.00"))),
    )
    assert proofs(zero)[(0, 1, "project")] == "proven"
    repaired = replace(ocr("1"), value=D(0), method="repaired")
    assert (0, 1, "project") not in proofs(with_amount(zero, 1, "project", repaired))
