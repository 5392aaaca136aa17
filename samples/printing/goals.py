"""项目绩效目标表 as sheets: the upper part (amounts, plan, goals) and the lower part (indicators) of each project."""

from __future__ import annotations

from samples.city.goals import QUARTERS, goals
from samples.disclosure import Disclosure
from samples.layout import Form, Layout
from samples.printing.forms import amount_text
from samples.printing.listed import listed_sheet
from samples.printing.sheet import Cell, Sheet
from samples.telling.accompanying import rows_beside

WIDTHS = (15.0, 11.0, 13.0, 14.0, 16.0, 13.0, 18.0)
PLAN_HEAD = "资金支出计划"
"""Places print （%）behind it, over amounts."""
MONTHS = ("3月底", "6月底", "10月底", "12月底")


def _upper(disclosure: Disclosure, form: Form, number: int) -> tuple[Cell, ...]:
    row = rows_beside(disclosure, "project")[number - 1]
    project = disclosure.projects[number - 1]

    def money(field: str) -> str:
        return amount_text(row[field], form)

    return (
        Cell(0, 0, "项目编码"), Cell(0, 1, row["project_code"], 1, 2), Cell(0, 3, "项目名称"),
        Cell(0, 4, row["project_name"], 1, 3),
        Cell(1, 0, "预算规模及资金用途", 2), Cell(1, 1, "预算数"), Cell(1, 2, money("budget")),
        Cell(1, 3, "其中：财政    资金"), Cell(1, 4, money("fiscal_funds")), Cell(1, 5, "其他资金"),
        Cell(1, 6, money("other_funds")), Cell(2, 1, row["purpose"], 1, 6),
        Cell(3, 0, PLAN_HEAD, 2),
        *(Cell(3, c, month, 1, n) for month, c, n in zip(MONTHS, (1, 3, 4, 5), (2, 1, 1, 2), strict=True)),
        *(Cell(4, c, money(q), 1, n) for q, c, n in zip(QUARTERS, (1, 3, 4, 5), (2, 1, 1, 2), strict=True)),
        Cell(5, 0, "绩效目标"), Cell(5, 1, "\n".join(goals(project)), 1, 6, "left"),
    )  # fmt: skip


def goal_sheets(disclosure: Disclosure, layout: Layout) -> list[Sheet]:
    """Two sheets a project, numbered in the order of the document."""
    form = (layout.extras or {})["performance_indicator"]
    sheets = []
    for n, project in enumerate(disclosure.projects, 1):
        caption = ("", f"单位：{form.unit}")
        cells = _upper(disclosure, form, n)
        top = Sheet(cells, WIDTHS, 6, 0, f"{n}、{project.name}绩效目标表", caption=caption)
        sheets += [top, listed_sheet(disclosure, layout, "performance_indicator", n)]
    return sheets
