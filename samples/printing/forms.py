"""From a statement to a sheet: an official table's rows in the columns of its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile, zip_longest

from samples.disclosure import Disclosure
from samples.layout import UNITS, Block, Column, Form, Layout
from samples.printing.sheet import (
    Cell,
    Sheet,
    header_cells,
    merged_down,
    number_cells,
    text_rows,
    with_caption_inside,
    with_unit_apart,
)
from samples.telling.narrative import Teller
from samples.telling.printed import BLANKS, Row
from samples.telling.sides import block_lines, side_row
from samples.telling.statements import statement

BEFORE = Decimal("0.93")
"""Last year's figures are made up as this share of this year's."""
WIDE = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789.,-"}
"""Figures as full-width characters."""
EXTRA = Decimal("0.1")
"""The share of this year's figure in a column that no form knows."""
TEXTS = ("name", "item", "item_text", "code+name", "function_name", "economic_name")


def words(text: str, disclosure: Disclosure, form: Form | None = None) -> str:
    """Fill a title or caption: {code} {department} {place} {year} {last_year} {unit}."""
    filled = text.format(
        code=disclosure.department.number,
        department=disclosure.name,
        place=disclosure.place.name,
        year=disclosure.year,
        last_year=disclosure.year - 1,
        unit=form.unit if form else "",
    )
    return disclosure.worded(filled)


def amount_text(value: Decimal | None, form: Form) -> str:
    """An amount in yuan as the form prints it."""
    if value is None:
        return form.zero if form.zero in BLANKS else ""
    if value == 0 and form.zero not in BLANKS:
        return form.zero
    shown = value / UNITS[form.unit]
    text = f"{shown:{',' * form.separators}.{form.decimals}f}"
    if form.figures == "full":
        return text.translate(WIDE)
    return f"￥{text}" if form.figures == "sign" else text


def _code_text(field: str, code: str, style_sparse: bool) -> str:
    starts = {"code.class": (0, 3), "code.group": (3, 5), "code.item": (5, 7)}
    start, stop = starts[field]
    if style_sparse and len(code) != stop:
        return ""
    return code[start:stop] if len(code) >= stop else ""


def cell_text(row: Row, column: Column, form: Form) -> str:
    """What stands in one cell."""
    form = replace(form, unit=column.unit) if column.unit else form
    code, name = (row.get(f"{kind}_code") or "" for kind in ("function", "economic")), column.field
    code_text = next((c for c in code if c), "")
    if name.startswith("code."):
        return _code_text(name.removesuffix("~"), code_text, name.endswith("~"))
    if name == "code":
        return code_text
    said = next(
        (row[field] for field in ("function_name", "economic_name", "item_text", "item") if row.get(field)),
        "",
    )
    if name == "code+name":
        return f"{code_text} {said}".strip()
    if name in ("name", "item", "item_text"):
        return "　" * _level(code_text) * form.indent + str(said)
    if name == "blank":
        return ""
    if name in ("before", "rise", "extra"):
        return _before(row, form, name)
    if row.get("quantity") is not None and name == "total":
        return f"{row['quantity']:.0f}"
    value = row.get(name)
    return amount_text(value, form) if value is None or isinstance(value, Decimal) else str(value)


def _before(row: Row, form: Form, field: str) -> str:
    """A made-up figure of last year, the change since then, or a part of this year's figure."""
    now = row.get("total", row.get("amount"))
    if not now:
        return ""
    step = UNITS[form.unit] / Decimal(10) ** form.decimals
    before = (now * (EXTRA if field == "extra" else BEFORE) / step).to_integral_value() * step
    if field != "rise":
        return amount_text(before, form)
    return f"{(now - before) * 100 / before:.2f}%" if before else ""


def _level(code: str) -> int:
    """How deep a code stands: 类 0, 款 1, 项 2."""
    return max(0, len(code) - 3) // 2


def _align(column: Column, amounts: str) -> str:
    if column.align:
        return column.align
    if column.field in TEXTS:
        return "left"
    return (
        "center"
        if column.field in ("ordinal", "line", "blank") or column.field.startswith("code")
        else amounts
    )


def naming(block: Block) -> tuple[Column, ...]:
    """The columns in front of a block's amounts."""
    names = ("ordinal", "line", *TEXTS)
    return tuple(takewhile(lambda c: c.field.startswith("code") or c.field in names, block.columns))


def _across(form: Form) -> str:
    """On which pages the columns stand; blocks of one kind, printed over, then down, would be one block in another order."""
    alike = form.shape == "coded" and len(form.blocks) > 1
    return "" if alike and form.across == "over" else form.across


def _sides(disclosure: Disclosure, form: Form) -> tuple[list[list[Row]], list[list[Row]]]:
    """The blocks' rows: those from the top, those at the bottom."""
    tops, tails = [], []
    for block in form.blocks:
        lines = block_lines(disclosure, block)
        top, tail = ([side_row(disclosure, form, block, item, code) for item, code in part] for part in lines)
        tops.append(top)
        tails.append(tail)
    return tops, tails


def _economic_sides(rows: Sequence[Row], form: Form) -> tuple[list[list[Row]], list[list[Row]]]:
    tops: list[list[Row]] = []
    tails: list[list[Row]] = []
    for block in form.blocks:
        tops.append([r for r in rows if (r["economic_code"] or "")[:3] in block.codes])
        tails.append([r for item in block.tail for r in rows if r["economic_name"] == item.item])
    return tops, tails


def side_by_side(disclosure: Disclosure, form: Form) -> list[list[Row | None]]:
    """The rows of the sheet: for each line one row (or nothing) a block."""
    rows = statement(disclosure, form)
    if form.shape == "one_row" and form.table == "three_public":
        return [[{f"{r['measure']}.{r['item']}": r["total"] for r in rows}]]
    if len(form.blocks) == 1:
        return [[row] for row in rows]
    if form.shape == "sided":
        tops, tails = _slipped(_sides(disclosure, form), rows)
    else:
        tops, tails = _economic_sides(rows, form)
    filler = [[None] * len(form.blocks)] * (form.fill - max(map(len, tops)))
    return [list(x) for x in (*zip_longest(*tops), *filler, *zip_longest(*tails))]


def _slipped(
    sides: tuple[list[list[Row]], list[list[Row]]], rows: Sequence[Row]
) -> tuple[list[list[Row]], list[list[Row]]]:
    """The sides with the rows of the statement (in which slips are planted) in place of the empty lines' neighbours."""
    left = iter(rows)
    tops, tails = sides
    for top, tail in zip(tops, tails, strict=True):
        for part in (top, tail):
            part[:] = [next(left) if row["item"] else row for row in part]
    return tops, tails


def _body(disclosure: Disclosure, form: Form, head: int, amounts: str) -> tuple[list[Cell], int]:
    lines = side_by_side(disclosure, form)
    if not lines or (form.shape == "coded" and len(lines) < form.fill):
        lines = _filled(lines, form)
    cells: list[Cell] = []
    columns = [(b, column) for b, block in enumerate(form.blocks) for column in block.columns]
    for r, line in enumerate(lines):
        span = _total_span(line, form)
        for c, (b, column) in enumerate(columns):
            if 0 < c < span:
                continue
            text = _text(line[b], column, form, r, b, len(lines))
            if span and c == 0:
                text = form.total_text
            align = "center" if span and c == 0 else _align(column, amounts)
            cells.append(Cell(head + r, c, text, 1, span if span and c == 0 else 1, align))
    for c, (_, column) in enumerate(columns):
        merged = column.field == "group" or (form.merged and column.field in ("code.class", "code.group"))
        cells = merged_down(cells, c, head) if merged else cells
    return cells, len(lines)


def _filled(lines: list[list[Row | None]], form: Form) -> list[list[Row | None]]:
    blanks: list[list[Row | None]] = [
        [None] for _ in range(max(form.fill - len(lines), form.empty_rows * (not lines)))
    ]
    return [*blanks, *lines] if form.total == "last" and lines else [*lines, *blanks]


def _total_span(line: Sequence[Row | None], form: Form) -> int:
    """How many columns the 合计 row's text spans; 0 where it stands in its own column."""
    row = line[0]
    single = form.shape == "coded" and len(form.blocks) == 1
    if not (form.total_span and single and row and row.get("is_total")):
        return 0
    return sum(
        1 for c in form.blocks[0].columns if c.field.startswith("code") or c.field in ("name", "ordinal")
    )


def _text(row: Row | None, column: Column, form: Form, r: int, b: int, count: int) -> str:
    if column.field == "line":
        return str(r + 1 + b * count)
    if column.field == "ordinal":
        return str(r + 1) if row is not None or form.shape == "sided" else ""
    return cell_text(row, column, form) if row is not None else ""


def _plain_body(disclosure: Disclosure, form: Form, layout: Layout, head: int) -> tuple[list[Cell], int]:
    """The rows of a table that is told in templates."""
    teller = Teller(disclosure, form.unit, layout.percent_digits)
    rows = [[teller.fill(text) for text in row] for row in form.rows]
    aligns = [_align(column, layout.style.amounts) for column in form.columns]
    return text_rows(rows, head, aligns), len(rows)


def official_sheet(disclosure: Disclosure, form: Form, layout: Layout) -> Sheet:
    """The sheet of one of the official tables."""
    heads, depth = header_cells([words(column.head, disclosure, form) for column in form.columns])
    numbers = number_cells(form.numbers, depth) if form.numbers else []
    head = depth + bool(form.numbers)
    if form.shape == "plain":
        body, rows = _plain_body(disclosure, form, layout, head)
        empty = False
    else:
        body, rows = _body(disclosure, form, head, layout.style.amounts)
        empty = all(row.get("is_total") for row in statement(disclosure, form))
    misnoted = any(slip.where == form.table and slip.column == "note" for slip in disclosure.slips)
    said_empty = empty != misnoted and form.shape == "coded"
    note = form.empty_note if said_empty and form.empty_note else form.note
    caption = form.caption if form.caption is not None else layout.caption
    sheet = Sheet(
        cells=(*heads, *numbers, *body), widths=tuple(c.width for c in form.columns), rows=head + rows, head=head,
        title=words(form.title, disclosure, form), label=words(form.label, disclosure, form),
        caption=tuple(words(text, disclosure, form) for text in caption),
        note=words(note, disclosure, form), landscape=form.landscape, rotated=form.rotated,
        new_page=form.new_page, repeat=form.repeat, cut=form.cut, clipped=form.clipped,
        across=_across(form), keys=len(naming(form.blocks[0])) if form.keys and len(form.blocks) == 1 else 0,
        fixed=form.fixed,
    )  # fmt: skip
    if not form.inside:
        return sheet
    return with_unit_apart(with_caption_inside(sheet)) if form.unit_apart else with_caption_inside(sheet)
