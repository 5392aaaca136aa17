"""Slips: each changes exactly what it says, in the print and in what is expected from it."""

from decimal import Decimal

import pymupdf
import pytest

from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import expected_rows, print_disclosure
from samples.printing.forms import words
from samples.slips import KINDS, NoPlaceForSlip, plant

LAYOUTS = ("hebei", "national_final", "shanghai")


def text_of(content: bytes) -> str:
    """The printed text without its page numbers, which may stand within a sentence."""
    with pymupdf.open(stream=content) as pdf:
        pages = ("".join(pdf[n].get_text().split()) for n in range(pdf.page_count))
        return "".join(page.removesuffix(f"-{n}-").removeprefix(f"-{n}-") for n, page in enumerate(pages, 1))


def _department(name: str, kind: str) -> str | None:
    """The first department in whose disclosure there is something of a kind to get wrong."""
    layout = layouts.load(name)
    for department in ("361", "342"):
        try:
            plant(make_disclosure(2, department, 2025, layout.stage), layout, kind)
        except NoPlaceForSlip:
            continue
        return department
    return None


PLACES = [
    (name, kind, department) for name in LAYOUTS for kind in KINDS if (department := _department(name, kind))
]


@pytest.mark.parametrize(("name", "kind", "department"), PLACES)
def test_one_thing_is_wrong(name: str, kind: str, department: str) -> None:
    layout = layouts.load(name)
    good = make_disclosure(2, department, 2025, layout.stage)
    bad, slip = plant(good, layout, kind)
    before, after = expected_rows(good, layout), expected_rows(bad, layout)
    changed = [
        (table, n, column, row[column])
        for table, rows in after.items()
        for n, row in enumerate(rows, 1)
        for column in row
        if row[column] != before[table][n - 1][column]
    ]
    if slip.column == "note":
        assert not changed
        note = words(slip.right or slip.wrong, good).replace(" ", "")
        times = [text_of(print_disclosure(one, layout).content).count(note) for one in (good, bad)]
        assert times[1] - times[0] == (1 if slip.wrong else -1)
    elif slip.row is None:
        assert not changed
        assert slip.paragraph is not None
        assert slip.paragraph.count(slip.right) == 1
        wrong = slip.paragraph.replace(slip.right, slip.wrong)
        printed = text_of(print_disclosure(bad, layout).content)
        assert "".join(wrong.split()) in printed
        assert "".join(slip.paragraph.split()) not in printed
    else:
        value = changed[0][3]
        assert [c[:3] for c in changed] == [(slip.where, slip.row, slip.column)]
        assert str(value or "") == slip.wrong


def test_every_kind_has_a_place_in_some_layout() -> None:
    assert {kind for _, kind, _ in PLACES} == set(KINDS)


def test_slips_are_drawn_from_the_seed() -> None:
    layout = layouts.load("hebei")
    good = make_disclosure(2, "361", 2025)
    told = {plant(good, layout, "digit", seed)[1] for seed in range(8)}
    assert len(told) > 4
    assert plant(good, layout, "digit", 3) == plant(good, layout, "digit", 3)


def test_a_wrong_digit_is_one_that_is_printed() -> None:
    layout = layouts.load("hebei")
    _, slip = plant(make_disclosure(2, "361", 2025), layout, "digit")
    assert Decimal(slip.wrong) % 100 == 0
    assert len(slip.wrong) == len(slip.right)
