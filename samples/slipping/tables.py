"""Slips in the tables: amounts, codes, names, goals, and what is said of an empty table."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from samples.city.catalogue import function_names
from samples.disclosure import Disclosure, Slip
from samples.layout import Layout
from samples.press import expected_rows
from samples.slipping.draws import Make, one_of, other_digit
from samples.telling.statements import statement

CODED = ("revenue", "expenditure", "general_public_budget", "basic_expenditure")


def _digit_in_yuan(draw: Random, value: Decimal, cent: Decimal) -> Decimal:
    """The amount with one of the digits changed that are printed."""
    return Decimal(other_digit(draw, f"{value / cent:.0f}")) * cent


def any_row(_: dict[str, object]) -> bool:
    """Every row will do."""
    return True


Place = tuple[str, int, str, Decimal]
"""Table, row, column and amount of a cell."""


def _cells(
    disclosure: Disclosure,
    layout: Layout,
    tables: tuple[str, ...],
    wanted: Callable[[dict[str, object]], bool],
) -> list[Place]:
    rows = expected_rows(disclosure, layout)
    return [
        (table, n, column, value)
        for table in tables
        for n, row in enumerate(rows.get(table, ()), 1)
        for column, value in row.items()
        if wanted(row) and isinstance(value, Decimal) and value
    ]


def _cent(layout: Layout, table: str) -> Decimal:
    units = {"元": Decimal("0.01"), "万元": Decimal(100)}
    known = {form.table: form.unit for form in layout.forms}
    return units[known.get(table, "万元")]


def in_table(
    tables: tuple[str, ...], wanted: Callable[[dict[str, object]], bool], columns: tuple[str, ...] = ()
) -> Make:
    """An amount with one digit changed, in a row that is wanted."""

    def make(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
        found = [c for c in _cells(disclosure, layout, tables, wanted) if not columns or c[2] in columns]
        table, row, column, value = one_of(found, draw, kind)
        wrong = _digit_in_yuan(draw, value, _cent(layout, table))
        return Slip(kind, table, str(value), str(wrong), row, column)

    return make


def missing(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    """An amount left out."""
    found = _cells(disclosure, layout, CODED, lambda row: not row["is_total"])
    table, row, column, value = one_of([c for c in found if c[2] != "total"], draw, kind)
    return Slip(kind, table, str(value), "", row, column)


def code(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    """A code whose last two digits are no item of its group."""
    rows = expected_rows(disclosure, layout).get("expenditure", [])
    found = [
        (n, str(r["function_code"])) for n, r in enumerate(rows, 1) if len(r["function_code"] or "") == 7
    ]
    row, code = one_of(found, draw, kind)
    return Slip(kind, "expenditure", code, f"{code[:5]}{draw.randint(80, 89)}", row, "function_code")


def asset(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    """The value in yuan, typed under a head that says 万元."""
    found = [c for c in _cells(disclosure, layout, ("fixed_asset",), any_row) if c[2] == "value"]
    table, row, column, value = one_of(found, draw, kind)
    return Slip(kind, table, str(value), str(value * 10_000), row, column)


def target(wanted: Callable[[str, Disclosure], str | None]) -> Make:
    """The value of an indicator; ``wanted`` says what stands there instead, None where it is none of the kind."""

    def make(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
        rows = expected_rows(disclosure, layout).get("performance_indicator", [])
        found = [
            (n, str(row["target"]), wrong)
            for n, row in enumerate(rows, 1)
            if (wrong := wanted(str(row["target"]), disclosure)) is not None
        ]
        row, right, wrong = one_of(found, draw, kind)
        return Slip(kind, "performance_indicator", right, wrong, row, "target")

    return make


def late(value: str, disclosure: Disclosure) -> str | None:
    """A deadline in the year before the budget's."""
    return f"{disclosure.year - 1}{value[4:]}" if value.startswith(f"{disclosure.year}年") else None


def run_on(value: str, _: Disclosure) -> str | None:
    """A value that has lost its percent mark and runs into the next one."""
    return (
        f"{value[:-1]}服务对象满意度比上年有所提高" if value.startswith("≥") and value.endswith("%") else None
    )


def above_all(value: str, _: Disclosure) -> str | None:
    """A share of more than all."""
    return value.replace("≥", "≥1") if value.startswith("≥") and value.endswith("%") else None


def too_dear(value: str, _: Disclosure) -> str | None:
    """A cost ten times the budget."""
    money = value.removeprefix("≤").removesuffix("万元")
    return f"≤{Decimal(money) * 10}万元" if money != value and money.replace(".", "").isdigit() else None


def class_name(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    """The code of a class beside the name of another one."""
    rows = expected_rows(disclosure, layout).get("expenditure", [])
    classes = [name for code, name in function_names().items() if len(code) == 3]
    found = [
        (n, str(row["function_name"]), other)
        for n, row in enumerate(rows, 1)
        if len(str(row.get("function_code") or "")) == 3
        for other in classes
        if other != row["function_name"]
    ]
    row, right, wrong = one_of(found, draw, kind)
    return Slip(kind, "expenditure", right, wrong, row, "function_name")


def noted(empty: bool) -> Make:
    """A table that is empty without its note, or one that is filled with the note that it is empty."""

    def make(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
        printed = disclosure.settled() if layout.settled else disclosure
        found = [
            form for form in layout.forms
            if form.empty_note and form.compared and form.shape == "coded"
            and all(row.get("is_total") for row in statement(printed, form)) == empty
        ]  # fmt: skip
        form = one_of(found, draw, kind)
        return Slip(
            kind, form.table, *((form.empty_note, "") if empty else ("", form.empty_note)), column="note"
        )

    return make
