"""What is to be said of a printed table and the form it met: no form, columns left out, a form that stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.headers import Fit, titled
from fisc.extractors.tables.nearest import nearest_forms
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.units import Unit
from fisc.extractors.unruled.choosing import DOUBTFUL
from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.document import MAY_BE_EMPTY, OFFICIAL
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.folding import plain
from fisc.schemas.forms.patterns import Path
from fisc.schemas.numbers import is_figure
from fisc.schemas.statement import Row, Statement

NAMES = ("function_name", "economic_name", "item")
"""Columns of official names, none of which holds an amount."""
OVER = 0.1
"""A word runs over its cell where it ends this much of its height beyond the edge."""
_FIGURE_IN_NAME = re.compile(r"\d\.\d{2}(?!\d)")
_NUMBERED_NAME = re.compile(r"[一-鿿）)]\d{1,3}$")
"""A name that ends with the number of a line (行次): no official name does."""


def unknown_table(table: PrintedTable, rows: Rows, before: str | None = None) -> list[Finding]:
    """A finding for a table that fits no form, with the nearest one; none for tables known to stay raw.

    It is of the published table that the title names, if it names one; without a title, of the one ``before`` it, whose rest
    it may be.
    """
    named = titled(table)
    if any(not form.published for form, _ in named):
        return []
    where = max(
        ((length, form.table) for form, length in named if length), default=(0, before or "raw_table")
    )[1]
    title = table.caption.title
    heads = "｜".join(dict.fromkeys(cell.text for row in rows[:2] for cell in row if cell and cell.text))
    nearest = nearest_forms(table, rows)[:1]
    near_zh = f"最近：{nearest[0].form.name}，{nearest[0].reason_zh}" if nearest else "没有相近的表样"
    near_en = f"nearest: {nearest[0].form.name}; {nearest[0].reason_en}" if nearest else "none is near"
    rest_zh = f"；可能是《{title_zh(before)}》的其余部分" if before else ""
    rest_en = f"; it may be the rest of {before}" if before else ""
    return [
        _finding(
            table, "unknown_table", "warning", where,
            f"第{table.grids[0].page}页的表“{title or '无题'}”不符合任何已知表样（{near_zh}），已按原样公布{rest_zh}。",
            f"The table on page {table.grids[0].page} fits no form ({near_en}); it is published raw{rest_en}. Its head reads {heads[:120]}.",
            title or heads[:120],
        )
    ]  # fmt: skip


def doubts_of(table: PrintedTable, fit: Fit, read: Sequence[Statement]) -> list[Finding]:
    """What a reader must know of a table that was read; ``read`` are the statements up to and with its own."""
    return [
        *_unmapped(table, fit),
        *_compared(table, fit),
        *_standing_in(table, fit),
        *_across(table, fit, read[-1]),
        *_unruled(table, fit, read[-1]),
        *_rowless(table, fit, read[-1]),
        *_glued(table, fit, read[-1]),
        *_clipped(table, fit),
        *_repeated(table, fit, read),
    ]


def unit_doubts(table: PrintedTable, fit: Fit, unit: Unit, read: Statement) -> list[Finding]:
    """What is to be said of a table's unit: that it prints none, or that heads of its columns state another one."""
    amounts = [amount for row in read.rows for amount in row.amounts.values()]
    money = [amount for amount in amounts if amount.value != 0 and is_figure(amount.text)]
    if not money:
        return []
    if unit.basis != "printed":
        return [_unit_missing(table, fit, unit)]
    return [_unit_conflict(table, fit, unit)] if unit.heads else []


def _unit_missing(table: PrintedTable, fit: Fit, unit: Unit) -> Finding:
    """What proves the unit that a table is read in, or that none is known."""
    severity, zh, en = {
        "proven": ("info", f"按“{unit.name}”读取，与其他表或文字说明的数一致", f"it is read in {unit.name}, in which it agrees with other tables or with the narrative"),
        "assumed": ("warning", f"按“{unit.name}”读取，未能证实", f"it is read in {unit.name}, as other tables or columns of the document are, which nothing proves"),
        "unknown": ("error", "其金额未列入数据", "its amounts are not published"),
    }[unit.basis]  # fmt: skip
    title = table.caption.title or fit.form.name
    return _finding(
        table, "unit.missing", severity, fit.form.table,
        f"《{title}》未注明金额单位，{zh}。", f"The table prints no unit; {en}.", title,
    )  # fmt: skip


def _unit_conflict(table: PrintedTable, fit: Fit, unit: Unit) -> Finding:
    """That heads of columns state another unit than their table, and which of the two its figures prove."""
    severity, zh, en = {
        "proven": ("info", "按表头的单位读取，与其他数一致", "they are read in that of their heads, in which they agree with other figures"),
        "refuted": ("warning", "按表头的单位与其他数不符，按本表单位读取", "in that of their heads they do not agree with other figures; they are read in that of the table"),
        "unproven": ("warning", "按表头的单位读取，未能证实，请核对原表", "they are read in that of their heads, which nothing proves; compare the page"),
    }[unit.heads or "unproven"]  # fmt: skip
    heads = "、".join(dict.fromkeys("".join(fit.header.labels[j][-1].split()) for j in unit.stated))
    return _finding(
        table, "unit.conflict", severity, fit.form.table,
        f"本表单位为“{unit.name}”，而“{heads}”的表头另注单位；{zh}。",
        f"The table is in {unit.name}, but the heads {heads} state another unit; {en}.", heads,
    )  # fmt: skip


def _unmapped(table: PrintedTable, fit: Fit) -> list[Finding]:
    return [
        _finding(
            table, "column.unknown", "warning", fit.form.table,
            f"“{printed_path(fit, path) or '无题列'}”一列不在表样“{fit.form.name}”中，仅按原样公布。",
            f"The column {printed_path(fit, path) or '(no head)'} is not in the form {fit.form.name}; its cells are published raw only.",
            printed_path(fit, path) or None,
        )
        for path in fit.unknown
    ]  # fmt: skip


def printed_path(fit: Fit, path: Path) -> str:
    """The head of a column as printed, from the top row to the leaf."""
    labels = fit.header.labels[fit.header.paths.index(path)]
    return "/".join("".join(label.split()) for label in labels)


def _compared(table: PrintedTable, fit: Fit) -> list[Finding]:
    if not fit.compared:
        return []
    heads = "、".join(dict.fromkeys(printed_path(fit, path) for path in fit.compared))
    return [
        _finding(
            table, "column.compared", "info", fit.form.table,
            f"“{heads}”为其他年度或比较列，仅按原样公布。",
            f"The columns {heads} hold other years, shares or changes; they are published raw only.",
            heads,
        )
    ]  # fmt: skip


def _standing_in(table: PrintedTable, fit: Fit) -> list[Finding]:
    if not fit.form.stands_in:
        return []
    return [
        _finding(
            table, "form.stand_in", "info", fit.form.table,
            f"本文件没有《{title_zh(fit.form.table)}》，以《{fit.form.titles[0].replace('*', '')}》代替。",
            f"The document has no table of its own for {fit.form.table}; {fit.form.name} stands in.",
        )
    ]  # fmt: skip


def _across(table: PrintedTable, fit: Fit, statement: Statement) -> list[Finding]:
    """That columns of several pages were joined: a warning where no sum over both proves it, or one fails."""
    if not table.beside:
        return []
    amounts = [amount for row in statement.rows for amount in row.amounts.values() if amount.value]
    proven = not amounts or _adds_up_across(table, statement)
    severity = "info" if proven else "warning"
    zh = "" if proven else "，合计关系未能证实，请核对原件"
    en = "" if proven else ", which no sum proves; compare the pages"
    pages = "、".join(str(page) for page in table.beside)
    return [
        _finding(
            table, "table.across", severity, fit.form.table,
            f"《{statement.title}》的列分印在几页上，第{pages}页的列已按行并入{zh}。",
            f"The columns of the table stand on several pages; those of page {pages} were joined by line{en}.",
        )
    ]  # fmt: skip


def _adds_up_across(table: PrintedTable, statement: Statement) -> bool:
    """Whether sums of further columns hold, and none fails: with figures of the first ones, or over lines named there."""
    further = set(table.beside)
    outcomes = set()
    for outcome in audit_tables([statement]):
        pages = {statement.rows[row].amounts[column].page for _, row, column in outcome.cells}
        lines = {row for _, row, _ in outcome.cells}
        if pages & further and (pages - further or len(lines) > 1):
            outcomes.add(outcome.outcome)
    return outcomes == {"pass"}


def _unruled(table: PrintedTable, fit: Fit, statement: Statement) -> list[Finding]:
    """That a table was read by alignment: a warning where its columns or rows could as well be others."""
    if all(grid.flavor == "lattice" for grid in table.grids):
        return []
    columns = any(grid.flavor == DOUBTFUL for grid in table.grids)
    rows = fit.layout.shape == "sides" and any(_is_scrap(row) for row in statement.rows)
    severity = "warning" if columns or rows else "info"
    zh = "，可能有误，请核对原件" if columns or rows else ""
    en = ", which could as well be read otherwise; compare the page" if columns or rows else ""
    return [
        _finding(
            table, "table.unruled", severity, fit.form.table,
            f"本表没有完整的表格线，各列按文字对齐识别{zh}。",
            f"The table has no full set of rules; its columns were found by how the words are aligned{en}.",
        )
    ]  # fmt: skip


def _is_scrap(row: Row) -> bool:
    """Whether a line of a two-sided table may be the rest of a longer name: it has no figure and no known name."""
    known = row.words.get("key") or row.words.get("function_code")
    return not known and not any(amount.value is not None for amount in row.amounts.values())


def _rowless(table: PrintedTable, fit: Fit, statement: Statement) -> list[Finding]:
    """An official table that is a header and nothing else; one that may be empty prints blank lines, or a note.

    Without rules no blank line is seen.
    """
    ruled = all(grid.flavor == "lattice" for grid in table.grids)
    if statement.rows or statement.said_empty or fit.form.table not in OFFICIAL:
        return []
    if fit.form.table in MAY_BE_EMPTY and ruled and table.height > fit.header.height:
        return []
    return [
        _finding(
            table, "table.rowless", "warning", fit.form.table,
            f"《{statement.title}》只有表头，未读到任何一行，请核对原件。",
            "The table has a header and no row; compare the page, its rows may stand elsewhere.",
        )
    ]  # fmt: skip


def _glued(table: PrintedTable, fit: Fit, statement: Statement) -> list[Finding]:
    """Names of lines with a figure in them, or the number of a line behind: what stands in two cells was read as one."""
    told = [str(row.words.get(column) or "") for row in statement.rows for column in NAMES]
    names = told if fit.form.table in OFFICIAL else []
    amounts = [name for name in names if _FIGURE_IN_NAME.search(plain(name))][:1]
    numbers = [name for name in names if _NUMBERED_NAME.search(plain(name))][:1]
    return [
        *(
            _finding(
                table, "row.glued", "error", fit.form.table,
                f"“{name}”中含有金额，可能是两格的内容连在一起，请核对原件。",
                f"The name {name!r} holds a figure; what stands in two cells was read as one.", name,
            )
            for name in amounts
        ),
        *(
            _finding(
                table, "row.glued", "warning", fit.form.table,
                f"“{name}”以数字结尾，可能与行次或金额连在一起，请核对原件。",
                f"The name {name!r} ends with a number; what stands in two cells was read as one.", name,
            )
            for name in numbers
        ),
    ]  # fmt: skip


def _clipped(table: PrintedTable, fit: Fit) -> list[Finding]:
    """Words that run over the right edge of their cell: what a page does not show of them was not read."""
    over = [
        cell.text
        for cell in table.cells
        for word in cell.printed.words
        if cell.row >= fit.header.height
        and word.x1 > cell.printed.box[2] + OVER * (word.y1 - word.y0)
        and not word.text[-1].isascii()
    ]
    return [
        _finding(
            table, "text.clipped", "warning", fit.form.table,
            f"“{text}”等{len(over)}处文字超出单元格，未显示的部分无法读取，请核对原件。",
            f"{len(over)} texts run over their cells, as {text!r}; what is not shown of them was not read.", text,
        )
        for text in over[:1]
    ]  # fmt: skip


def _repeated(table: PrintedTable, fit: Fit, read: Sequence[Statement]) -> list[Finding]:
    if fit.form.table not in OFFICIAL or sum(other.table == fit.form.table for other in read) < 2:
        return []
    return [
        _finding(
            table, "table.repeated", "warning", fit.form.table,
            f"《{title_zh(fit.form.table)}》在本文件中不止一张，汇总时请勿相加。",
            f"The document has more than one table for {fit.form.table}; do not add them up.",
        )
    ]  # fmt: skip


def _finding(
    table: PrintedTable, rule: str, severity: str, where: str, zh: str, en: str, quote: str | None = None
) -> Finding:
    grid = table.grids[0]
    return Finding(rule, severity, where, zh, en, quote=quote, page=grid.page, box=grid.box)
