"""The published rows of one page as tables, each amount linked to its box."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from fisc.flows.page.marks import PROOFS, Row, Rows
from fisc.flows.page.markup import Markup, element, joined
from fisc.flows.page.words import english, page_name, say
from fisc.schemas.contract import MODELS
from fisc.schemas.model import COMMON

NOT_TABLES = frozenset(
    {"document", "section", "fact", "finding", "check", "cell", "glossary", "raw_table", "comparison"}
)
"""Shown in their own way, or not at all."""
UNSHOWN = frozenset({*COMMON, "is_total", "key", "project_number"})
SHORT, LONG = 4, 40
"""Words up to the one stay on one line; columns with longer ones than the other get more room."""
SPOKEN = {
    ("side", "revenue"): "收入",
    ("side", "expenditure"): "支出",
    ("side", "use"): "支出用途",
    ("measure", "budget"): "预算",
    ("measure", "final"): "决算",
}
"""Values that the published tables spell in English, as the documents say them."""

METHODS = {"ocr": "经识别", "repaired": "经识别并校正", "corrected": "经人工更正"}

Cells = Mapping[tuple[str, str, int], tuple[int, Row]]
"""Number and row of each printed amount, by table, column and row."""


def cells_by_place(cells: Rows) -> Cells:
    """Each printed amount under the published value that it is."""
    return {(cell["table"], cell["column"], cell["row"]): (n, cell) for n, cell in enumerate(cells, 1)}


class Statements:
    """The statements of a document: which columns they fill, and which rows stand on which page."""

    def __init__(self, tables: Mapping[str, Rows], cells: Cells) -> None:
        self._cells = cells
        self._rows = {name: tables[name] for name in MODELS if name not in NOT_TABLES and tables.get(name)}
        self._columns = {name: self._filled(name, rows) for name, rows in self._rows.items()}
        self._kinds = {name: _kinds(self._columns[name], rows) for name, rows in self._rows.items()}

    def on(self, page: int) -> Iterator[Markup]:
        """The tables with rows on a page, from the top down where amounts tell their places."""
        here = {name: [row for row in rows if row["page"] == page] for name, rows in self._rows.items()}
        for name in sorted((name for name in here if here[name]), key=lambda name: self._top(name, page)):
            yield self._table(name, here[name])

    def pages(self) -> dict[int, list[str]]:
        """Titles of the tables that begin on each page."""
        begun: dict[int, list[str]] = {}
        for name, rows in self._rows.items():
            begun.setdefault(rows[0]["page"], []).append(table_title(name))
        return begun

    def _filled(self, name: str, rows: Rows) -> list[str]:
        columns = MODELS[name].to_schema().columns
        return [c for c in columns if c not in UNSHOWN and any(row[c] is not None for row in rows)]

    def _top(self, name: str, page: int) -> float:
        tops = [
            cell["y0"]
            for (table, _, _), (_, cell) in self._cells.items()
            if (table, cell["page"]) == (name, page)
        ]
        return min(tops, default=0.0)

    def _table(self, name: str, rows: Rows) -> Markup:
        columns = MODELS[name].to_schema().columns
        shown = self._columns[name]
        heads = joined(_head(columns[column], self._kinds[name][column]) for column in shown)
        lines = joined(self._line(name, row, shown) for row in rows)
        money = any((columns[column].metadata or {}).get("unit") == "CNY" for column in shown)
        going_on = rows[0]["row"] > 1 and rows[0] is not self._rows[name][0]
        title = element(
            "h3", table_title(name), say("（续）") if going_on else None, " ", element("code", name)
        )
        table = element("table", element("thead", element("tr", heads)), element("tbody", lines))
        unit = element("p", say("单位：元"), class_="unit") if money else None
        wide = element("div", table, class_="wide", tabindex=0, role="group", aria_label=table_title(name))
        return element("section", title, unit, wide, class_="statement")

    def _line(self, name: str, row: Row, shown: Sequence[str]) -> Markup:
        values = joined(self._value(name, row, column) for column in shown)
        return element(
            "tr", values, id=f"r-{name}-{row['row']}", class_="total" if row.get("is_total") else None
        )

    def _value(self, name: str, row: Row, column: str) -> Markup:
        value = row[column]
        cell = self._cells.get((name, column, row["row"]))
        if cell is None:
            return element("td", said(column, value), class_=self._kinds[name][column])
        number, printed = cell
        hint = (
            f"{say('原文')} {printed['text']}，{page_name(printed['page'])}，{say(PROOFS[printed['proof']])}"
        )
        if printed["method"] != "text":
            hint += f"，{say(METHODS[printed['method']])}"
        words = said(column, value) or printed["text"]
        link = element("a", words, id=f"c{number}", href=f"#b{number}", title=hint, class_=printed["proof"])
        return element("td", link, class_="figure")


def said(column: str, value: Any) -> str:
    """A published value as a reader expects it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        # Amounts have two decimals and keep them; a count has four, to be shown only where they say something.
        return f"{value:,f}" if value.as_tuple().exponent == -2 else f"{value.normalize():,f}"
    return say(SPOKEN.get((column, str(value)), str(value)))


def _kinds(columns: Sequence[str], rows: Rows) -> dict[str, str]:
    """How each column is set; the first one of words stays in sight where a table is scrolled sideways."""
    kinds = {column: _kind(column, rows) for column in columns}
    stub = next((column for column, kind in kinds.items() if kind == "words"), None)
    return kinds | ({stub: "words stub"} if stub else {})


def _kind(column: str, rows: Rows) -> str:
    """How a column is set: figures flush right, codes on one line, words with room to break in."""
    values = [row[column] for row in rows if row[column] is not None]
    if any(isinstance(value, Decimal) for value in values):
        return "figure"
    longest = max((len(said(column, value)) for value in values), default=0)
    if longest <= SHORT or all(str(value).isascii() for value in values):
        return "code"
    return "long" if longest > LONG else "words"


def table_title(name: str) -> str:
    """The title of a published table."""
    return name.replace("_", " ").capitalize() if english() else MODELS[name].to_schema().title or name


def _head(column: Any, kind: str) -> Markup:
    words = column.metadata or {}
    title = column.name.replace("_", " ") if english() else words.get("zh") or column.name
    return element("th", title, title=words.get("en"), scope="col", class_=kind)


def raw_tables(cells: Rows, page: int) -> Iterator[Markup]:
    """The tables of a page that are published as printed, because no form fits all of them."""
    here = [cell for cell in cells if cell["page"] == page]
    for number in dict.fromkeys(cell["table_number"] for cell in here):
        of_table = [cell for cell in here if cell["table_number"] == number]
        title = of_table[0]["title"] or say("无题表")
        lines = joined(_raw_lines(of_table))
        table = element("div", element("table", element("tbody", lines)), class_="wide", tabindex=0)
        yield element("details", element("summary", say("原样公布"), "：", title), table, class_="raw")


def _raw_lines(cells: Rows) -> Iterator[Markup]:
    last = max(cell["grid_row"] for cell in cells)
    for at in sorted({cell["grid_row"] for cell in cells}):
        yield element("tr", joined(_raw_cell(cell, last) for cell in cells if cell["grid_row"] == at))


def _raw_cell(cell: Row, last: int) -> Markup:
    rows = min(cell["row_span"], last - cell["grid_row"] + 1)
    columns = cell["column_span"]
    return element(
        "td",
        cell["text"],
        rowspan=rows if rows > 1 else None,
        colspan=columns if columns > 1 else None,
    )
