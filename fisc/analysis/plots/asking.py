"""What each picture shows: the rows behind it, asked of the curated views, and the choices that are made where none is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from fisc.errors import FiscError

if TYPE_CHECKING:
    import duckdb

WAN = 10_000
MOST_BARS = 40
"""More departments than these are not readable in one picture; the largest are shown."""


class NothingToDraw(FiscError):
    """Nothing published that fits what was asked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; None is chosen from what is published. ``words`` stand in the department's name."""

    words: str | None = None
    region: str | None = None
    year: int | None = None
    stage: str | None = None
    level: str = "department"


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows of a picture with what was chosen; amounts are 万元 as floats, for drawing only."""

    rows: pl.DataFrame
    title: str
    note: str = ""


def rows_of(
    connection: duckdb.DuckDBPyConnection, view: str, choice: Choice, series: str = "department"
) -> pl.DataFrame:
    """The rows of a curated view that fit, amounts in 万元. Raises :class:`NothingToDraw`."""
    wanted = {"level": choice.level, "fiscal_year": choice.year, "stage": choice.stage}
    columns = {name for (name, *_) in connection.execute(f"DESCRIBE {view}").fetchall()}
    where = [f"{name} = ?" for name, value in wanted.items() if value is not None and name in columns]
    values: list[object] = [value for name, value in wanted.items() if value is not None and name in columns]
    if choice.region:
        where.append("(region_code = ? OR starts_with(region_code, ?) OR contains(region, ?))")
        values += [choice.region, choice.region, choice.region]
    if choice.words and series in columns:
        where.append(f"contains({series}, ?)")
        values.append(choice.words)
    found: pl.DataFrame = connection.sql(
        f"SELECT * FROM {view} WHERE {' AND '.join(where) or 'true'}", params=values
    ).pl()
    if found.is_empty():
        raise NothingToDraw(
            f'Nothing is published that fits {_asked(choice)}; fisc sql "FROM coverage" says what there is.'
        )
    decimals = [name for name, kind in found.schema.items() if kind.is_decimal()]
    amounts = [name for name in decimals if getattr(found.schema[name], "scale", 0) == 2]
    return found.cast(dict.fromkeys(decimals, pl.Float64)).with_columns(pl.col(amounts) / WAN)


def latest(rows: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """The rows of the newest year, and of its final accounts where they are published."""
    year = choice.year or rows["fiscal_year"].max()
    rows = rows.filter(pl.col("fiscal_year") == year)
    if "stage" not in rows.columns or choice.stage:
        return rows
    return rows.filter(pl.col("stage") == rows["stage"].max())


def short(names: pl.Series) -> dict[str, str]:
    """Names of departments without the words that all of them begin with."""
    every = names.unique().to_list()
    common = 0
    if len(every) > 1:
        while all(len(name) > common + 2 and name[common] == every[0][common] for name in every):
            common += 1
    cut = max((every[0].rfind(end, 0, common) + 1 for end in "省市区县州旗"), default=0)
    return {name: name[cut:] for name in every}


def stage_zh(stage: str) -> str:
    return {"budget": "预算", "final_accounts": "决算"}[stage]


def _asked(choice: Choice) -> str:
    said = {
        "the department": choice.words,
        "the region": choice.region,
        "the year": choice.year,
        "the stage": choice.stage,
    }
    return (
        ", ".join(f"{name} {value}" for name, value in said.items() if value) or f"the level {choice.level}"
    )
