"""The inspection sheet of one document: each item with its verdict, the reason for it, and the findings under it.

An item does not meet the requirement where it is missing, or where a finding of severity error or warning stands under
it that nobody waived. What cannot be judged from the file is said to be so, never counted as met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fisc.schemas.inspection.items import Item, item_of_rule, item_of_table, items
from fisc.schemas.inspection.sections import Placed, item_at, placed_sections

Row = Mapping[str, Any]

MEETS, REMARKS, FAILS, UNKNOWN = "meets", "remarks", "fails", "unknown"
VERDICTS = {MEETS: "符合", REMARKS: "基本符合", FAILS: "不符合", UNKNOWN: "无法判断"}
GRAVE = ("error", "warning")
LITTLE = 300
"""Characters; a file with less text holds tables alone."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one document: its row, its findings, sections and checks, and the rows of each table."""

    document: Row
    findings: Sequence[Row]
    sections: Sequence[Row]
    checks: Mapping[tuple[str, str], int]
    rows: Mapping[str, int]
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One item judged. ``zh`` and ``en`` say why; ``findings`` are published rows of ``finding``."""

    item: Item
    verdict: str
    zh: str
    en: str
    findings: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one document."""

    document: Row
    lines: tuple[Line, ...]

    def count(self, verdict: str) -> int:
        """How many items have a verdict; what is no item of the requirement does not count."""
        return sum(line.verdict == verdict for line in self.lines if line.item.id != "rest")

    @property
    def judged(self) -> int:
        """Items that could be judged."""
        return self.count(MEETS) + self.count(REMARKS) + self.count(FAILS)

    @property
    def met(self) -> int:
        """Items that meet the requirement, with remarks or without."""
        return self.judged - self.count(FAILS)


def inspect(evidence: Evidence) -> Sheet:
    """Fill in the sheet."""
    placed = placed_sections(evidence.sections)
    under: dict[str, list[Row]] = {item.id: [] for item in items()}
    for finding in evidence.findings:
        under[_item_of(finding, placed).id].append(finding)
    lines = [_line(item, evidence, placed, tuple(under[item.id])) for item in items()]
    stage = evidence.document["stage"]
    return Sheet(evidence.document, tuple(replace(line, item=_titled(line.item, stage)) for line in lines))


def _titled(item: Item, stage: str) -> Item:
    """An item whose title says both stages, by the title of one."""
    budget, _, final = item.zh.partition(" / ")
    return replace(item, zh=final if final and stage == "final_accounts" else budget)


def ranked(sheets: Sequence[Sheet]) -> list[tuple[int, Sheet]]:
    """Sheets with their place, best first: fewest items not met, then fewest errors, then fewest warnings."""
    ordered = sorted(sheets, key=lambda sheet: (_worth(sheet), _name(sheet)))
    places: list[tuple[int, Sheet]] = []
    for number, sheet in enumerate(ordered, 1):
        same = places and _worth(places[-1][1]) == _worth(sheet)
        places.append((places[-1][0] if same else number, sheet))
    return places


def open_findings(sheet: Sheet, severity: str) -> int:
    """Findings of a severity that nobody waived."""
    found = (finding for line in sheet.lines for finding in line.findings)
    return sum(f["severity"] == severity and not f.get("waived") for f in found)


def _worth(sheet: Sheet) -> tuple[int, int, int]:
    return sheet.count(FAILS), open_findings(sheet, "error"), open_findings(sheet, "warning")


def _name(sheet: Sheet) -> tuple[str, str]:
    return sheet.document["department"], sheet.document["document_id"]


def _item_of(finding: Row, placed: Sequence[Placed]) -> Item:
    """The item a finding stands under: that of its table, else of its rule, else of the text it stands in.

    What is no fault of the document itself stands at the end, whatever it names.
    """
    rest = items()[-1]
    by_rule = item_of_rule(finding["rule"])
    if by_rule is rest:
        return rest
    by_text = item_at(placed, finding["where"], finding["page"])
    particular = by_rule if by_rule and by_rule.id != "explanation" else None
    return item_of_table(finding["where"] or "") or particular or by_text or by_rule or rest


def _line(item: Item, evidence: Evidence, placed: Sequence[Placed], findings: tuple[Row, ...]) -> Line:
    there = _there(item, evidence, placed)
    standing = [f for f in findings if f["severity"] in GRAVE and not f.get("waived")]
    if there[0] in (FAILS, UNKNOWN) and not standing:
        return Line(item, *there, findings)
    if standing:
        count = len(standing)
        return Line(item, FAILS, f"有{count}处问题", f"{count} finding{'s' * (count > 1)}", findings)
    if findings:
        waived = sum(bool(f.get("waived")) for f in findings)
        zh, en = f"有{len(findings)}处提示", f"{len(findings)} remark{'s' * (len(findings) > 1)}"
        return Line(
            item,
            REMARKS,
            zh + (f"，其中{waived}处已免除" if waived else ""),
            en + (f", {waived} waived" if waived else ""),
            findings,
        )
    return Line(item, *there, findings)


def _there(item: Item, evidence: Evidence, placed: Sequence[Placed]) -> tuple[str, str, str]:
    """Whether the part is there at all: a verdict and why."""
    if item.id == "on_time":
        return _on_time(evidence)
    if item.id == "rest":
        return MEETS, "", ""
    if item.required:
        return _table(item, evidence)
    if item.check:
        return _checked(item, evidence)
    if any(evidence.rows.get(table) for table in item.tables) or any(
        (section.item is item or item.heads(section.heading)) and not section.empty for section in placed
    ):
        return MEETS, "", ""
    return _absent(item, evidence)


def _on_time(evidence: Evidence) -> tuple[str, str, str]:
    published, due = evidence.document.get("published_on"), evidence.due
    if published is None:
        return UNKNOWN, "公开日期未知", "the date of publication is not known"
    if due is None:
        said = f"{published}公开；来源未声明期限", f"published on {published}; the source states no day"
        return UNKNOWN, *said
    said = f"{published}公开，期限{due}", f"published on {published}, due by {due}"
    return (MEETS if published <= due else FAILS), *said


def _table(item: Item, evidence: Evidence) -> tuple[str, str, str]:
    if evidence.rows.get(item.tables[0]):
        return MEETS, "", ""
    if any(rule == "document.tables" for rule, _ in evidence.checks):
        return (
            UNKNOWN,
            "本文件没有表格，各表可能另行公开",
            "the file has no table; they may be published apart",
        )
    if ("table.present", "not_run") in evidence.checks and item.id == "state_capital":
        return UNKNOWN, "该年度可不公开", "not to be published for this year"
    if evidence.checks.get(("table.present", "pass"), 0):
        return MEETS, "空表", "an empty table"
    return UNKNOWN, "未能检查", "could not be checked"


def _checked(item: Item, evidence: Evidence) -> tuple[str, str, str]:
    if (item.check, "pass") in evidence.checks:
        return MEETS, "", ""
    if (item.check, "not_run") not in evidence.checks:
        return (
            UNKNOWN,
            "本文件由较早的程序版本读取，未检查",
            "read by an earlier version, which did not look for it",
        )
    return _absent(item, evidence)


def _absent(item: Item, evidence: Evidence) -> tuple[str, str, str]:
    if sum(len(section["text"] or "") for section in evidence.sections) < LITTLE:
        return UNKNOWN, "本文件没有文字说明，可能另行公开", "the file has no text; it may be published apart"
    if item.without == "missing":
        return FAILS, f"未见{item.zh}", f"no {item.en.lower()} found"
    return (
        UNKNOWN,
        f"未见{item.zh}；没有的可不公开",
        f"no {item.en.lower()} found; where there is none it may be left out",
    )
