"""Repairs by arithmetic: the only smallest set of likely readings, or nothing."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.extractors.scan.repair import Candidate, Cell, Identity, Substitutions, repairs

D = Decimal


def cell(name: str, read: str, *others: tuple[str, float]) -> Cell:
    first = Candidate(D(read.replace(",", "")), read, 0.9)
    rest = tuple(Candidate(D(text.replace(",", "")), text, score) for text, score in others)
    return Cell(name, first.value, (first, *rest))


def total(name: str, *parts: str, tolerance: str = "0") -> Identity:
    return Identity(name, tuple((part, 1) for part in parts), D(tolerance))


def test_a_lost_decimal_point_is_found_by_the_sum() -> None:
    cells = [cell("total", "30.50"), cell("a", "1025", ("10.25", 0.05)), cell("b", "20.25")]
    found = repairs(cells, [total("total", "a", "b")])
    assert {place: c.text for place, c in found.items()} == {"a": "10.25"}


def test_what_holds_is_left_alone() -> None:
    cells = [cell("total", "3", ("4", 0.8)), cell("a", "1", ("2", 0.8)), cell("b", "2", ("1", 0.8))]
    assert repairs(cells, [total("total", "a", "b")]) == {}


def test_two_ways_to_mend_are_none() -> None:
    cells = [cell("total", "8"), cell("a", "1", ("6", 0.1)), cell("b", "2", ("7", 0.1))]
    assert repairs(cells, [total("total", "a", "b")]) == {}


def test_a_second_identity_decides_between_two_ways() -> None:
    cells = [
        cell("total", "8"), cell("a", "1", ("6", 0.1)), cell("b", "2", ("7", 0.1)), cell("c", "2"),
    ]  # fmt: skip
    found = repairs(cells, [total("total", "a", "b"), total("b", "c")])
    assert {place: c.text for place, c in found.items()} == {"a": "6"}


def test_a_repair_that_breaks_another_identity_is_refused() -> None:
    cells = [cell("total", "8"), cell("a", "1", ("6", 0.1)), cell("b", "2"), cell("sum", "1")]
    assert repairs(cells, [total("total", "a", "b"), total("sum", "a")]) == {}


def test_one_misread_cell_in_two_identities() -> None:
    cells = [cell("total", "9"), cell("a", "1", ("7", 0.1)), cell("b", "2"), cell("again", "7")]
    found = repairs(cells, [total("total", "a", "b"), total("again", "a")])
    assert set(found) == {"a"}


def test_what_can_be_mended_is_mended_beside_what_cannot() -> None:
    cells = [
        cell("total", "8"),
        cell("a", "1", ("6", 0.1)),
        cell("b", "2"),
        cell("other", "5"),
        cell("c", "1"),
    ]
    found = repairs(cells, [total("total", "a", "b"), total("other", "b", "c")])
    assert {place: c.text for place, c in found.items()} == {"a": "6"}


def test_an_improbable_reading_that_fits_hides_no_error_of_the_document() -> None:
    cells = [cell("total", "8"), cell("a", "1", ("6", 1e-6)), cell("b", "2")]
    assert repairs(cells, [total("total", "a", "b")]) == {}


def test_other_spellings_of_one_value_are_one_way() -> None:
    cells = [cell("total", "1202"), cell("a", "1.200", ("1,200", 0.01), ("1200", 0.2)), cell("b", "2")]
    found = repairs(cells, [total("total", "a", "b")])
    assert {place: c.text for place, c in found.items()} == {"a": "1200"}


def test_a_blank_counts_as_zero_and_may_be_read_as_a_number() -> None:
    blank = Cell("a", None, (Candidate(None, "—", 0.6), Candidate(D(3), "3", 0.3)))
    cells = [cell("total", "5"), blank, cell("b", "2")]
    assert {place: c.text for place, c in repairs(cells, [total("total", "a", "b")]).items()} == {"a": "3"}
    assert repairs([cell("total", "2"), blank, cell("b", "2")], [total("total", "a", "b")]) == {}


def test_differences_and_tolerance() -> None:
    minus = Identity("rest", (("all", 1), ("gone", -1)), D("0.01"))
    cells = [cell("rest", "3.004"), cell("all", "9", ("5", 0.2)), cell("gone", "2")]
    assert set(repairs(cells, [minus])) == {"all"}


def test_identities_of_unknown_cells_are_ignored() -> None:
    assert repairs([cell("a", "1", ("2", 0.5))], [total("total", "a")]) == {}


values = st.integers(0, 6).map(D)


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[Cell], list[Identity]]:
    names = ["a", "b", "c", "d", "e"]
    cells = []
    for name in names:
        read, others = draw(values), draw(st.lists(values, max_size=2))
        candidates = (Candidate(read, str(read), 0.9), *(Candidate(v, str(v), 0.3) for v in others))
        cells.append(Cell(name, read, candidates))
    identities = []
    for _ in range(draw(st.integers(1, 3))):
        chosen = draw(st.permutations(names))[: draw(st.integers(2, 4))]
        signs = draw(st.lists(st.sampled_from([1, 1, -1]), min_size=3, max_size=3))
        identities.append(Identity(chosen[0], tuple(zip(chosen[1:], signs, strict=False))))
    return cells, identities


def holds(identity: Identity, cells: list[Cell], taken: Substitutions) -> bool:
    read = {c.id: taken[c.id].value if c.id in taken else c.value for c in cells}
    parts = sum((sign * (read[place] or D(0)) for place, sign in identity.parts), D(0))
    return abs((read[identity.total] or D(0)) - parts) <= identity.tolerance


def touches(identity: Identity, places: set[object]) -> bool:
    return identity.total in places or any(place in places for place, _ in identity.parts)


@given(systems())
def test_every_identity_of_a_substituted_cell_holds_and_none_is_broken(
    system: tuple[list[Cell], list[Identity]],
) -> None:
    cells, identities = system
    found = repairs(cells, identities)
    for identity in identities:
        if touches(identity, set(found)) or holds(identity, cells, {}):
            assert holds(identity, cells, found)
    for place, candidate in found.items():
        assert candidate in next(c for c in cells if c.id == place).candidates


@given(systems())
def test_one_failing_identity_is_mended_exactly_where_one_smallest_way_exists(
    system: tuple[list[Cell], list[Identity]],
) -> None:
    cells, identities = system
    failing = [i for i in identities if not holds(i, cells, {})]
    if len(failing) != 1:
        return
    ways = smallest_ways(cells, identities, failing[0])
    expected = ways[0] if len(ways) == 1 else {}
    assert {place: c.value for place, c in repairs(cells, identities).items()} == expected


def smallest_ways(
    cells: list[Cell], identities: list[Identity], failing: Identity
) -> list[dict[object, Decimal | None]]:
    """By trying everything."""
    others = {c.id: {k.value: k for k in c.candidates if k.value != c.value} for c in cells}
    for size in (1, 2, 3):
        ways = []
        for places in combinations([c.id for c in cells], size):
            for chosen in product(*(others[place].values() for place in places)):
                taken = dict(zip(places, chosen, strict=True))
                concerned = [i for i in identities if i is failing or touches(i, set(places))]
                if all(holds(i, cells, taken) for i in concerned):
                    ways.append({place: c.value for place, c in taken.items()})
        if ways:
            return ways
    return []


@pytest.mark.parametrize("size", [12, 40])
def test_a_wide_table_takes_no_long_time(size: int) -> None:
    parts = [cell(f"p{i}", str(i), (str(i + 100), 0.1), (str(i + 1000), 0.1)) for i in range(size)]
    cells = [cell("total", "7777"), *parts]
    assert repairs(cells, [total("total", *(p.id for p in parts))]) == {}  # type: ignore[arg-type]
