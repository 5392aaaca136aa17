"""A table that fits no form is told, unless its title is that of one known to stay raw."""

from __future__ import annotations

import pytest

from fisc.extractors.tables.doubts import unknown_table
from tests.extractors.test_numbers import printed


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("部门列支明细报表", ["raw_table"]),
        ("财政拨款基本支出决算明细表", ["basic_expenditure"]),
        ("一般公共预算基本支出表（人员经费、公用经费）", ["basic_expenditure"]),
        ("一般公共预算基本支出表——人员经费和公用经费", ["basic_expenditure"]),
        ("基本支出决算明细表", []),
        ("一般公共预算基本支出表-人员经费（工资福利支出）", []),
    ],
)
def test_the_title_of_an_official_table_is_no_known_raw_one(title: str, told: list[str]) -> None:
    table = printed(("甲", "乙"), title=title)
    assert [finding.where for finding in unknown_table(table, table.by_row())] == told
