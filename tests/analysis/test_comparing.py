"""Documents against each other: what agrees passes, what does not is found with both pages, and nothing is made up."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from city import Tables, changed, compared, named, opened, put, read, settle, total

from fisc.analysis.asking import ask, open_tables
from fisc.analysis.comparing.between import compare
from fisc.analysis.comparing.rules import labels, rules, says
from fisc.extractors.document import extract
from fisc.schemas.contract import MODELS, arrow_schema, polars_schema
from fisc.schemas.identity import Hints
from fisc.warehouse.derived import provinces, replace_province
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.read import findings_of, scan
from fisc.warehouse.store import bucket
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_apart

BUDGET, FINAL = (2024, "budget"), (2024, "final_accounts")
LAST, NEXT = (2023, "final_accounts"), (2025, "budget")


def publish_all(home: Home, ledger: Ledger, **instead: Tables) -> dict[str, str]:
    """Publish the four documents, some of them replaced; their ids by name."""
    every = {"budget": BUDGET, "final": FINAL, "last": LAST, "next": NEXT}
    ids = {name: put(home, ledger, instead.get(name, read()[key])) for name, key in every.items()}
    settle(home, ledger)
    return ids


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The four documents as they are printed: they agree with each other."""
    with opened(tmp_path_factory.mktemp("agreeing")) as (home, ledger):
        publish_all(home, ledger)
        return home


def test_documents_that_agree_give_passes_and_no_failure_but_adjusted_budgets(city: Home) -> None:
    outcomes = scan(city, "comparison").collect().group_by("rule", "outcome").len().sort("rule", "outcome")
    passed = {rule for rule, outcome, _ in outcomes.rows() if outcome == "pass"}
    failed = {rule for rule, outcome, _ in outcomes.rows() if outcome == "fail"}
    assert passed >= {
        "budget.three_public",
        "budget.said",
        "budget.completion_said",
        "year_before.said",
        "execution.rate",
    }
    assert failed <= {"execution.rate"}


def test_rows_fit_their_declaration_and_count_from_one_in_each_document(city: Home) -> None:
    rows = scan(city, "comparison").drop("year", "kind", "prov").collect()
    MODELS["comparison"].validate(rows.cast(polars_schema("comparison")), lazy=True)
    for (_,), of_document in rows.group_by(["document_id"]):
        assert of_document["row"].sort().to_list() == list(range(1, of_document.height + 1))


def test_a_document_without_its_counterpart_says_that_it_was_not_checked(city: Home) -> None:
    missing = compared(city, "budget.three_public", "not_run")
    assert [(row["fiscal_year"], row["stage"]) for row in missing] == [(2023, "final_accounts")]
    assert "未作核对" in missing[0]["message"]


def test_every_row_leads_to_the_figures_of_both_documents(city: Home) -> None:
    cells = scan(city, "cell").collect()
    facts = scan(city, "fact").collect()
    rows = scan(city, "comparison").filter(pl.col("outcome") != "not_run").collect().to_dicts()
    assert rows
    for row in rows:
        for prefix in ("", "other_"):
            document_id = row[f"{prefix}document_id"]
            at = row["table_row" if not prefix else "other_row"]
            if row[f"{prefix}table"] == "fact":
                found = facts.filter(document_id=document_id, row=at, name=row[f"{prefix}column"])
            else:
                found = cells.filter(
                    pl.col("document_id") == document_id, pl.col("row") == at,
                    pl.col("table") == row[f"{prefix}table"], pl.col("column") == row[f"{prefix}column"],
                )  # fmt: skip
                if row["rule"] != "budget.completion_said":  # its other side is a rate of the figure
                    assert found["value"][0] == row[f"{prefix}value"]
            assert found.height == 1
            assert found["page"][0] == row[f"{prefix}page"]


def _reception_budget(row: dict[str, object]) -> bool:
    return row["item"] == "total" and row["measure"] == "budget"


def test_another_budget_in_the_final_accounts_than_was_published_is_found(tmp_path: Path) -> None:
    wrong = changed(read()[FINAL], "three_public", "total", _reception_budget, Decimal("30000"))
    with opened(tmp_path) as (home, ledger):
        ids = publish_all(home, ledger, final=wrong)
        (row,) = compared(home, "budget.three_public", "fail")
        assert (row["document_id"], row["other_document_id"]) == (ids["final"], ids["budget"])
        assert row["difference"] == row["value"] - row["other_value"] == Decimal("30000")
        assert row["tolerance"] == Decimal("100")
        found = findings_of(home).filter(rule="budget.three_public").collect().to_dicts()
        assert [(f["expected"], f["actual"], f["page"]) for f in found] == [
            (row["other_value"], row["value"], row["page"])
        ]


def test_a_difference_of_one_printed_digit_passes_and_of_two_fails(tmp_path: Path) -> None:
    for step, outcome in ((Decimal(100), "pass"), (Decimal(200), "fail")):
        moved = changed(read()[FINAL], "three_public", "total", _reception_budget, step)
        with opened(tmp_path / outcome) as (home, ledger):
            publish_all(home, ledger, final=moved)
            found = [r for r in compared(home, "budget.three_public") if r["difference"]]
            assert [(r["difference"], r["outcome"]) for r in found] == [(step, outcome)]


def test_what_a_text_says_of_the_year_before_is_held_against_that_year(tmp_path: Path) -> None:
    moved = changed(
        read()[BUDGET], "expenditure", "basic", lambda row: row["is_total"] and not row["function_code"], Decimal(70000)
    )  # fmt: skip
    with opened(tmp_path) as (home, ledger):
        ids = publish_all(home, ledger, budget=moved)
        failed = [
            row for row in compared(home, "year_before.said", "fail") if row["column"] == "change.basic"
        ]
        assert [(row["document_id"], row["other_document_id"]) for row in failed] == [
            (ids["next"], ids["budget"])
        ]
        assert failed[0]["difference"] == Decimal(-70000)
        assert "基本支出" in failed[0]["quote"]


def test_opening_balances_are_held_against_closing_ones(tmp_path: Path) -> None:
    def closing(row: dict[str, object]) -> bool:
        return row["key"] == "carryover_out"

    moved = changed(read("361")[LAST], "revenue_expenditure", "amount", closing, Decimal(5000))
    with opened(tmp_path) as (home, ledger):
        put(home, ledger, moved)
        put(home, ledger, read("361")[FINAL])
        settle(home, ledger)
        failed = compared(home, "year_before.closing_balance", "fail")
        assert [row["difference"] for row in failed if row["table"] == "revenue_expenditure"] == [
            Decimal(-5000)
        ]


def test_the_same_disclosure_in_two_files_is_compared_figure_by_figure(tmp_path: Path) -> None:
    twin = changed(
        named(read()[BUDGET], title="再次公开"),
        "three_public",
        "total",
        lambda r: r["item"] == "total",
        Decimal(900),
    )
    with opened(tmp_path) as (home, ledger):
        put(home, ledger, read()[BUDGET])
        put(home, ledger, twin)
        settle(home, ledger)
        rows = compared(home, "twice.differs")
        assert [row["difference"].copy_abs() for row in rows if row["outcome"] == "fail"] == [Decimal(900)]
        assert sum(row["outcome"] == "pass" for row in rows) > 100


def test_a_department_is_held_against_the_sum_of_its_units_where_all_have_published(tmp_path: Path) -> None:
    whole = read()[BUDGET]
    names = [row["name"] for row in whole["institution"].to_pylist()]
    assert names
    with opened(tmp_path) as (home, ledger):
        put(home, ledger, whole)
        for name in names[:-1]:
            put(home, ledger, named(whole, level="unit", department=name))
        settle(home, ledger)
        assert compared(home, "units.sum") == [], "a unit is missing, so there is no sum"
        put(home, ledger, named(whole, level="unit", department=names[-1]))
        settle(home, ledger)
        rows = [row for row in compared(home, "units.sum") if row["table"] == "general_public_budget"]
        sides = {row["column"]: (row["value"], row["other_value"]) for row in rows}
        amount = total(whole, "general_public_budget")
        assert sides["total"] == (amount, amount * len(names))
        assert all(len(row["other_documents"].split()) == len(names) for row in rows)


def test_only_what_changed_is_computed_again_and_no_byte_changes_without_cause(tmp_path: Path) -> None:
    with opened(tmp_path) as (home, ledger):
        publish_all(home, ledger)
        before = _bytes(home)
        assert settle(home, ledger).computed == ()
        for file in (home.work / "derived").iterdir():
            file.unlink()
        again = settle(home, ledger)
        assert (again.computed, again.files) == (("13",), 0)
        assert _bytes(home) == before


def test_documents_that_arrive_in_another_order_give_the_same_bytes(tmp_path: Path, city: Home) -> None:
    with opened(tmp_path) as (home, ledger):
        for key in (NEXT, LAST, FINAL, BUDGET):
            put(home, ledger, read()[key])
            settle(home, ledger)
        assert _bytes(home) == _bytes(city)


def test_a_file_that_cannot_be_read_stops_its_province_only_and_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as (home, ledger):
        publish_all(home, ledger)
        put(home, ledger, named(read()[BUDGET], region_code="320000", region="江苏省"))
        broken = home.warehouse / "cell/year=2024/kind=budget/prov=13/part.parquet"
        broken.write_bytes(broken.read_bytes()[:-20])
        done = settle(home, ledger)
        assert done.computed == ("32",)
        assert [(prov, "could not be compared" in sentence) for prov, sentence in done.failed] == [
            ("13", True)
        ]


def test_an_empty_warehouse_has_nothing_to_compare(tmp_path: Path) -> None:
    with opened(tmp_path) as (home, ledger):
        assert settle(home, ledger).computed == ()
        assert compare(home, "13").schema == arrow_schema("comparison")


def test_rules_name_tables_columns_and_facts_that_exist() -> None:
    for rule in rules().values():
        for selector in (each for pair in rule.figures for each in pair if not each.startswith("*")):
            table, column = selector.partition("@")[0].split(".")
            assert column in arrow_schema(table).names, selector
    assert {table for _, table, _, _ in says()} <= set(MODELS)
    assert dict(labels())["change.total"] == "收支总计"


def _bytes(home: Home) -> dict[str, str]:
    files = sorted((home.warehouse / "comparison").rglob("*.parquet"))
    return {str(f.relative_to(home.warehouse)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_what_is_of_the_year_alone_is_not_held_against_totals_with_what_was_carried_over() -> None:
    lines = {(table, line) for fact, table, _, line in says() if fact == "fiscal_appropriation.revenue"}
    assert lines == {("fiscal_appropriation", "revenue:current_year_total")}


def test_tables_on_s3_are_compared_and_asked_like_those_of_a_folder(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path / "one") as (alone, ledger):
        publish_all(alone, ledger)
    shared = Home(tmp_path / "here", "postgresql://unused", store_url).create()
    for file in sorted(alone.warehouse.rglob("*.parquet")):
        if "comparison" not in file.parts:
            bucket(shared).write(f"warehouse/{file.relative_to(alone.warehouse)}", file.read_bytes())
    monkeypatch.setattr("fisc.warehouse.derived.locked", lambda home, names: nullcontext())
    replaced = replace_province(shared, "comparison", "13", compare(shared, "13"))
    assert replaced == 4
    assert replace_province(shared, "comparison", "13", compare(shared, "13")) == 0
    assert provinces(shared) == ["13"]
    with open_tables(shared) as one, open_tables(alone) as other:
        query = "SELECT rule, outcome, count(*) AS n FROM comparison GROUP BY ALL ORDER BY ALL"
        assert ask(one, query).equals(ask(other, query))


def in_two_files(wrong: Decimal = Decimal(0)) -> tuple[Tables, Tables]:
    """A disclosure whose text stands in one file and whose tables stand in another, where 合计 is wrong by so much."""
    layout = layouts.load("tianjin")
    files = print_apart(make_disclosure(1, "306", 2025, layout.stage), layout)
    told, listed = (dict(extract(f.content, Hints(title=f.title, source="sample")).tables) for f in files)
    whole = {row["row"] for row in listed["expenditure"].to_pylist() if row["is_total"]}
    return told, changed(listed, "expenditure", "basic", lambda row: row["row"] in whole, wrong)


def test_a_text_in_one_file_is_held_against_the_tables_in_another(tmp_path: Path) -> None:
    with opened(tmp_path) as (home, ledger):
        told, listed = (put(home, ledger, tables) for tables in in_two_files())
        settle(home, ledger)
        rows = compared(home, "apart.said")
        assert {row["outcome"] for row in rows} == {"pass"}
        assert {(row["document_id"], row["other_document_id"]) for row in rows} == {(told, listed)}
        assert len(rows) > 10


def test_a_text_that_says_another_figure_than_the_tables_in_another_file_is_found(tmp_path: Path) -> None:
    with opened(tmp_path) as (home, ledger):
        for tables in in_two_files(Decimal(1_000_000)):
            put(home, ledger, tables)
        settle(home, ledger)
        failed = compared(home, "apart.said", "fail")
        assert {row["severity"] for row in failed} == {"error"}
        assert {(row["label"], row["other_table"], row["other_column"]) for row in failed} == {
            ("基本支出", "expenditure", "basic")
        }


def test_a_document_that_has_its_own_tables_is_not_held_against_other_files(city: Home) -> None:
    assert compared(city, "apart.said") == []
