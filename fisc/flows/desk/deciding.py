"""What a person writes into the forms of the desk, read into decisions; what cannot be meant is said in one sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fisc.errors import FiscError
from fisc.flows.desk.opened import Opened
from fisc.flows.page.words import say
from fisc.schemas.contract import MODELS
from fisc.schemas.decisions import Correction, Waiver, figure_text, line_of, waiver_key
from fisc.schemas.numbers import UNITS, figure, to_yuan

LONGEST_REASON, LONGEST_NAME = 500, 60


class FormError(FiscError):
    """A form that cannot be taken as it is."""


def seal(key: tuple[Any, ...]) -> str:
    """What a form was about, so that it is not taken for something else after the document was read again."""
    return hashlib.sha256(repr(key).encode("utf-8", "backslashreplace")).hexdigest()[:24]


def waiver_of(opened: Opened, number: int, form: Mapping[str, str]) -> Waiver:
    """The waiver of a finding by its number. Raises :class:`FormError`."""
    finding = opened.findings[number - 1]
    rule, where, page, text, expected, actual = key = waiver_key(finding)
    _same(form, key)
    return Waiver(opened.id, rule, where, page, text, expected, actual, *_signed(form))


def correction_of(opened: Opened, number: int, form: Mapping[str, str]) -> Correction:
    """The correction of an amount by its number. Raises :class:`FormError`."""
    place = cell_place(opened, number)
    _same(form, place)
    table, column, line, page, text, occurrence = place
    said = form.get("value", "")
    unit = form.get("unit", "元")
    if unit not in UNITS:
        raise FormError(say("请选择单位。"))
    try:
        read = figure(said)
        value = None if read is None else to_yuan(read.value, unit)
    except ValueError:
        raise FormError(say("请填写一个数，金额精确到分；页面上没有数的，留空。")) from None
    if value == opened.cells[number - 1]["value"]:
        raise FormError(say("这就是现在读到的数，没有什么可更正。"))
    return Correction(opened.id, table, column, line, page, text, value, *_signed(form), occurrence)


def cell_place(opened: Opened, number: int) -> tuple[str, str, str, int, str, int]:
    """What a correction of an amount is keyed on: table, column, words of its row, page, text, and which of those alike."""
    alike = 0
    wanted = _place(opened, opened.cells[number - 1])
    for cell in opened.cells[:number]:
        alike += _place(opened, cell) == wanted
    return *wanted, alike


def row_of(opened: Opened, cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """The published row in which an amount stands."""
    rows = opened.tables.get(cell["table"], [])
    at = cell["row"] - 1
    return rows[at] if at < len(rows) and rows[at]["row"] == cell["row"] else {}


def printed_unit(opened: Opened, cell: Mapping[str, Any]) -> str:
    """The unit in which the page prints an amount, as its value tells; 元 where it does not."""
    try:
        read = figure(cell["text"])
    except ValueError:
        read = None
    value: Decimal | None = cell["value"]
    if read and value and read.value:
        return next((unit for unit, worth in UNITS.items() if read.value * worth == value), "元")
    said = (opened.row or {}).get("printed_unit")
    return said if said in UNITS else "元"


def is_money(cell: Mapping[str, Any]) -> bool:
    """Whether an amount is one of money; counts of things have no unit to choose."""
    column = MODELS[cell["table"]].to_schema().columns[cell["column"]]
    return (column.metadata or {}).get("unit") == "CNY"


def _place(opened: Opened, cell: Mapping[str, Any]) -> tuple[str, str, str, int, str]:
    return cell["table"], cell["column"], line_of(row_of(opened, cell)), cell["page"], cell["text"]


def _same(form: Mapping[str, str], key: tuple[Any, ...]) -> None:
    if form.get("seal") != seal(key):
        raise FormError(say("这份文件在此期间重新读取过，请再看一次。"))


def _signed(form: Mapping[str, str]) -> tuple[str, str, str]:
    """Reason, name and day."""
    reason, name = (" ".join(form.get(word, "").split()) for word in ("reason", "name"))
    if not reason or not name:
        raise FormError(say("请写明理由和姓名。"))
    if len(reason) > LONGEST_REASON or len(name) > LONGEST_NAME:
        raise FormError(say("理由或姓名太长。"))
    return reason, name, datetime.now(UTC).astimezone().date().isoformat()


def sides(finding: Mapping[str, Any]) -> tuple[str, str]:
    """Both numbers of a finding as text."""
    return figure_text(finding["expected"]), figure_text(finding["actual"])
