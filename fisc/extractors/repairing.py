"""Labels, names and codes that a recogniser misread, mended by the forms and the official names, and marked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from fisc.extractors.page import Page
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.classification import (
    Kind,
    class_by_name,
    class_names,
    codes_by_name,
    name_matches,
    names,
    nearest,
)
from fisc.schemas.folding import without_number
from fisc.schemas.statement import Row, Statement

KINDS: dict[str, Kind] = {"function": "function", "economic": "economic"}


@dataclass(frozen=True, slots=True)
class Mended:
    """Statements with their names and codes mended, and a finding for each that was."""

    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]


def mended_names(statements: Sequence[Statement], scanned: Collection[int], year: int) -> Mended:
    """Mend the names and codes of rows on scanned pages. What no single official name is nearest to stays as read."""
    findings: list[Finding] = []
    mended = tuple(
        replace(statement, rows=tuple(_rows(statement, scanned, year, findings))) for statement in statements
    )
    return Mended(mended, tuple(findings))


def mended_labels(pages: Sequence[Page]) -> list[Finding]:
    """A finding for each title or head of scanned pages that was read as the one of the forms next to it."""
    return [
        Finding(
            "label.repaired",
            "info",
            f"第{page.number}页",
            f"扫描页上的“{word.readings[0].text}”按报表的标题和栏目读作“{word.text}”。",
            f"On a scanned page {word.readings[0].text!r} was read as {word.text!r}, a title or head of the forms.",
            quote=word.readings[0].text,
            page=page.number,
            box=word.box,
        )
        for page in pages
        for word in page.words
        if word.readings and word.readings[0].text != word.text
    ]


def _rows(
    statement: Statement, scanned: Collection[int], year: int, findings: list[Finding]
) -> Iterator[Row]:
    above = ""
    for row in statement.rows:
        mended = row
        if row.page in scanned:
            for kind in KINDS:
                mended = _coded(mended, kind, year, above, statement.table, findings)
            mended = _class_line(mended, year, statement.table, findings)
        code = mended.words.get("function_code") or mended.words.get("economic_code")
        above = str(code) if code else above
        yield mended


def _coded(row: Row, kind: str, year: int, above: str, table: str, findings: list[Finding]) -> Row:
    """A row of a list: its name by its code, or its code by its name."""
    code, name = row.words.get(f"{kind}_code"), row.words.get(f"{kind}_name")
    if f"{kind}_name" not in row.words or row.is_total or not name:
        return row
    if not code:
        found = codes_by_name(str(name), year, KINDS[kind], within=above[:5]) or codes_by_name(
            str(name), year, KINDS[kind], within=above[:3]
        )
        return _with(row, f"{kind}_code", found[0], str(name), table, findings) if len(found) == 1 else row
    if name_matches(str(code), str(name), year, KINDS[kind]):
        return row
    right = nearest(str(name), names(str(code), year, KINDS[kind]))
    return _with(row, f"{kind}_name", right, str(name), table, findings) if right and right != name else row


def _class_line(row: Row, year: int, table: str, findings: list[Finding]) -> Row:
    """A line of the expenditure side: its class by the official class names."""
    item = str(row.words.get("item") or "")
    label = without_number(item)
    if (
        row.words.get("side") != "expenditure"
        or row.words.get("key")
        or row.is_total
        or class_by_name(label, year)
    ):
        return row
    right = nearest(label, class_names(year))
    if right is None:
        return row
    mended = _with(row, "item", item.replace(label, right), item, table, findings)
    return replace(mended, words={**mended.words, "function_code": class_by_name(right, year)})


def _with(row: Row, column: str, value: str, read: str, table: str, findings: list[Finding]) -> Row:
    findings.append(
        Finding(
            "name.repaired",
            "info",
            table,
            f"扫描页上的“{read}”按政府收支分类科目读作“{value}”。",
            f"On a scanned page {read!r} was read as {value!r} by the official classification.",
            quote=read,
            page=row.page,
        )
    )
    return replace(row, words={**row.words, column: value})
