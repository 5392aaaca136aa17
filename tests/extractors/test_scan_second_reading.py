"""Cells that are read once more, larger: what is read, and when it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from fisc.extractors.again import second_reading
from fisc.extractors.page import Page
from fisc.extractors.reading import read_pages
from fisc.extractors.rereading import Again, reread
from fisc.extractors.scan import SecondReading
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.statement import Amount
from samples.scan import Scanner, scan
from tests.extractors.scan_pages import AMOUNTS, table
from tests.extractors.test_scan_proof import SOUND, D, ocr, with_amount
from tests.extractors.test_scan_proof import table as statement

pytest.importorskip("onnxruntime")


@pytest.mark.parametrize(
    "scanner",
    [Scanner(dpi=150, skew=1.2, stamp=1), Scanner(dpi=110, turn=90), Scanner(dpi=150, part=True)],
    ids=["aslant", "turned", "on a part of the page"],
)
def test_amounts_are_read_where_they_stand_and_nothing_where_nothing_stands(scanner: Scanner) -> None:
    content = scan(table().tobytes(), scanner)
    (page,) = read_pages(content)
    words = [word for word in page.words if word.text in AMOUNTS]
    assert len(words) == len(AMOUNTS)
    with SecondReading(content) as second:
        assert [second.amounts(page, word.box)[0].text for word in words] == [word.text for word in words]
        x0, y0, x1, y1 = words[0].box
        beside = (x0 - 40, y0 - 4, x0 - 6, y1 + 4)
        assert second.amounts(page, beside, blank=True) == ()
        whole = (x0 - 8, y0 - 5, x1 + 8, y1 + 5)
        assert second.amounts(page, whole, blank=True)[0].text == words[0].text


def test_a_document_without_scanned_pages_has_no_second_reading() -> None:
    with second_reading(b"", [Page(1, 100, 100, (), ())]) as again:
        assert again is None


def reading(found: Mapping[str, list[tuple[str, float]]]) -> Again:
    """Second readings by the text of the first."""
    return lambda amount: found.get(amount.text, [])


def unreadable(text: str) -> Amount:
    return replace(ocr("1.00"), text=text, value=None, readings=((text, 0.4),))


def test_a_surely_misread_figure_takes_its_second_reading() -> None:
    misread = with_amount(SOUND, 1, "basic", ocr("16.25"))
    assert reread([misread]).findings == ()
    found = reread([misread], reading({"16.25": [("10.25", 0.9)], "20.25": [("20.25", 0.9)]}))
    mended = found.statements[0].rows[1].amounts["basic"]
    assert (mended.text, mended.value, mended.method) == ("16.25", D(102500), "repaired")
    assert [finding.rule for finding in found.findings] == ["amount.repaired"]


@pytest.mark.parametrize("text", ["10.2~", ""])
def test_a_cell_without_a_readable_figure_takes_the_one_that_adds_up(text: str) -> None:
    lost = with_amount(SOUND, 1, "basic", unreadable(text))
    found = reread([lost], reading({text: [("10.25", 0.6), ("10.75", 0.3)]}))
    mended = found.statements[0].rows[1].amounts["basic"]
    assert (mended.text, mended.value, mended.method) == (text, D(102500), "repaired")
    said = Finding("number.unreadable", "error", "", "", "", page=mended.page, box=mended.box)
    elsewhere = replace(said, box=(5.0, 5.0, 6.0, 6.0))
    other = replace(said, rule="row.unnamed")
    assert found.without_mended([said, elsewhere, other]) == [elsewhere, other]


def test_a_second_reading_that_adds_up_nowhere_is_not_taken() -> None:
    lost = with_amount(SOUND, 1, "basic", unreadable("10.2~"))
    found = reread([lost], reading({"10.2~": [("10.28", 0.9)]}))
    assert found.statements == (lost,)
    assert found.findings == ()


def test_an_unreadable_total_does_not_make_its_part_nothing() -> None:
    lost = statement(("", (unreadable("5.0~"), ocr("5.00"), None)))
    found = reread([lost], reading({"5.0~": [("8.00", 0.9)], "5.00": [("0.00", 0.9)]}))
    assert found.statements[0].rows[0].amounts["basic"].value == D(50000)
    assert found.findings == ()


def test_a_blank_cell_that_no_failing_sum_concerns_is_not_read() -> None:
    asked: list[str] = []

    def again(amount: Amount) -> list[tuple[str, float]]:
        asked.append(amount.text)
        return []

    reread([with_amount(SOUND, 1, "basic", replace(unreadable(""), method="text"))], again)
    sound = statement(("", (ocr("5.00"), ocr("5.00"), replace(unreadable(""), method="text"))))
    before = len(asked)
    reread([sound], again)
    assert before
    assert len(asked) == before


def test_printed_documents_are_never_read_again() -> None:
    printed = with_amount(SOUND, 1, "basic", ocr("16.25"))
    rows = tuple(
        replace(row, amounts={c: replace(a, method="text") for c, a in row.amounts.items()})
        for row in printed.rows
    )

    def never(amount: Amount) -> list[tuple[str, float]]:
        raise AssertionError(amount)

    assert reread([replace(printed, rows=rows)], never).findings == ()
