"""Made-up disclosures: whatever the seed, every identity of the field holds to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samples.city.books import FISCAL, SOURCES
from samples.city.catalogue import departments, economic_names, function_names
from samples.disclosure import Disclosure, make_disclosure

STAGES = ("budget", "final_accounts")

made = st.builds(
    make_disclosure,
    seed=st.integers(0, 10_000),
    department=st.sampled_from([d.number for d in departments()]),
    year=st.integers(2017, 2030),
    stage=st.sampled_from(STAGES),
    grain=st.sampled_from([Decimal(100), Decimal("0.01")]),
)


@settings(max_examples=150, deadline=None)
@given(made)
def test_money_in_is_money_out(disclosure: Disclosure) -> None:
    for source in SOURCES:
        assert disclosure.flow("inflow", (source,)) == disclosure.flow("outflow", (source,))
        assert disclosure.flow("income", (source,)) >= 0


@settings(max_examples=150, deadline=None)
@given(made)
def test_economic_lines_meet_function_lines(disclosure: Disclosure) -> None:
    """基本支出 of the general public budget is told twice; insurance and housing have a function code each."""
    assert disclosure.flow("basic", ("general_public",)) == disclosure.economic()
    for economic, function in {
        "30113": "2210201",
        "30108": "2080505",
        "30109": "2080506",
        "30111": "2101103",
    }.items():
        assert disclosure.economic(economic) == disclosure.flow("basic", ("general_public",), function)
    medical = disclosure.flow("basic", code="2101101") + disclosure.flow("basic", code="2101102")
    assert medical == disclosure.economic("30110")
    retired = disclosure.economic("30301") + disclosure.economic("30302")
    assert retired == disclosure.flow("basic", code="2080501")


@settings(max_examples=150, deadline=None)
@given(made)
def test_three_public_is_part_of_basic_expenditure(disclosure: Disclosure) -> None:
    three, planned = disclosure.three_public, disclosure.three_public_budget
    assert three.official_reception == disclosure.economic("30217")
    assert three.vehicle_operation == disclosure.economic("30231")
    assert three.total == three.overseas_travel + three.official_vehicles + three.official_reception
    assert three.total <= planned.total


@settings(max_examples=100, deadline=None)
@given(made)
def test_projects_are_project_expenditure(disclosure: Disclosure) -> None:
    subsidies = disclosure.flow("project", ("superior_subsidy",))
    assert sum(p.amount for p in disclosure.projects) == disclosure.flow("project") - subsidies
    opening = sum(p.opening for p in disclosure.projects)
    assert opening == disclosure.flow("opening")


@settings(max_examples=60, deadline=None)
@given(made)
def test_years_hang_together(disclosure: Disclosure) -> None:
    """What last year's final accounts keep is what this year opens with; last year's figures are those it published."""
    before = make_disclosure(
        disclosure.seed, disclosure.department.number, disclosure.year - 1, "final_accounts"
    )
    this = make_disclosure(disclosure.seed, disclosure.department.number, disclosure.year, disclosure.stage)
    for source in FISCAL:
        assert this.flow("opening", (source,)) == before.flow("closing", (source,))
    same = make_disclosure(
        disclosure.seed, disclosure.department.number, disclosure.year - 1, disclosure.stage
    )
    assert this.last_year["spent.all"] == same.flow("spent")
    budget = make_disclosure(disclosure.seed, disclosure.department.number, disclosure.year, "budget")
    assert this.approved["three_public.total"] == budget.three_public.total == this.three_public_budget.total


@settings(max_examples=60, deadline=None)
@given(made)
def test_codes_are_official(disclosure: Disclosure) -> None:
    for code in disclosure.codes():
        assert {code[:3], code[:5], code} <= function_names().keys()
    assert {line.code for line in disclosure.economics} <= economic_names().keys()


def test_settled_keeps_what_was_spent() -> None:
    disclosure = make_disclosure(1, "361", 2025)
    settled = disclosure.settled()
    assert settled.flow("spent") == disclosure.flow("spent") == settled.flow("income")
    assert settled.flow("opening") == 0


@pytest.mark.parametrize("stage", STAGES)
def test_funds_occur(stage: str) -> None:
    """The list of departments has money of every fund, so that no table is always empty."""
    everyone = [make_disclosure(seed, d.number, 2025, stage) for d in departments() for seed in range(3)]
    for source in ("government_fund", "state_capital", "special_account", "business", "operating"):
        assert any(d.flow("spent", (source,)) for d in everyone), source
