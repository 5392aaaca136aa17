"""Form and wording: what the template left, units lost, values run together, and what is said to be empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.folding import wide
from fisc.schemas.narrative import Sentence
from fisc.schemas.patterns import patterns

_DATA = patterns("forms")
_LEFTOVER = tuple((entry["severity"], re.compile(entry["pattern"])) for entry in _DATA["leftover"])
_LOST = tuple((entry["what"], entry["severity"], re.compile(entry["pattern"])) for entry in _DATA["lost"])
_EMPTY = tuple((entry["table"], re.compile(entry["pattern"])) for entry in _DATA["empty"])
_NOT_HERE = re.compile(_DATA["not_here"]["pattern"])
_STRAY = re.compile(_DATA["indicator"]["stray"])
MAY_LEAVE = re.compile(r"[XＸx×＊*_＿{｛【（/]|待|请|应|列明|此处|部门（")


def wording(known: Known) -> Iterator[Outcome]:
    """Sentences without remains of the template, with their units, with whole values."""
    for sentence in known.narrative.sentences:
        said = wide(sentence.text)
        if MAY_LEAVE.search(said):
            yield from _matches(sentence, said, known)
        for match in _STRAY.finditer(sentence.text):
            yield _found(
                sentence, known, "narrative.value_form", "warning", match.span(),
                f"指标值“{match[0].strip('；。，、 ')}”没有对应的指标。",
                f"The value “{match[0].strip('；。，、 ')}” stands alone, with no indicator before it.",
            )  # fmt: skip
    yield from _lost(known)
    yield from _percent_marks(known)


def _lost(known: Known) -> Iterator[Outcome]:
    """Amounts whose unit is not whole: once a section."""
    told: set[int] = set()
    for sentence in known.narrative.sentences:
        if sentence.section in told:
            continue
        for what, severity, pattern in _LOST:
            match = pattern.search(wide(sentence.text))
            if match:
                told.add(sentence.section)
                said = sentence.text[match.start() : match.end()]
                yield _found(
                    sentence, known, "narrative.unit_lost", severity, match.span(),
                    f"“{said}”后缺“{what}”。", f"The unit behind “{said}” is not whole; {what} is missing.",
                )  # fmt: skip


def _matches(sentence: Sentence, said: str, known: Known) -> Iterator[Outcome]:
    for severity, pattern in _LEFTOVER:
        for match in pattern.finditer(said):
            yield _found(
                sentence, known, "narrative.template", severity, match.span(),
                f"“{match[0]}”疑为模板残留，请核对。", f"“{match[0]}” looks left over from the template.",
            )  # fmt: skip


def _percent_marks(known: Known) -> Iterator[Outcome]:
    """A rate of growth that lost its percent mark."""
    rule = "narrative.unit_lost"
    for claim in known.narrative.claims:
        if claim.kind != "growth" or claim.stated is None:
            continue
        if "no_unit" not in claim.words:
            yield Outcome(rule, "pass")
            continue
        yield Outcome(rule, "fail", finding=Finding(
            rule, "warning", claim.section,
            f"“{claim.stated.text}”后缺“%”。", f"The percent mark behind {claim.stated.text} is missing.",
            actual=claim.stated.value, quote=claim.quote, page=claim.page, box=claim.box,
        ))  # fmt: skip


def said_empty(known: Known) -> Iterator[Outcome]:
    """What is said to be without figures has none in its table."""
    rule = "narrative.said_empty"
    for sentence in known.narrative.sentences:
        if "无" not in sentence.text and "没有" not in sentence.text and "未" not in sentence.text:
            continue
        for table, pattern in _EMPTY:
            said = wide(sentence.text)
            match = pattern.search(said)
            statements = [s for _, s in known.book.of(table)]
            if match is None or not statements or _elsewhere(said[: match.start()], known):
                continue
            rows = [
                row
                for s in statements
                for row in s.rows
                if row.words.get("measure") in (None, "final" if known.final else "budget")
            ]
            filled = next((a for row in rows for a in row.amounts.values() if a.value), None)
            if filled is None:
                yield Outcome(rule, "pass")
                continue
            yield _found(
                sentence, known, rule, "error" if filled.method == "text" else "warning", match.span(),
                f"文中称“{match[0]}”，而《{statements[0].title}》列有{filled.text}。",
                f"The text says “{match[0]}”, but the table prints {filled.text}.",
            )  # fmt: skip


def _elsewhere(before: str, known: Known) -> bool:
    """Whether the clause speaks of another year than the document's, or of a part of the department."""
    clause = re.split("[，。；]", before)[-1]
    match = _NOT_HERE.search(clause)
    return match is not None and str(known.narrative.year or "-") not in match[0]


def _found(
    sentence: Sentence, known: Known, rule: str, severity: str, span: tuple[int, int], zh: str, en: str
) -> Outcome:
    page, box = sentence.place(*span)
    heading = known.narrative.sections[sentence.section].heading
    finding = Finding(rule, severity, heading, zh, en, quote=sentence.text.strip(), page=page, box=box)
    return Outcome(rule, "fail", finding=finding)
