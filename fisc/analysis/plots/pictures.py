"""The six pictures, each a function from what is published to a chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from fisc.analysis.plots.asking import MOST_BARS, Choice, latest, rows_of, short, stage_zh

if TYPE_CHECKING:
    import duckdb

Draw = Callable[["duckdb.DuckDBPyConnection", Choice], Any]
BUDGET, FINAL = "#9aa5b1", "#c8102e"
BASIC, PROJECT, OTHER = "#2f5d8a", "#e0913a", "#b9bec6"
STAGES = alt.Scale(domain=["年初预算", "决算"], range=[BUDGET, FINAL])
THREE = {
    "overseas_travel": "因公出国（境）",
    "official_vehicles": "公务用车",
    "official_reception": "公务接待",
}
AMOUNT = alt.Axis(format=",.0f", title="万元")


def composition(tables: duckdb.DuckDBPyConnection, choice: Choice) -> Any:
    """Expenditure by class: of one department, or of all departments of a level together."""
    rows = latest(rows_of(tables, "spending_by_class", choice), choice)
    who = _who(rows)
    together = rows.group_by("class_name").agg(pl.col("total").sum()).with_columns(
        share=100 * pl.col("total") / pl.col("total").sum()
    ).sort("total", descending=True)  # fmt: skip
    title = f"{who}{rows['fiscal_year'][0]}年{stage_zh(rows['stage'][0])}支出构成（按功能分类）"
    base = alt.Chart(together).encode(
        y=alt.Y("class_name:N", sort=together["class_name"].to_list(), title=None),
        x=alt.X("total:Q", axis=AMOUNT),
        tooltip=[
            alt.Tooltip("class_name:N", title="类"),
            _wan("total", "万元"),
            alt.Tooltip("share:Q", format=".1f", title="占比%"),
        ],
    )
    said = base.mark_text(align="left", dx=4).encode(text=alt.Text("label:N"))
    labelled = together.with_columns(
        label=pl.format("{}万元 · {}%", _grouped("total"), pl.col("share").round(1))
    )
    return _finished(base.mark_bar(color=BASIC) + said.properties(data=labelled), title, len(together))


def execution(tables: duckdb.DuckDBPyConnection, choice: Choice) -> Any:
    """Budget beside final accounts: of departments, or of the classes of one department."""
    rows = latest(rows_of(tables, "budget_against_final", choice), choice)
    one = rows["department"].n_unique() == 1
    wanted = rows.filter(pl.col("depth") == ("类" if one else "total"))
    names = short(wanted["department"])
    wanted = (
        wanted.with_columns(name=pl.col("line") if one else pl.col("department").replace_strict(names))
        .sort("final", descending=True)
        .head(MOST_BARS)
    )
    long = pl.concat([
        wanted.select("name", "rate", stage=pl.lit("年初预算"), amount="budget"),
        wanted.select("name", "rate", stage=pl.lit("决算"), amount="final"),
    ])  # fmt: skip
    order = wanted["name"].to_list()
    base = alt.Chart(long).encode(y=alt.Y("name:N", sort=order, title=None))
    line = base.mark_rule(color="#c9ced4", strokeWidth=3).encode(
        x=alt.X("min(amount):Q", axis=AMOUNT), x2="max(amount):Q"
    )
    dots = base.mark_circle(size=120, opacity=1).encode(
        x=alt.X("amount:Q", axis=AMOUNT), color=alt.Color("stage:N", scale=STAGES, title=None),
        tooltip=[alt.Tooltip("name:N", title="项目"), alt.Tooltip("stage:N", title="阶段"), _wan("amount", "万元"), alt.Tooltip("rate:Q", format=".1f", title="完成预算%")],
    )  # fmt: skip
    ends = wanted.with_columns(
        label=pl.format("{}%", pl.col("rate").round(1)), at=pl.max_horizontal("budget", "final")
    )
    said = (
        alt.Chart(ends)
        .mark_text(align="left", dx=10, color="#555")
        .encode(y=alt.Y("name:N", sort=order), x="at:Q", text="label:N")
    )
    title = f"{_who(rows)}{rows['fiscal_year'][0]}年一般公共预算支出：决算与年初预算"
    return _finished(line + dots + said, title, len(order))


def years(tables: duckdb.DuckDBPyConnection, choice: Choice) -> Any:
    """The years of a department: budget and final accounts; without a name, of the largest one."""
    rows = rows_of(tables, "department_years", choice, "series")
    if not choice.words:
        rows = rows.filter(
            pl.col("series") == rows.sort("expenditure", descending=True, nulls_last=True)["series"][0]
        )
    rows = rows.with_columns(
        said=pl.col("stage").replace_strict({"budget": "年初预算", "final_accounts": "决算"})
    )
    parts = rows.group_by("fiscal_year", "said", maintain_order=True).agg(
        pl.col("expenditure", "basic", "project").sum()
    )
    base = alt.Chart(parts).encode(
        x=alt.X("fiscal_year:O", title=None, axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("said:N", sort=["年初预算", "决算"]),
        y=alt.Y("expenditure:Q", axis=AMOUNT),
        tooltip=[alt.Tooltip("fiscal_year:O", title="年度"), alt.Tooltip("said:N", title="阶段"), _wan("expenditure", "支出 万元"), _wan("basic", "基本支出 万元"), _wan("project", "项目支出 万元")],
    )  # fmt: skip
    bars = base.mark_bar().encode(color=alt.Color("said:N", scale=STAGES, title=None))
    labelled = parts.with_columns(label=_grouped("expenditure"))
    said = base.mark_text(dy=-7, fontSize=10).encode(text="label:N").properties(data=labelled)
    return _finished(bars + said, f"{_who(rows, 'series')}历年支出", None)


def three_public(tables: duckdb.DuckDBPyConnection, choice: Choice) -> Any:
    """三公 by year: what was spent by kind, with the published budget as a line; of all departments together or one."""
    rows = rows_of(tables, "three_public_over_time", choice, "series")
    kinds = rows.filter(pl.col("item").is_in(list(THREE))).with_columns(
        kind=pl.col("item").replace_strict(THREE)
    )
    spent = (
        kinds.group_by("fiscal_year", "kind")
        .agg(pl.col("final").sum(), n=pl.col("final").count())
        .filter(pl.col("n") > 0)
    )
    budget = (
        rows.filter((pl.col("item") == "total") & pl.col("budget").is_not_null())
        .group_by("fiscal_year")
        .agg(pl.col("budget").sum())
    )
    x = alt.X("fiscal_year:O", title=None, axis=alt.Axis(labelAngle=0))
    bars = alt.Chart(spent).mark_bar(size=46).encode(
        x=x, y=alt.Y("final:Q", axis=alt.Axis(format=",.1f", title="万元")),
        color=alt.Color("kind:N", title="决算", scale=alt.Scale(domain=list(THREE.values()), range=[BASIC, FINAL, PROJECT])),
        tooltip=[alt.Tooltip("fiscal_year:O", title="年度"), alt.Tooltip("kind:N", title="项目"), _wan("final", "决算 万元")],
    )  # fmt: skip
    marks = alt.Chart(budget).mark_tick(color="#222", thickness=3, size=64).encode(
        x=x, y="budget:Q", tooltip=[alt.Tooltip("fiscal_year:O", title="年度"), _wan("budget", "年初预算 万元")]
    )  # fmt: skip
    said = (
        alt.Chart(budget.with_columns(label=pl.format("预算 {}", pl.col("budget").round(2))))
        .mark_text(dy=-9, fontSize=10)
        .encode(x=x, y="budget:Q", text="label:N")
    )
    return _finished(
        bars + marks + said, f"{_who(rows, 'series')}“三公”经费：决算（柱）与年初预算（横线）", None
    )


def compare(tables: duckdb.DuckDBPyConnection, choice: Choice) -> Any:
    """Departments of a region side by side: basic and project expenditure."""
    rows = latest(rows_of(tables, "department_years", choice, "series"), choice)
    rows = rows.sort("expenditure", descending=True, nulls_last=True).head(MOST_BARS)
    rows = rows.with_columns(
        name=pl.col("series").replace_strict(short(rows["series"])),
        other=pl.max_horizontal(
            pl.col("expenditure") - pl.col("basic").fill_null(0) - pl.col("project").fill_null(0), 0.0
        ),
    )
    words = {"basic": "基本支出", "project": "项目支出", "other": "其他支出"}
    long = rows.unpivot(list(words), index="name", variable_name="part", value_name="amount").drop_nulls(
        "amount"
    )
    long = long.with_columns(part=pl.col("part").replace_strict(words)).filter(pl.col("amount") > 0.005)
    bars = alt.Chart(long).mark_bar().encode(
        y=alt.Y("name:N", sort=rows["name"].to_list(), title=None), x=alt.X("sum(amount):Q", axis=AMOUNT),
        color=alt.Color("part:N", title=None, scale=alt.Scale(domain=list(words.values()), range=[BASIC, PROJECT, OTHER])),
        tooltip=[alt.Tooltip("name:N", title="部门"), alt.Tooltip("part:N", title="项目"), _wan("amount", "万元")],
    )  # fmt: skip
    title = f"{rows['region'][0] or ''}各部门{rows['fiscal_year'][0]}年{stage_zh(rows['stage'][0])}支出"
    return _finished(bars, title, len(rows))


def coverage(tables: duckdb.DuckDBPyConnection, choice: Choice) -> Any:
    """Where something is published, by year and stage, and how much of it is proven: regions, or the departments of one."""
    rows = rows_of(tables, "department_years", choice, "series")
    by = "series" if rows["region"].n_unique() == 1 else "region"
    rows = rows.with_columns(
        when=pl.format(
            "{} {}",
            "fiscal_year",
            pl.col("stage").replace_strict({"budget": "预算", "final_accounts": "决算"}),
        )
    )
    if by == "series":
        rows = rows.with_columns(series=pl.col("series").replace_strict(short(rows["series"])))
    order = rows.sort("fiscal_year", "stage")["when"].unique(maintain_order=True).to_list()
    cells = rows.group_by(by, "when").agg(
        pl.col("proven_percent").mean(), pl.col("errors").sum(), documents=pl.len()
    )
    base = alt.Chart(cells).encode(
        x=alt.X("when:O", title=None, sort=order, axis=alt.Axis(orient="top", labelAngle=0, grid=False, ticks=False)),
        y=alt.Y(f"{by}:N", title=None, axis=alt.Axis(grid=False, ticks=False)),
        tooltip=[alt.Tooltip(f"{by}:N", title="公开单位"), "when:O", alt.Tooltip("documents:Q", title="文件"), alt.Tooltip("proven_percent:Q", format=".1f", title="已证实%"), alt.Tooltip("errors:Q", title="错误")],
    )  # fmt: skip
    tiles = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color(
            "proven_percent:Q", title="已证实 %", scale=alt.Scale(scheme="tealblues", domain=[0, 100])
        )
    )
    said = base.mark_text(color="white").encode(text="documents:Q")
    return _finished(
        tiles + said, "公开覆盖：各年预算与决算（数字为文件数，颜色为已证实比例）", cells[by].n_unique()
    )


PICTURES: dict[str, Draw] = {
    "composition": composition, "execution": execution, "years": years, "three-public": three_public,
    "compare": compare, "coverage": coverage,
}  # fmt: skip
"""Every picture by the name that ``fisc plot`` knows."""


def _finished(chart: Any, title: str, bars: int | None) -> Any:
    height = 300 if bars is None else max(90, 30 * bars)
    subtitle = "数据来源：部门预算、决算公开文件（fisc 整理）"
    return chart.properties(
        width=640, height=height, title=alt.TitleParams(title, subtitle=subtitle, anchor="start")
    )


def _who(rows: pl.DataFrame, column: str = "department") -> str:
    names = rows[column].unique().to_list()
    return names[0] if len(names) == 1 else f"{rows['region'][0] or ''}{len(names)}个部门"


def _wan(column: str, title: str) -> Any:
    return alt.Tooltip(f"{column}:Q", format=",.2f", title=title)


def _grouped(column: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda value: f"{value:,.0f}", return_dtype=pl.String)
