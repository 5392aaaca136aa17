"""Years: what is compared with what, and whose figures are stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.narrative.tables import agrees
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Fact, Sentence
from fisc.schemas.patterns import patterns

_YEARS = patterns("forms")["years"]
_COMPARED = re.compile(_YEARS["compared"])
_SUBJECT = re.compile(patterns("forms")["subject_year"]["year"])
_OPEN = re.compile(patterns("forms")["subject_year"]["open"])
_UNTIL = re.compile(patterns("forms")["subject_year"]["until"])
_HEADING = re.compile(_YEARS["heading"])
_REVIEWED = re.compile(_YEARS["reviewed"])
_FURTHER = re.compile(_YEARS["further"])
_REASON = re.compile(patterns("cues")["reason"]["after"])
_PERIOD = re.compile(patterns("forms")["period"]["heading"])
_SPAN = re.compile(patterns("forms")["period"]["span"])

_A_YEAR = re.compile(r"20\d{2}")
_MARKS = re.compile(r"[\W_]+")
LEVELS = ("this_year", "last_year", "budget")
OF_LAST_YEAR = tuple(patterns("forms")["subject_year"]["of_last_year"])
PROJECT_YEAR = "narrative.project_year"
NAME = 8
"""A shorter name can stand in a text for something else."""
DIGITS = 3
"""A figure with fewer digits can be the same in two years by chance."""


def years(known: Known, year: int | None) -> Iterator[Outcome]:
    """Every comparison is with the year before, every statement of this year, every project still running."""
    if year is None:
        return
    narrative = known.narrative
    for sentence in narrative.sentences:
        if "20" in sentence.text:
            yield from _compared(sentence, known, year)
            yield from _stated(sentence, known, year)
            yield from _until(sentence, known, year)
            yield from _running(sentence, known, year)
    yield from _headings(known, year)
    yield from _project_names(known)


def _compared(sentence: Sentence, known: Known, year: int) -> Iterator[Outcome]:
    rule = "narrative.compared_year"
    for match in _COMPARED.finditer(sentence.text):
        said = int(match["year"])
        own = match["what"] == "预算" or match["start"]
        if said == year - 1 or (known.final and said == year and own):
            yield Outcome(rule, "pass")
            continue
        if said < year and (f"{year - 1}年" in sentence.text or _FURTHER.search(sentence.text)):
            yield Outcome(rule, "not_run")
            continue
        itself = said == year
        zh = "与本年自身相比" if itself else f"与{said}年相比"
        yield _found(
            sentence, known, rule, "error" if said >= year else "warning", match.span(), year - 1, said,
            f"“{match[0]}”{zh}，本文件为{year}年，应为{year - 1}年。",
            f"“{match[0]}” compares with {said}; in a document of {year} the year {year - 1} must be meant.",
        )  # fmt: skip


def _stated(sentence: Sentence, known: Known, year: int) -> Iterator[Outcome]:
    """The year at the head of a statement, where figures or the document itself are spoken of."""
    rule = "narrative.stated_year"
    match = _SUBJECT.search(sentence.text)
    reason = _REASON.search(sentence.text)
    if match is None or (reason and reason.start() < match.start()):
        return
    said = int(match["year"])
    if said == year:
        yield Outcome(rule, "pass")
        return
    compared = {int(m["year"]) for m in _COMPARED.finditer(sentence.text)}
    stated = known.stated_in(sentence)
    ahead = said > year and (stated or _OPEN.search(sentence.text))
    alone = str(year) not in sentence.text
    itself = alone and ((said in compared and bool(stated)) or _of_this_year(stated, known))
    headed = f"{said}年" in known.narrative.sections[sentence.section].heading
    only = alone and not headed and said == year - 1 and _said_of_no_other_year(sentence, stated, known)
    if (
        not ahead
        and not itself
        and not only
        and not (said < year and _OPEN.search(sentence.text[match.end() :][:24]))
    ):
        yield Outcome(rule, "not_run")
        return
    yield _found(
        sentence, known, rule, "error" if (ahead and stated) or itself else "warning", match.span(), year, said,
        f"此处称“{match[0]}”，而本文件为{year}年。", f"The text speaks of {said} here; the document is of {year}.",
    )  # fmt: skip


def _of_this_year(stated: Sequence[Fact], known: Known) -> bool:
    """Whether figures given under another year's name are those that the tables print for this year."""
    return any(
        fact.value and len(fact.text.replace(".", "").lstrip("0")) >= DIGITS
        and any(agrees(fact, cell) for cell in known.cells(fact.name, "final", hints=True))
        for fact in stated
        if fact.period in ("this_year", "last_year")
    )  # fmt: skip


def _said_of_no_other_year(sentence: Sentence, stated: Sequence[Fact], known: Known) -> bool:
    """Whether figures of this document are given of the year before alone, and nowhere of its own."""
    levels = [f for f in stated if f.period in LEVELS and not f.name.startswith(OF_LAST_YEAR)]
    quote = sentence.text.strip()
    return bool(levels) and not any(
        other.quote != quote and other.period in LEVELS
        for name in {fact.name for fact in levels}
        for other in known.facts_of(name)
    )


def _until(sentence: Sentence, known: Known, year: int) -> Iterator[Outcome]:
    """截至…: the end of the year of final accounts, or a day before the budget was made."""
    rule = "narrative.until_year"
    for match in _UNTIL.finditer(sentence.text):
        said = int(match["year"])
        if said == year if known.final else said in (year - 1, year):
            yield Outcome(rule, "pass")
            continue
        yield _found(
            sentence, known, rule, "warning", match.span(), year, said,
            f"“{match[0]}”与本文件年度{year}年不符。", f"“{match[0]}” does not fit a document of {year}.",
        )  # fmt: skip


def _running(sentence: Sentence, known: Known, year: int) -> Iterator[Outcome]:
    """A project of this budget that ended before the year."""
    if known.final or not _PERIOD.search(known.narrative.sections[sentence.section].heading):
        return
    for match in _SPAN.finditer(sentence.text):
        ended = int(match["to"])
        if ended >= year:
            yield Outcome("narrative.project_period", "pass")
        else:
            yield _found(
                sentence, known, "narrative.project_period", "warning", match.span(), year, ended,
                f"项目实施周期止于{ended}年，早于预算年度{year}年。",
                f"The project is said to end in {ended}, before the budget year {year}.",
            )  # fmt: skip


def _project_names(known: Known) -> Iterator[Outcome]:
    """A project named in the text has the years that its goal sheet has in its name."""
    names = {
        _bare(name): name
        for _, statement in known.book.of("project")
        for row in statement.rows
        if _A_YEAR.search(name := str(row.words.get("project_name") or "")) and len(_bare(name)) >= NAME
    }
    shapes = {name: re.compile(_A_YEAR.sub(r"(20\\d{2})", bare)) for bare, name in names.items()}
    for sentence in known.narrative.sentences if shapes else ():
        said = _bare(sentence.text)
        for name, shape in shapes.items():
            years = _A_YEAR.findall(_bare(name))
            for match in shape.finditer(said):
                wrong = next(
                    ((now, then) for now, then in zip(match.groups(), years, strict=True) if now != then),
                    None,
                )
                yield (
                    _other_project_year(sentence, known, name, *wrong)
                    if wrong
                    else Outcome(PROJECT_YEAR, "pass")
                )


def _other_project_year(sentence: Sentence, known: Known, name: str, said: str, meant: str) -> Outcome:
    at = max(sentence.text.find(said), 0)
    return _found(
        sentence, known, PROJECT_YEAR, "warning", (at, at + len(said)), int(meant), int(said),
        f"此处项目名称中的年份为{said}年，而项目表中为“{name}”。",
        f"The name of the project says {said} here; its goal sheet says {meant}.",
    )  # fmt: skip


def _bare(text: str) -> str:
    """Letters and figures alone."""
    return _MARKS.sub("", text)


def _headings(known: Known, year: int) -> Iterator[Outcome]:
    rule = "narrative.heading_year"
    for section in known.narrative.sections:
        for match in _HEADING.finditer(section.heading):
            said = int(match["year"])
            reviewed = not known.final and said == year - 1 and _REVIEWED.search(section.heading)
            if (
                said == year
                or reviewed
                or section.heading[max(0, match.start() - 1) : match.start()]
                in (
                    "与",
                    "较",
                    "比",
                )
            ):
                yield Outcome(rule, "pass")
                continue
            yield Outcome(rule, "fail", finding=Finding(
                rule, "warning", section.heading,
                f"标题“{section.heading}”所称年度为{said}年，而本文件为{year}年。",
                f"The heading speaks of {said}; the document is of {year}.",
                expected=Decimal(year), actual=Decimal(said), quote=section.heading, page=section.page, box=section.box,
            ))  # fmt: skip


def _found(
    sentence: Sentence, known: Known, rule: str, severity: str, span: tuple[int, int],
    expected: int, actual: int, zh: str, en: str,
) -> Outcome:  # fmt: skip
    page, box = sentence.place(*span)
    heading = known.narrative.sections[sentence.section].heading
    return Outcome(rule, "fail", finding=Finding(
        rule, severity, heading, zh, en, expected=Decimal(expected), actual=Decimal(actual),
        quote=sentence.text.strip(), page=page, box=box,
    ))  # fmt: skip
