"""What a text says that does not go together: no change and a change, a new department and its last year, no small firm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from fisc.schemas.audit.claims.arithmetic import wan
from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Fact, Sentence
from fisc.schemas.patterns import patterns

_FLAT = {name: re.compile(pattern) for name, pattern in patterns("forms")["flat"].items()}
_NEW, _AS_BEFORE = (re.compile(patterns("forms")["new"][name]) for name in ("said", "flat"))
LIMIT = Decimal(500_000)
"""Yuan of a year's procurement below which nothing need be reserved (采购限额标准; provinces set 500,000 or more)."""
_STOP = re.compile("[。；]")
_WIDE = str.maketrans("():;%", "（）：；％")
"""Not the comma: it may part the thousands of the amounts that are sought here."""


def contradictions(known: Known, year: int | None) -> Iterator[Outcome]:
    """Every check on words that exclude each other."""
    yield from _flat(known)
    yield from _new(known, year)
    yield from _small_firms(known)


def _flat(known: Known) -> Iterator[Outcome]:
    """持平 with a rate or an amount behind it, or with a reason for a rise or a fall."""
    rule = "narrative.flat"
    sentences = known.narrative.sentences
    for at, sentence in enumerate(sentences):
        if "持平" not in sentence.text:
            continue
        said = sentence.text.translate(_WIDE)
        for match in _FLAT["said"].finditer(said):
            rest = said[match.end() :]
            after = rest if rest.strip("。") else _following(sentences, at)
            reason = _FLAT["reason"].match(after)
            if changed := _FLAT["changed"].match(rest):
                yield _contradicted(known, sentence, match, changed[0].strip("，、（"), "error")
            elif reason and not _FLAT["even"].search(_STOP.split(after)[0]):
                yield _contradicted(known, sentence, match, reason[0].strip("，。；"), "warning")
            else:
                yield Outcome(rule, "pass")


def _following(sentences: Sequence[Sentence], at: int) -> str:
    """What a paragraph goes on with behind a sentence: the next one or two, and what stands behind 主要原因：."""
    said, paragraph = "", sentences[at].paragraph
    for sentence in sentences[at + 1 : at + 3]:
        if sentence.paragraph != paragraph and not said.endswith("："):
            break
        said += sentence.text.translate(_WIDE)
    return said


def _contradicted(
    known: Known, sentence: Sentence, match: re.Match[str], other: str, severity: str
) -> Outcome:
    page, box = sentence.place(*match.span())
    return Outcome("narrative.flat", "fail", finding=Finding(
        "narrative.flat", severity, known.narrative.sections[sentence.section].heading,
        f"文中称“{match[0]}”，随后又称“{other}”，前后矛盾。",
        f"The text says “{match[0]}” and goes on “{other}”; one of the two is wrong.",
        quote=sentence.text.strip(), page=page, box=box,
    ))  # fmt: skip


def _new(known: Known, year: int | None) -> Iterator[Outcome]:
    """A department said to be new this year, whose figures are compared with those of the year before."""
    rule = "narrative.new_department"
    sentences = known.narrative.sentences
    new = next((m for s in sentences for m in _NEW.finditer(s.text) if int(m["year"]) == year), None)
    if new is None:
        yield Outcome(rule, "not_run")
        return
    flat = [(s, m) for s in sentences for m in _AS_BEFORE.finditer(s.text.translate(_WIDE))]
    before = next(_grown_from_something(known), None)
    if not flat and before is None:
        yield Outcome(rule, "pass")
    if flat:
        (sentence, match), times = flat[0], len(flat)
        page, box = sentence.place(*match.span())
        yield Outcome(rule, "fail", finding=Finding(
            rule, "warning", known.narrative.sections[sentence.section].heading,
            f"文中称“{new[0]}”，又称“{match[0]}”（共{times}处），新设部门没有上年数可比。",
            f"The department is said to be new in {year}, yet “{match[0]}” ({times} times); it has no year before.",
            quote=sentence.text.strip(), page=page, box=box,
        ))  # fmt: skip
    if before is not None:
        level, change = before
        base = level.value - change.value
        yield Outcome(rule, "fail", finding=Finding(
            rule, "warning", change.section,
            f"文中称“{new[0]}”，而按增减额推算上年为{wan(base)}，新设部门上年应为零。",
            f"The department is said to be new in {year}, yet its change makes {wan(base)} for the year before.",
            expected=Decimal(0), actual=base, difference=base, quote=change.quote, page=change.page, box=change.box,
        ))  # fmt: skip


def _grown_from_something(known: Known) -> Iterator[tuple[Fact, Fact]]:
    """Levels whose change since last year leaves something for the year before."""
    level: Fact | None = None
    for fact in known.narrative.facts:
        if fact.unit == "CNY" and fact.period == "this_year":
            level = fact
        elif fact.period == "change" and fact.base == "last_year" and level is not None:
            same = level.name == fact.name and level.section_at == fact.section_at
            if (
                same
                and abs(level.value - fact.value) > level.step + fact.step
                and level.printed_unit == fact.printed_unit
            ):
                yield level, fact


def _small_firms(known: Known) -> Iterator[Outcome]:
    """授予中小企业: no more than all that was bought; nothing at all is a doubt (《政府采购促进中小企业发展管理办法》)."""
    rule = "narrative.small_firms"
    totals = [f for f in known.narrative.facts if f.name == "procurement.total" and f.period == "this_year"]
    for fact in known.narrative.facts:
        if fact.name not in ("procurement.sme", "procurement.micro") or fact.unit != "CNY" or not fact.sure:
            continue
        bought = next((total for total in reversed(totals) if total.section_at == fact.section_at), None)
        if bought is None or fact.period != "this_year" or not bought.value:
            yield Outcome(rule, "not_run")
        elif fact.value > bought.value + (fact.step + bought.step) / 2:
            yield Outcome(rule, "fail", finding=_of_small_firms(
                fact, bought, "error", "大于政府采购支出总额", "is more than all procurement"))  # fmt: skip
        elif not fact.value and fact.name == "procurement.sme" and known.final and bought.value >= LIMIT:
            yield Outcome(rule, "fail", finding=_of_small_firms(
                fact, bought, "warning", "与政府采购支出总额不相称，请核对", "is nothing of all procurement; check it"))  # fmt: skip
        else:
            yield Outcome(rule, "pass")


def _of_small_firms(fact: Fact, bought: Fact, severity: str, zh: str, en: str) -> Finding:
    return Finding(
        "narrative.small_firms", severity, fact.section,
        f"{fact.label}{fact.text}{fact.printed_unit}{zh}（{wan(bought.value)}）。",
        f"What went to small firms, {fact.text}{fact.printed_unit}, {en} ({wan(bought.value)}).",
        expected=bought.value, actual=fact.value, difference=fact.value - bought.value,
        tolerance=(fact.step + bought.step) / 2, quote=fact.quote, page=fact.page, box=fact.box,
    )  # fmt: skip
