"""Names: the department's own, and the economic lines that make up 人员经费 and 公用经费."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from fisc.schemas.audit.book import is_grand_total
from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.classification import distance, fold, nearest
from fisc.schemas.folding import wide
from fisc.schemas.identity import Identity
from fisc.schemas.narrative import Sentence
from fisc.schemas.patterns import patterns

_ECONOMIC = patterns("forms")["economic"]
_WHOLE = re.compile(_ECONOMIC["whole"])
_LIST = re.compile(_ECONOMIC["list"])
_IGNORE = re.compile(_ECONOMIC["ignore"])
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_ORGANISATION = patterns("forms")["organisation"]
_PLACE = re.compile(_ORGANISATION["place"])
SHORT = 7
"""A shorter department name is too common for a variant of it to mean anything."""


def department_names(known: Known, identity: Identity | None) -> Iterator[Outcome]:
    """The department is called by its own name wherever it is named in full."""
    rule = "narrative.department_name"
    if identity is None or len(identity.department) < SHORT:
        return
    name = identity.department
    head = name[: max(4, len(name) // 2)]
    told: set[str] = set()
    for sentence in known.narrative.sentences:
        for match in re.finditer(re.escape(head), sentence.text):
            variant = _variant(sentence.text[match.start() :], name)
            if variant is None or variant in told:
                continue
            if variant == "":
                yield Outcome(rule, "pass")
                continue
            told.add(variant)
            page, box = sentence.place(match.start(), match.start() + len(variant))
            yield Outcome(rule, "fail", finding=Finding(
                rule, "warning", known.narrative.sections[sentence.section].heading,
                f"单位名称“{variant}”与“{name}”不一致。", f"The department is called “{variant}” here and “{name}” elsewhere.",
                quote=sentence.text.strip(), page=page, box=box,
            ))  # fmt: skip


def other_names(known: Known, identity: Identity | None) -> Iterator[Outcome]:
    """Another department of the place, named where this one should be spoken of."""
    rule = "narrative.other_department"
    if identity is None or not (place := _PLACE.match(identity.department)) or not place[0]:
        return
    name = identity.department
    others = re.compile(
        f"(?P<name>{re.escape(place[0])}{_ORGANISATION['body']})(?={_ORGANISATION['spoken']})"
    )
    found = [
        (sentence, match)
        for sentence in known.narrative.sentences
        if place[0] in sentence.text
        for match in others.finditer(wide(sentence.text))
        if not _belongs(match["name"], name)
    ]
    if len(found) > int(_ORGANISATION["most"]):
        found = []
    for sentence, match in found:
        page, box = sentence.place(*match.span("name"))
        yield Outcome(rule, "fail", finding=Finding(
            rule, "warning", known.narrative.sections[sentence.section].heading,
            f"此处单位名称为“{match['name']}”，而本文件为“{name}”。",
            f"The text speaks of “{match['name']}” here; the document is that of “{name}”.",
            quote=sentence.text.strip(), page=page, box=box,
        ))  # fmt: skip


def _belongs(said: str, name: str) -> bool:
    """Whether a name is the department's, a part of it, a unit under it, or a spelling of it (told elsewhere)."""
    return said.startswith(name) or name.startswith(said) or distance(said, name) <= 1


def _variant(text: str, name: str) -> str | None:
    """Another spelling of the name at the start of a text; "" where it is the name, None where it is something else."""
    if text.startswith(name):
        return ""
    for length in (len(name), len(name) - 1, len(name) + 1):
        said = text[:length]
        if (
            len(said) == length
            and said[-1] == name[-1]
            and said[-2:] == name[-2:]
            and distance(said, name) <= 1
        ):
            return said
    return None


def economic_names(known: Known) -> Iterator[Outcome]:
    """The lines that a list of 人员经费 or 公用经费 names are in the table, and neither blank nor nothing there."""
    rule = "narrative.economic_name"
    rows = {
        str(row.words["economic_name"]): row.value("total")
        for _, statement in known.book.of("basic_expenditure")
        for row in statement.rows
        if row.words.get("economic_name") and not is_grand_total(row) and not row.is_total
    }
    if len(rows) < 4:
        return
    told: set[str] = set()
    for before, sentence in zip((None, *known.narrative.sentences), known.narrative.sentences, strict=False):
        for item, place in _items(sentence, before):
            name, value = _found(item, rows)
            if value:
                yield Outcome(rule, "pass")
            elif item not in told:
                told.add(item)
                yield _unnamed(sentence, known, item, name, value is not None, place)


def _items(sentence: Sentence, before: Sentence | None) -> Iterator[tuple[str, tuple[int, int]]]:
    """The lines listed behind 人员经费…万元 or 公用经费…万元, in the same sentence or as the next one."""
    text = wide(sentence.text)
    starts = [match.end() for match in _WHOLE.finditer(text)]
    if before is not None and before.paragraph == sentence.paragraph:
        starts += (
            [0] if any(not before.text[m.end() :].strip("。 ") for m in _WHOLE.finditer(before.text)) else []
        )
    for start in starts:
        match = _LIST.match(text[start:])
        if match is None or re.search(r"\d", match["items"]):
            continue
        at = start + match.start("items")
        for part in match["items"].split("、"):
            item = part.strip(" 。；，")
            if 2 <= len(item) <= 20 and not _IGNORE.search(item):
                yield re.sub(_ECONOMIC["drop"], "", item) or item, (at, at + len(part))
            at += len(part) + 1


def _found(item: str, rows: Mapping[str, Decimal | None]) -> tuple[str | None, Decimal | None]:
    """The line that an item means, and the amount that the table gives it."""
    wanted = _plain(item)
    for name, value in rows.items():
        if wanted in (_plain(name), _plain(_BRACKETS.sub("", name))) or wanted == _plain(name).removesuffix(
            "支出"
        ):
            return name, value
    near = [name for name in rows if wanted in _plain(name) or _plain(name) in wanted]
    if near:
        return near[0], max((value for name in near if (value := rows[name]) is not None), default=None)
    return nearest(item, tuple(rows)), None


def _plain(name: str) -> str:
    return fold(name).removesuffix("支出").removesuffix("费用").removesuffix("费")


def _unnamed(
    sentence: Sentence, known: Known, item: str, name: str | None, zero: bool, place: tuple[int, int]
) -> Outcome:
    """A line that is said to be spent on: without an amount, or with a zero, which may be a few yuan in 万元."""
    rule = "narrative.economic_name"
    page, box = sentence.place(*place)
    same = name is not None and _plain(name) == _plain(item)
    zh = (
        f"“{item}”在基本支出表中为零。"
        if zero
        else f"“{item}”在基本支出表中为空白。"
        if same
        else f"“{item}”在基本支出表中没有对应科目" + (f"（最近：{name}）。" if name else "。")
    )
    en = (
        f"“{item}” is nothing in the table of basic expenditure."
        if zero
        else f"“{item}” is blank in the table of basic expenditure."
        if same
        else f"The table of basic expenditure has no line “{item}”."
    )
    return Outcome(rule, "fail", finding=Finding(
        rule, "info" if zero else "warning", known.narrative.sections[sentence.section].heading, zh, en,
        quote=sentence.text.strip(), page=page, box=box,
    ))  # fmt: skip
