"""Results of evaluations: scores within what the execution of the budget allows, grades by their scores, ranks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.folding import wide
from fisc.schemas.identity import Identity
from fisc.schemas.narrative import Sentence
from fisc.schemas.patterns import patterns

_SCORE = patterns("performance")["score"]
_STATED, _RATE, _GRADE, _UNMET = (re.compile(_SCORE[key]) for key in ("stated", "rate", "grade", "unmet"))
_FULL, _EXECUTION = Decimal(_SCORE["full"]), Decimal(_SCORE["execution"])
_RANK = patterns("performance")["rank"]
_RANKED = re.compile(_RANK["stated"])
HALF = Decimal("0.005")
"""Half a unit of the last digit that scores are printed with."""


def results(known: Known, identity: Identity | None) -> Iterator[Outcome]:
    """Every check on what evaluations are said to have come to."""
    sentences = known.narrative.sentences
    for at, sentence in enumerate(sentences):
        said = wide(sentence.text)
        if "分" in said:
            for match in _STATED.finditer(said):
                yield from _scored(known, at, match)
        if "第" in said and identity is not None:
            yield from _ranked(known, sentence, said, identity)


def _scored(known: Known, at: int, match: re.Match[str]) -> Iterator[Outcome]:
    """One score: no more than all points, in its grade, no more than the execution of the budget leaves."""
    sentence, score = known.narrative.sentences[at], Decimal(match["score"])
    grade = _GRADE.search(wide(sentence.text))
    if grade:
        yield _graded(known, sentence, match, score, grade["grade"])
    after = _after(known, at, match.end())
    rate = _RATE.search(after)
    highest = (
        _FULL if rate is None else _FULL - _EXECUTION + _EXECUTION * min(Decimal(rate["rate"]), _FULL) / 100
    )
    rule = "narrative.score"
    if score > highest + HALF:
        low = f"预算执行率{rate['rate']}%时最高为{highest.normalize():f}分" if rate else f"满分为{_FULL:f}分"
        en = (
            f"with {rate['rate']}% of the budget spent, {highest.normalize():f} is the most"
            if rate
            else f"{_FULL:f} is the most"
        )
        yield _found(
            known, sentence, match, rule, "warning",
            f"得分{score:f}分过高：{low}，请核对。", f"The score of {score:f} is too high: {en}.", highest, score,
        )  # fmt: skip
    elif rate and highest < _FULL and abs(score - highest) <= HALF and _UNMET.search(after):
        yield _found(
            known, sentence, match, rule, "warning",
            f"得分{score:f}分恰为除预算执行率外各项满分（{_EXECUTION:f}×{rate['rate']}%＋{_FULL - _EXECUTION:f}），而文中称“{_UNMET.search(after)[0]}”，未见扣分。",  # type: ignore[index]
            f"The score of {score:f} is full marks for all but the {rate['rate']}% of the budget spent, though an indicator is said to be unmet.",
            highest, score,
        )  # fmt: skip
    else:
        yield Outcome(rule, "pass")


def _after(known: Known, at: int, end: int) -> str:
    """What a section says behind a score, up to the next one."""
    first = known.narrative.sentences[at]
    text = first.text[end:]
    for sentence in known.narrative.sentences[at + 1 :]:
        if sentence.section != first.section or _STATED.search(wide(sentence.text)):
            break
        text += sentence.text
    return wide(text)


def _graded(known: Known, sentence: Sentence, match: re.Match[str], score: Decimal, grade: str) -> Outcome:
    meant = next((name for name, floor in _SCORE["floors"].items() if score >= floor), grade)
    if meant == grade:
        return Outcome("narrative.grade", "pass")
    return _found(
        known, sentence, match, "narrative.grade", "warning",
        f"得分{score:f}分应为“{meant}”，文中称“{grade}”。",
        f"A score of {score:f} is graded “{meant}”; the text says “{grade}”.",
        Decimal(_SCORE["floors"][grade]), score,
    )  # fmt: skip


def _ranked(known: Known, sentence: Sentence, said: str, identity: Identity) -> Iterator[Outcome]:
    """First in a province, said by a district: nothing in the document can show it."""
    own = 2 if identity.region_code.endswith("0000") else 1 if identity.region_code.endswith("00") else 0
    for match in _RANKED.finditer(said):
        if _RANK["areas"][match["area"]] > own:
            yield _found(
                known, sentence, match, "narrative.rank", "info",
                f"“{match[0]}”超出本级范围，文件内无从核对，请注明来源。",
                f"“{match[0]}” speaks of more than the department's own area; the document cannot show it, name the source.",
            )  # fmt: skip


def _found(
    known: Known, sentence: Sentence, match: re.Match[str], rule: str, severity: str, zh: str, en: str,
    expected: Decimal | None = None, actual: Decimal | None = None,
) -> Outcome:  # fmt: skip
    page, box = sentence.place(*match.span())
    difference = actual - expected if actual is not None and expected is not None else None
    return Outcome(rule, "fail", finding=Finding(
        rule, severity, known.narrative.sections[sentence.section].heading, zh, en, expected=expected, actual=actual,
        difference=difference, tolerance=HALF if expected is not None else None, quote=sentence.text.strip(), page=page, box=box,
    ))  # fmt: skip
