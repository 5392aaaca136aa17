"""The two-sided tables: 收支总表 and 财政拨款收支总表, a side at a time."""

from __future__ import annotations

from decimal import Decimal

from samples.city.books import FISCAL
from samples.city.catalogue import function_classes
from samples.city.figures import FUNDS
from samples.disclosure import Disclosure
from samples.layout import Block, Form, Item
from samples.telling.printed import ZERO, Row, amount_columns, numeral, published


def _class_items(disclosure: Disclosure, block: Block) -> list[tuple[Item, str]]:
    """The class lines of 收支总表 with their codes, numbered as printed."""
    classes = function_classes(disclosure.stage)
    if block.classes == "occurring":
        classes = tuple(c for c in classes if disclosure.flow("spent", code=c.code))
    numbers = ["" if block.plain_classes else f"{numeral(i)}、" for i in range(1, len(classes) + 1)]
    lines = [(Item(f"{n}{c.name}", measure="spent"), c.code) for n, c in zip(numbers, classes, strict=True)]
    if block.classes == "all+":
        lines.append((Item(f"{numeral(len(classes) + 1)}、人行科目"), ""))
    return lines


def block_lines(
    disclosure: Disclosure, block: Block
) -> tuple[list[tuple[Item, str]], list[tuple[Item, str]]]:
    """The lines of a side with their class codes: those that run from the top, and those that stand at the bottom."""
    top = [(item, "") for item in block.top]
    return top + (_class_items(disclosure, block) if block.classes else []), [
        (item, "") for item in block.tail
    ]


def _side_amount(disclosure: Disclosure, item: Item, code: str, column: str, table: str) -> Decimal:
    if not item.measure:
        return ZERO
    sources = FUNDS[item.fund]
    if table == "fiscal_appropriation":
        sources = tuple(s for s in sources if s in FISCAL)
    if column in FISCAL:
        sources = tuple(s for s in sources if s == column)
    return disclosure.flow(item.measure, sources, code)


def side_row(disclosure: Disclosure, form: Form, block: Block, item: Item, code: str) -> Row:
    """One line of one side as published."""
    columns = amount_columns(form, block)
    cells = {c: published(_side_amount(disclosure, item, code, c, form.table), form) for c in columns}
    row: Row = {"side": block.side, "item": item.item, "function_code": code or None}
    told = {name: said for name, said in (("key", item.key), ("group", item.group)) if said}
    return {**row, **told, **cells, "is_total": item.total}


def sided(disclosure: Disclosure, form: Form) -> list[Row]:
    rows = []
    for block in form.blocks:
        top, tail = block_lines(disclosure, block)
        rows += [side_row(disclosure, form, block, item, code) for item, code in (*top, *tail) if item.item]
    return rows
