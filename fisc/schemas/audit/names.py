"""Codes and the names printed beside them, against the classification in force (政府收支分类科目)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.classification import Kind, codes_by_name, fold, names, standing
from fisc.schemas.statement import Row, Statement

RULE = "code.name"
KINDS: tuple[Kind, ...] = ("function", "economic")


def audit_names(statements: Sequence[Statement], year: int) -> list[Outcome]:
    """Whether every code carries its name; a pair that several tables print is told once.

    A pair of another year is ``info``, a name that the code never had is a ``warning``, and so is a code that is not
    listed beside the name of another one of its group; what else is not listed is not run.
    """
    seen: set[tuple[str, str]] = set()
    return [outcome for statement in statements for outcome in _of(statement, year, seen)]


def _of(statement: Statement, year: int, seen: set[tuple[str, str]]) -> Iterator[Outcome]:
    for row in statement.rows:
        for kind in KINDS:
            code, name = row.words.get(f"{kind}_code"), row.words.get(f"{kind}_name")
            if not code or not name:
                continue
            stands = standing(str(code), str(name), year, kind)
            if stands == "current":
                yield Outcome(RULE, "pass")
            elif stands == "unlisted" and not _elsewhere(str(code), str(name), year, kind):
                yield Outcome(RULE, "not_run")
            elif (str(code), fold(str(name))) not in seen:
                seen.add((str(code), fold(str(name))))
                other_year = stands == "other_year"
                finding = _finding(statement, row, str(code), str(name), year, kind, other_year)
                yield Outcome(RULE, "fail", finding=finding)


def _elsewhere(code: str, name: str, year: int, kind: Kind) -> bool:
    """Whether the name belongs to another code of the same group (2210201 住房公积金 printed as 2210285)."""
    group = code[:-2]
    return len(group) >= 3 and bool(codes_by_name(name, year, kind, within=group))


def _finding(
    statement: Statement, row: Row, code: str, name: str, year: int, kind: Kind, other_year: bool
) -> Finding:
    """One sentence: what the code is called that year, and which code the name belongs to."""
    right = names(code, year, kind)[:1]
    belongs = codes_by_name(name, year, kind)[:1]
    zh = f"{code}在{year}年为“{right[0]}”" if right else f"{code}在{year}年没有这一科目"
    en = f"in {year} {code} is {right[0]!r}" if right else f"{code} is not in force in {year}"
    if belongs and belongs[0] != code:
        zh, en = f"{zh}，“{name}”是{belongs[0]}", f"{en}, and {name!r} is {belongs[0]}"
    return Finding(
        RULE, "info" if other_year else "warning", statement.table,
        f"《{title_zh(statement.table)}》的{code}“{name}”与政府收支分类科目不一致：{zh}。",
        f"The code {code} is printed with the name {name!r}, but {en}.",
        quote=f"{code} {name}", page=row.page,
    )  # fmt: skip
