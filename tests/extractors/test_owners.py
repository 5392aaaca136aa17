"""Several disclosures in one file are kept apart; one disclosure in several files has one identity."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import pytest

from fisc.extractors.document import Extracted, extract
from fisc.extractors.owners import _of_another_place
from fisc.schemas.audit.document import OFFICIAL
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import Disclosure, make_disclosure
from samples.layout_report import folded
from samples.press import expected_rows, print_apart, print_disclosure, print_together
from samples.printing.sheet import Sheet

LAYOUTS = ("hebei", "tianjin", "shanghai_final", "national_final")


def disclosures(stage: str) -> list[Disclosure]:
    """A department, its own unit, and another unit of it."""
    return [
        make_disclosure(1, "306", 2025, stage),
        make_disclosure(5, "306", 2025, stage, level="unit"),
        make_disclosure(7, "318", 2025, stage, level="unit"),
    ]


def rows_of(extracted: Extracted, table: str, disclosure: Disclosure) -> list[dict[str, Any]]:
    owner = (disclosure.name, disclosure.level)
    return [row for row in extracted.tables[table].to_pylist() if (row["department"], row["level"]) == owner]


def rules(extracted: Extracted) -> Counter[str]:
    return Counter(finding["rule"] for finding in extracted.tables["finding"].to_pylist())


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_department_and_its_units_in_one_file_are_kept_apart(name: str) -> None:
    layout = layouts.load(name)
    printed = disclosures(layout.stage)
    extracted = extract(print_together(printed, layout).content, Hints())
    assert (extracted.identity.department, extracted.identity.level) == (printed[0].name, "department")
    for disclosure in printed:
        for table, rows in expected_rows(disclosure, layout).items():
            got = rows_of(extracted, table, disclosure)
            wanted = [{k: folded(v) for k, v in row.items() if k != "project_number"} for row in rows]
            assert [{k: folded(g[k]) for k in row} for g, row in zip(got, wanted, strict=True)] == wanted
        assert rows_of(extracted, "section", disclosure)
        assert rows_of(extracted, "check", disclosure)
    (document,) = extracted.tables["document"].to_pylist()
    assert document["cells_refuted"] == 0
    assert document["cells_proven"] > document["cells"] * 0.8
    assert not {"table.repeated", "identity.department"} & set(rules(extracted))
    assert not [f for f in extracted.tables["finding"].to_pylist() if f["severity"] == "error"]


def test_cells_lead_to_the_rows_of_their_own_disclosure() -> None:
    layout = layouts.load("tianjin")
    extracted = extract(print_together(disclosures(layout.stage), layout).content, Hints())
    rows = extracted.tables["expenditure"].to_pylist()
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1))
    for cell in extracted.tables["cell"].to_pylist():
        if cell["table"] == "expenditure":
            row = rows[cell["row"] - 1]
            assert row[cell["column"]] == cell["value"]
            assert (row["department"], row["level"]) == (cell["department"], cell["level"])


def test_one_caption_with_another_name_is_no_second_disclosure_but_is_told() -> None:
    layout = layouts.load("tianjin")
    disclosure = make_disclosure(1, "306", 2025, layout.stage)
    other = "单位：河北省望溪市财政局"

    def edit(sheet: Sheet) -> Sheet:
        wrong = sheet.title == "部门支出总体情况表"
        return dataclasses.replace(sheet, caption=(other, *sheet.caption[1:])) if wrong else sheet

    extracted = extract(print_disclosure(disclosure, layout, edit).content, Hints())
    assert {row["department"] for row in extracted.tables["expenditure"].to_pylist()} == {disclosure.name}
    (finding,) = [f for f in extracted.tables["finding"].to_pylist() if f["rule"] == "identity.department"]
    assert (finding["severity"], finding["where"]) == ("warning", "expenditure")
    assert "河北省望溪市财政局" in finding["message"]


def test_the_same_table_twice_under_one_name_is_told() -> None:
    layout = layouts.load("tianjin")
    disclosure = make_disclosure(1, "306", 2025, layout.stage)
    extracted = extract(print_together([disclosure, disclosure], layout).content, Hints())
    assert rules(extracted)["table.repeated"] == len(layout.forms)


def test_narrative_and_tables_in_two_files_have_one_identity() -> None:
    layout = layouts.load("tianjin")
    disclosure = make_disclosure(1, "306", 2025, layout.stage)
    told, listed = (
        extract(file.content, Hints(title=file.title)) for file in print_apart(disclosure, layout)
    )
    assert told.identity == listed.identity
    assert told.document_id != listed.document_id
    assert not any(told.tables[form.table].num_rows for form in layout.forms)
    assert listed.tables["expenditure"].num_rows
    present = {row["outcome"] for row in told.tables["check"].to_pylist() if row["rule"] == "table.present"}
    assert present == {"not_run"}
    (absent,) = [row for row in told.tables["check"].to_pylist() if row["rule"] == "table.present"]
    assert absent["tables"].split(", ") == list(OFFICIAL)
    assert "table.present" not in rules(listed)


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("望溪市财政局", True),  # the city's own bureau in a district's document
        ("望溪市海陵区财政局", False),
        ("海陵区财政局", False),
        ("望溪市教育局", False),  # another bureau is told by other checks
    ],
)
def test_a_title_of_the_same_bureau_of_another_place(said: str, other: bool) -> None:
    assert _of_another_place(said, "望溪市海陵区财政局") is other


@pytest.mark.parametrize(("said", "owners"), [("河北省望溪", 1), ("河北省青州市水利局", 2)])
def test_a_name_cut_where_its_cell_ends_is_no_other_owner(said: str, owners: int) -> None:
    """Of a form that the layout prints twice, one caption shows the beginning of the name only."""
    layout = layouts.load("sichuan_final")
    disclosure = make_disclosure(1, "306", 2025, layout.stage)

    def edit(sheet: Sheet) -> Sheet:
        other = tuple(text.replace(disclosure.name, said) for text in sheet.caption)
        return (
            dataclasses.replace(sheet, caption=other)
            if "国有资本经营预算财政拨款支出" in sheet.title
            else sheet
        )

    extracted = extract(print_disclosure(disclosure, layout, edit).content, Hints())
    assert ("table.present" in rules(extracted)) is (owners > 1)
