"""The four shapes of official tables: a list, sides, one line spread over items, a sheet of labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from fisc.extractors.figures import Figures
from fisc.extractors.headers import MEASURE, TOTAL_WORDS, Fit, Rows, without_measure
from fisc.extractors.indicators import moved_back
from fisc.extractors.printed import TableCell
from fisc.schemas.contract import polars_schema
from fisc.schemas.folding import fold, plain, without_number
from fisc.schemas.statement import Amount, Row

_CODE = re.compile(r"^\d{3}(?:\d{2}){0,2}$")
_GLUED = re.compile(r"^(?P<code>\d{3}(?:\d{2}){0,2})(?P<name>[^\d\s.,].*)$")
_TOTAL = re.compile(r"^(?:.*(?:合计|总计|小计)|收支总计)$")
_NOTE = re.compile(r"^(?:备?注|说明|附注)\d*[:：]")
_WIDTHS = (3, 2, 2)

Cells = Mapping[str, Sequence[TableCell]]


def list_rows(rows: Rows, fit: Fit, figures: Figures, stage: str) -> list[Row]:
    """A row a record; blocks standing side by side are read one after the other, the left one first."""
    read: list[Row] = []
    for block in _blocks(fit.targets):
        read += _list_block(rows, block, fit, figures, stage)
    return read


def _blocks(targets: Sequence[str | None]) -> list[dict[int, str]]:
    """Columns by block: a new one begins where the first target comes again after another one."""
    blocks: list[dict[int, str]] = [{}]
    for j, target in enumerate(targets):
        if target is None:
            continue
        seen = list(blocks[-1].values())
        if seen and target == seen[0] and target != seen[-1]:
            blocks.append({})
        blocks[-1][j] = target
    return blocks


def _list_block(
    rows: Rows, block: Mapping[int, str], fit: Fit, figures: Figures, stage: str
) -> Iterator[Row]:
    numeric = _numeric(fit.form.table)
    lines = [
        (line, opens)
        for line, opens in _data_lines(rows, block, fit)
        if not any(_NOTE.match(plain(cell.text)) for cells in line.values() for cell in cells)
    ]
    if fit.layout.hierarchy:
        yield from moved_back([line for line, _ in lines], fit, figures)
        return
    code_parts: list[str] = ["", "", ""]
    pending: Row | None = None
    for line, opens in lines:
        row = _list_row(line, fit, figures, stage, numeric, code_parts)
        if row is None:
            continue
        if opens and pending is not None and _goes_on(pending, row):
            pending = _with_rest(pending, row)
            continue
        if pending is not None:
            yield from _by_measure(pending, stage)
        pending = row
    if pending is not None:
        yield from _by_measure(pending, stage)


def _numeric(table: str) -> frozenset[str]:
    schema = polars_schema(table)
    return frozenset(name for name, kind in schema.items() if "Decimal" in str(kind))


def _data_lines(rows: Rows, block: Mapping[int, str], fit: Fit) -> Iterator[tuple[Cells, bool]]:
    """Each data line's cells by target, and whether it opens a fragment on a new page."""
    page: int | None = None
    for i, row in enumerate(rows):
        if i < fit.header.height:
            continue
        skipped = fit.header.mixed_labels if i == fit.header.height else ()
        line = _line(i, row, block, skipped)
        here = next((cell.page for cell in row if cell), page)
        yield line, page is not None and here != page
        page = here


def _line(
    i: int, row: Sequence[TableCell | None], block: Mapping[int, str], skipped: Sequence[TableCell]
) -> Cells:
    """The cells of one line by target. A cell over several targets goes to the first that can hold it."""
    line: dict[str, list[TableCell]] = {}
    seen: list[TableCell] = []
    for j in block:
        cell = row[j]
        if cell is None or any(cell is other for other in (*seen, *skipped)):
            continue
        seen.append(cell)
        covered = [block[k] for k in range(cell.column, cell.column + cell.columns) if k in block]
        line.setdefault(_holder(cell, covered), []).append(cell)
    return line


def _holder(cell: TableCell, covered: Sequence[str]) -> str:
    if not _is_code_column(covered[0]) or _CODE.match(plain(cell.text)):
        return covered[0]
    return next((target for target in covered if not _is_code_column(target)), covered[0])


def _is_code_column(target: str) -> bool:
    return target.split(".")[0].endswith("_code") and not target.startswith(("catalogue", "project"))


def _list_row(
    line: Cells, fit: Fit, figures: Figures, stage: str, numeric: frozenset[str], code_parts: list[str]
) -> Row | None:
    words: dict[str, str | int | None] = {}
    amounts: dict[str, Amount] = {}
    for target, cells in line.items():
        column = target.split(".")[-1]
        if column in numeric:
            figure = figures.amount(column, [cell for cell in cells if _first_line(cell, line)])
            if figure is not None:
                amounts[target] = figure
        elif not column.isdigit():
            words[target] = "".join(cell.text for cell in cells).strip() or None
    _read_code(line, words, figures, code_parts)
    page = next((cell.page for cells in line.values() for cell in cells), 1)
    return _named(words, amounts, page, fit, stage)


def _first_line(cell: TableCell, line: Cells) -> bool:
    """An amount that spans several lines stands on the first only, so that it is never added twice."""
    return cell.row == max(other.row for cells in line.values() for other in cells)


def _read_code(
    line: Cells, words: dict[str, str | int | None], figures: Figures, code_parts: list[str]
) -> None:
    """Put a line's code together from one column, from 类 / 款 / 项, or from the front of its name."""
    base = next((t.split(".")[0] for t in line if _is_code_column(t)), None)
    name_column = next(
        (t for t in words if t.endswith("_name") and t.split("_")[0] in ("function", "economic")), None
    )
    if base is None:
        if name_column and (match := _GLUED.match(plain(str(words[name_column] or "")))):
            words[name_column.replace("_name", "_code")] = match["code"]
            words[name_column] = str(words[name_column])[len(match["code"]) :].strip()
        return
    parts = [line.get(f"{base}.{k}", ()) for k in (1, 2, 3)]
    texts = ["".join(plain(cell.text) for cell in cells) for cells in parts]
    text = _joined_code(texts, code_parts) if any(parts) else plain(str(words.get(base) or ""))
    cell = next(
        (cell for target, cells in line.items() if target.startswith(base) for cell in cells if cell.text),
        None,
    )
    words[base] = None
    if _CODE.match(text):
        words[base] = text
    elif text and name_column and not words.get(name_column):
        match = _GLUED.match(text)
        words[base], words[name_column] = (match["code"], match["name"]) if match else (None, _spoken(text))
    elif text and cell is not None and text not in ("无", "-", "—"):
        figures.report(
            "code.unreadable",
            "warning",
            cell,
            f"科目编码“{text}”无法识别。",
            f"The code {text!r} cannot be read.",
        )


def _spoken(text: str) -> str | None:
    """A name printed in the code column; remarks such as 无 or 此表为空 are no name."""
    return text if _TOTAL.match(fold(text)) else None


def _joined_code(texts: list[str], code_parts: list[str]) -> str:
    """类 + 款 + 项; a blank upper part is the one printed above. A part may already hold the whole code."""
    if not any(texts):
        return ""
    if not all(text.isdigit() for text in texts if text):
        return "".join(texts)
    longest = max(texts, key=len)
    if len(longest) > 3:
        return longest
    deepest = max(k for k, text in enumerate(texts) if text)
    for k in range(deepest + 1):
        code_parts[k] = texts[k] or code_parts[k]
    return "".join(code_parts[: deepest + 1])


def _named(
    words: dict[str, str | int | None], amounts: dict[str, Amount], page: int, fit: Fit, stage: str
) -> Row | None:
    """The line as a row, or None where it has neither a name nor a code."""
    has_name_column = any(
        target and not target.split(".")[-1].isdigit() and target in words for target in fit.targets
    )
    named = any(value for value in words.values())
    if not named and (has_name_column or not any(amount.value is not None for amount in amounts.values())):
        return None
    label = next((str(words[c]) for c in words if words[c] and ("name" in c or "item" in c)), "")
    if fit.form.items and "item_text" in words:
        words["item"] = fit.form.item(without_number(label)) or None
    return Row(words, amounts, page, is_total=bool(_TOTAL.match(fold(label))) or not named)


def _goes_on(before: Row, row: Row) -> bool:
    """Whether the first line of a page is the rest of a cell that the page break cut in two."""
    if row.is_total or any(amount.value is not None for amount in row.amounts.values()):
        return False
    texts = {column: value for column, value in row.words.items() if value}
    coded = any(column.endswith("_code") for column in texts)
    ordinal = any(without_number(str(value)) != str(value).strip() for value in texts.values())
    return bool(texts) and not coded and not ordinal and all(before.words.get(column) for column in texts)


def _with_rest(before: Row, rest: Row) -> Row:
    words = {
        c: f"{value}{rest.words.get(c) or ''}" if value and c != "item" else value
        for c, value in before.words.items()
    }
    return Row(words, before.amounts, before.page, before.is_total)


def _by_measure(row: Row, stage: str) -> Iterator[Row]:
    """三公 lines say whether they hold the budget or the final figure, one row each."""
    if "item" not in row.words and not any("." in column for column in row.amounts):
        yield row
        return
    measures = sorted({column.split(".")[0] for column in row.amounts if "." in column})
    if not measures:
        measure = "budget" if stage == "budget" else "final"
        yield Row({**row.words, "measure": measure}, row.amounts, row.page, row.is_total)
    for measure in measures:
        amounts = {c.split(".")[1]: a for c, a in row.amounts.items() if c.startswith(measure)}
        yield Row({**row.words, "measure": measure}, amounts, row.page, row.is_total)


def side_rows(rows: Rows, fit: Fit, figures: Figures, stage: str) -> list[Row]:
    """Blocks side by side, each from top to bottom: revenue, expenditure, and use where the form has it."""
    read: list[Row] = []
    sides = list(dict.fromkeys(t.split(".")[0] for t in fit.targets if t))
    for side in sides:
        block = {j: t for j, t in enumerate(fit.targets) if t and t.startswith(f"{side}.")}
        names = [j for j, t in block.items() if t.endswith(".item")]
        for i in range(fit.header.height, len(rows)):
            row = _side_row(i, rows[i], side, block, names, fit, figures)
            if row is not None:
                read.append(row)
    return read


def _side_row(
    i: int,
    row: Sequence[TableCell | None],
    side: str,
    block: Mapping[int, str],
    names: Sequence[int],
    fit: Fit,
    figures: Figures,
) -> Row | None:
    name_cells = _distinct(row[j] for j in names)
    item = "".join(cell.text for cell in name_cells if cell.row == i).strip()
    owned = [cell for cell in name_cells if cell.column >= min(names)]
    if not item or not owned or _NOTE.match(plain(item)):
        return None
    last = max(cell.column + cell.columns for cell in owned)
    amounts: dict[str, Amount] = {}
    for j, target in block.items():
        column = target.split(".")[1]
        cells = _distinct(
            row[k] for k, t in enumerate(fit.targets) if t == target and row[k] is not None and k >= last
        )
        amount = figures.amount(column, [cell for cell in cells if cell.row == i]) if j not in names else None
        if amount is not None:
            amounts.setdefault(column, amount)
    if not amounts:
        amounts = _spilled(i, row, last, block, fit, figures)
    label = fold(without_number(item))
    words: dict[str, str | int | None] = {
        "side": side,
        "item": item,
        "key": fit.form.item(without_number(item)),
    }
    return Row(words, amounts, name_cells[0].page, is_total=bool(_TOTAL.match(label)))


def _spilled(
    i: int, row: Sequence[TableCell | None], last: int, block: Mapping[int, str], fit: Fit, figures: Figures
) -> dict[str, Amount]:
    """A name printed across its amount column and the next block's names takes that block's amount."""
    columns = [t.split(".")[1] for t in block.values() if not t.endswith(".item")]
    cell = row[last] if last < len(row) else None
    if cell is None or cell.row != i or not columns:
        return {}
    target = fit.targets[last]
    if target is None or target.endswith(".item"):
        return {}
    amount = figures.amount(columns[0], [cell])
    return {columns[0]: amount} if amount else {}


def _distinct(cells: Iterator[TableCell | None]) -> list[TableCell]:
    found: list[TableCell] = []
    for cell in cells:
        if cell is not None and not any(cell is other for other in found):
            found.append(cell)
    return found


def spread_rows(rows: Rows, fit: Fit, figures: Figures, stage: str) -> list[Row]:
    """One data line whose header names the items: a row an item and measure, in printed order."""
    lines = [i for i in range(fit.header.height, len(rows)) if any(cell and cell.text for cell in rows[i])]
    if not lines:
        lines = [fit.header.height] if fit.header.height < len(rows) else []
    chosen = next(
        (i for i in lines if any(cell and fold(cell.text) in TOTAL_WORDS for cell in rows[i])),
        lines[0] if lines else None,
    )
    if chosen is None:
        return []
    with_more = {"meeting", "training"} & set(fit.targets)
    details = {"vehicle_purchase", "vehicle_operation"} & set(fit.targets)
    read = []
    for j, target in enumerate(fit.targets):
        cell = rows[chosen][j]
        if target is None or cell is None or cell.column != j:
            continue
        path = fit.header.paths[j]
        if target == "total" and with_more and not any("三公" in label for label in path):
            target = "grand_total"
        amount = figures.amount("total", [cell])
        labels = without_measure(path)
        words: dict[str, str | int | None] = {
            "measure": _measure(path, stage), "item": target, "item_text": _label(fit, j) or "".join(labels[-1:]) or None,
        }  # fmt: skip
        total = target in ("total", "grand_total") or (target == "official_vehicles" and bool(details))
        read.append(Row(words, {"total": amount} if amount else {}, cell.page, is_total=total))
    return sorted(read, key=lambda row: row.words["measure"] != "budget")


def _measure(path: Sequence[str], stage: str) -> str:
    for label in path:
        if match := MEASURE.match(label):
            return "final" if match["measure"] == "决算" else "budget"
    return "budget" if stage == "budget" else "final"


def _label(fit: Fit, j: int) -> str | None:
    """The printed label of a column, its measure left out."""
    return next((text for text in reversed(fit.header.labels[j]) if not MEASURE.match(fold(text))), None)


def sheet_rows(rows: Rows, fit: Fit, figures: Figures, stage: str) -> list[Row]:  # noqa: ARG001
    """A sheet of labels with values to the right of them, or below: one row."""
    numeric = _numeric(fit.form.table)
    words: dict[str, str | int | None] = {}
    amounts: dict[str, Amount] = {}
    cells = _distinct(cell for row in rows for cell in row)
    for cell in cells:
        best = fit.layout.best((fold(cell.text),)) if cell.text else None
        target = best[0] if best else None
        value = _beside(rows, cell, target in fit.layout.below) if target else None
        if target is None or value is None or target in words or target in amounts:
            continue
        if target in numeric:
            amount = figures.amount(target, [value])
            if amount is not None:
                amounts[target] = amount
        else:
            words[target] = value.text.strip() or None
    if purpose := _purpose(rows, cells, fit):
        words["purpose"] = purpose
    return [Row(words, amounts, cells[0].page)] if words or amounts else []


def _beside(rows: Rows, cell: TableCell, below: bool) -> TableCell | None:
    i, j = (cell.row + cell.rows, cell.column) if below else (cell.row, cell.column + cell.columns)
    return rows[i][j] if i < len(rows) and j < len(rows[i]) else None


def _purpose(rows: Rows, cells: Sequence[TableCell], fit: Fit) -> str | None:
    """The sentence in the last line beside 预算规模及资金用途."""
    names = {fold(name) for name in fit.layout.hierarchy.get("purpose", ())}
    for cell in cells:
        if fold(cell.text) in names and cell.rows > 1:
            value = (
                rows[cell.row + cell.rows - 1][cell.column + cell.columns]
                if cell.column + cell.columns < len(rows[0])
                else None
            )
            return value.text.strip() or None if value else None
    return None
