"""The tables that stand beside the nine: institutions, projects and their goals, procurement, assets, glossary."""

from __future__ import annotations

import polars as pl

from fisc.schemas.model import Model, Number, Yuan, amount, field, is_total


class Institution(Model):
    name: str = field("单位名称", "name of the unit", null=False)
    nature: str = field("单位性质", "nature of the unit, e.g. 行政, 事业")
    rank: str = field("单位规格", "administrative rank")
    funding: str = field("经费形式", "how it is funded")
    remark: str = field("备注", "remark on the unit, e.g. that it has no budget of its own")

    class Config:
        name = "institution"
        title = "机构设置情况"
        description = "The units a department consists of."


class Project(Model):
    project_number: pl.Int32 = field(
        "项目序号", "order of the project in the document, from 1", null=False, ge=1
    )
    project_code: str = field("项目编码", "code of the project")
    project_name: str = field("项目名称", "name of the project")
    budget: Yuan = amount("预算数", "budget of the project")
    fiscal_funds: Yuan = amount("其中：财政资金", "of it, fiscal funds")
    other_funds: Yuan = amount("其他资金", "of it, other funds")
    purpose: str = field("预算数（用途）", "what the money is for")
    goal: str = field("绩效目标", "performance goal")
    plan_march: Yuan = amount("3月底", "planned to be spent by the end of March")
    plan_june: Yuan = amount("6月底", "planned to be spent by the end of June")
    plan_october: Yuan = amount("10月底", "planned to be spent by the end of October")
    plan_december: Yuan = amount("12月底", "planned to be spent by the end of December")

    class Config:
        name = "project"
        title = "项目绩效目标表（项目）"
        description = "One row a project with a performance-goal sheet."


class PerformanceIndicator(Model):
    project_number: pl.Int32 = field(
        "项目序号", "order of the project in the document, from 1", null=False, ge=1
    )
    level1: str = field("一级指标", "first-level indicator, e.g. 产出指标")
    level2: str = field("二级指标", "second-level indicator, e.g. 数量指标")
    level3: str = field("三级指标", "third-level indicator")
    description: str = field("绩效指标描述", "what is measured")
    target: str = field("指标值", "value to reach, as printed")
    basis: str = field("指标值确定依据", "where the value comes from")

    class Config:
        name = "performance_indicator"
        title = "项目绩效目标表（指标）"
        description = "One row an indicator of a project."


class Procurement(Model):
    item_text: str = field("政府采购项目来源", "line as printed")
    project_budget: Yuan = amount("项目预算资金", "budget of the project that buys")
    project_name: str = field("专项名称", "special project that buys, where the form has it")
    economic_name: str = field("经济科目", "economic item, where the form has it")
    goods: str = field("采购物品名称", "what is bought")
    method: str = field("采购组织形式", "how it is bought, where the form has it")
    catalogue_code: str = field("政府采购目录序号", "code of the procurement catalogue")
    measure_unit: str = field("计量单位", "unit of measure")
    quantity: Number = field("数量", "how many", unit="as in measure_unit")
    unit_price: Yuan = amount("单价", "price of one")
    total: Yuan = amount("合计", "amount")
    general_public: Yuan = amount("一般公共预算拨款", "from the general public budget")
    government_fund: Yuan = amount("政府性基金预算拨款", "from the government fund budget")
    state_capital: Yuan = amount("国有资本经营预算拨款", "from the state capital operations budget")
    special_account: Yuan = amount("财政专户核拨", "from special fiscal accounts")
    unit_funds: Yuan = amount("单位资金", "from the unit's own funds")
    carryover: Yuan = amount("上年结转", "carried over from last year")
    sme_reserved: Yuan = amount("预留中小微企业份额", "reserved for small and medium enterprises")
    is_total: bool = is_total()

    class Config:
        name = "procurement"
        title = "政府采购预算表"
        description = "What is bought, and from which funds."


class FixedAsset(Model):
    item_text: str = field("项目", "line as printed", null=False)
    quantity: Number = field("数量", "how many", unit="as printed")
    value: Yuan = amount("价值", "value")
    is_total: bool = is_total()

    class Config:
        name = "fixed_asset"
        title = "固定资产占用情况表"
        description = "Fixed assets held at the end of last year."


class Glossary(Model):
    term: str = field("名词", "term", null=False)
    definition: str = field("解释", "what the document says it means", null=False)

    class Config:
        name = "glossary"
        title = "名词解释"
        description = "Terms as the document explains them."


class RawTable(Model):
    table_number: pl.Int32 = field("表序", "order of the table in the document, from 1", null=False, ge=1)
    title: str = field("表题", "caption found near the table")
    grid_row: pl.Int32 = field("行", "row in the grid, from 1", null=False, ge=1)
    grid_column: pl.Int32 = field("列", "column in the grid, from 1", null=False, ge=1)
    row_span: pl.Int32 = field("跨行", "rows the cell spans", null=False, ge=1)
    column_span: pl.Int32 = field("跨列", "columns the cell spans", null=False, ge=1)
    text: str = field("文字", "text as printed")
    x0: pl.Float32 = field("左", "left edge", unit="pt")
    y0: pl.Float32 = field("上", "top edge", unit="pt")
    x1: pl.Float32 = field("右", "right edge", unit="pt")
    y1: pl.Float32 = field("下", "bottom edge", unit="pt")

    class Config:
        name = "raw_table"
        title = "未识别表格"
        description = "Tables that match no form, cell by cell, never guessed and never dropped."
