"""``fisc forms`` lists what is known; ``fisc forms check`` says header by header what each table of a file met."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fisc.extractors.document import extract
from fisc.flows.cli import app
from fisc.schemas.forms import forms
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.layout import Layout
from samples.press import print_disclosure


def with_head(layout: Layout, table: str, old: str, new: str, title: str = "") -> Layout:
    """The layout with another head in one table, and another title."""
    form = layout.form(table)
    blocks = tuple(
        replace(block, columns=tuple(replace(c, head=c.head.replace(old, new)) for c in block.columns))
        for block in form.blocks
    )
    return layout.reformed(table, blocks=blocks, title=title or form.title)


def printed(layout: Layout) -> bytes:
    return print_disclosure(make_disclosure(1, "306", 2025, layout.stage), layout).content


def check(content: bytes, folder: Path, *options: str) -> str:
    file = folder / "document.pdf"
    file.write_bytes(content)
    result = CliRunner().invoke(app, ["forms", "check", str(file), *options], env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def unknown() -> bytes:
    """Final accounts whose 支出决算表 calls its names and its total otherwise, and whose title says little."""
    layout = layouts.load("national_final")
    layout = with_head(layout, "expenditure", "本年支出合计", "本年列支总额")
    return printed(with_head(layout, "expenditure", "科目名称", "列支科目", title="部门列支明细报表"))


def test_forms_lists_every_form_with_its_titles() -> None:
    result = CliRunner().invoke(app, ["forms", "--json"])
    listed = json.loads(result.output)
    assert [form["form"] for form in listed] == [form.name for form in forms()]
    assert {title for form in listed for title in form["titles"]} >= {"*收支*总表", "*三公*表"}
    assert "revenue_expenditure" in CliRunner().invoke(app, ["forms"], env={"COLUMNS": "160"}).output


def test_check_says_form_layout_and_column_of_every_table(tmp_path: Path) -> None:
    tables = json.loads(check(printed(layouts.load("hunan_budget")), tmp_path, "--json"))
    assert [table["form"] for table in tables[:5]] == [
        "revenue_expenditure", "revenue", "expenditure", "fiscal_appropriation", "general_public_budget",
    ]  # fmt: skip
    spent: dict[str, Any] = tables[2]
    assert (spent["title"], spent["unit"], spent["layout"]) == ("支出总表", "元", "by function code")
    columns = {column["head"]: (column["column"], column["why"]) for column in spent["columns"]}
    assert columns["2025年预算数/合计"] == ("total", None)
    assert columns["2024年预算数"] == (None, "another year, a share or a change")
    assert columns["科目编码/款"] == ("function_code.2", None)


def test_check_says_what_to_add_for_a_table_of_no_form(unknown: bytes, tmp_path: Path) -> None:
    tables = json.loads(check(unknown, tmp_path, "--json"))
    (table,) = [table for table in tables if table["form"] is None]
    assert table["nearest"] == "expenditure"
    assert "columns missing: function_name, total" in table["why"]
    assert table["lines"][0] == 'titles = [..., "*部门列支明细报表"]'
    assert any("total" in line and "本年列支总额" in line for line in table["lines"][1:])
    text = check(unknown, tmp_path)
    assert "+ fisc/schemas/forms/expenditure.toml: titles" in text
    assert f"{len(tables) - 1} of {len(tables)} tables met a form." in text


def test_the_finding_names_the_nearest_form_and_what_does_not_fit(unknown: bytes) -> None:
    findings = extract(unknown, Hints()).tables["finding"].to_pylist()
    (finding,) = [finding for finding in findings if finding["rule"] == "unknown_table"]
    assert "最近：expenditure" in finding["message"]
    assert "缺少列function_name、total" in finding["message"]
    assert "部门列支明细报表" in finding["message"]


def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["forms", "check", str(tmp_path / "missing.pdf")])
    assert "cannot be opened" in str(result.exception)
