"""What documents say of each other: each figure beside the one that it should equal in another document."""

from __future__ import annotations

import polars as pl

from fisc.schemas.model import Model, Number, field


class Comparison(Model):
    rule: str = field("规则", "dotted name of the comparison", null=False)
    severity: str = field("严重程度", "error, warning or info", null=False, isin=["error", "warning", "info"])
    outcome: str = field("结果", "pass, fail or not_run", null=False, isin=["pass", "fail", "not_run"])
    label: str = field("项目", "line or fact that is compared, as printed")
    message: str = field("说明", "one sentence where it failed or was not run, Chinese then English")
    table: str = field("数据表", "published table of the figure, or fact")
    column: str = field("列", "column of that table, or name of the fact")
    table_row: pl.Int32 = field("表中行号", "row of that table in this document")
    value: Number = field("本文件数值", "figure of this document, in yuan (percent where a rate is compared)")
    quote: str = field("原文", "sentence that says the figure, where it stands in the text")
    other_document_id: str = field(
        "对方文件编号", "document that it is compared with; null where several are added up"
    )
    other_documents: str = field(
        "对方文件及页码", "all documents of the other side, each as id:page, with blanks between"
    )
    other_department: str = field("对方部门（单位）", "department or unit of the other document, as printed")
    other_fiscal_year: pl.Int16 = field("对方年度", "fiscal year of the other side")
    other_stage: str = field("对方阶段", "budget or final_accounts", isin=["budget", "final_accounts"])
    other_table: str = field("对方数据表", "published table of the other figure")
    other_column: str = field("对方列", "column of the other figure")
    other_row: pl.Int32 = field("对方行号", "row of the other figure in its table")
    other_page: pl.Int32 = field("对方页码", "page of the other figure in its file, from 1", ge=1)
    other_value: Number = field(
        "对方数值", "figure of the other side, in yuan (percent where a rate is compared)"
    )
    difference: Number = field("差额", "value minus other_value")
    tolerance: Number = field("容差", "largest difference that passes: rounding, or the limit of the rule")
    ratio: Number = field("比率", "value in percent of other_value; null where that is zero", unit="percent")

    class Config:
        name = "comparison"
        title = "文件之间的核对"
        description = (
            "Figures of one document beside those of another: budget, year before, units, earlier version. "
            "Computed from the other tables after each publication."
        )
