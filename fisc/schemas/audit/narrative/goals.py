"""Performance goals: values that are well formed, due within the year, and within what the project has to spend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from fisc.schemas.audit.claims.arithmetic import wan
from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.folding import wide
from fisc.schemas.narrative import Sentence
from fisc.schemas.numbers import UNITS
from fisc.schemas.patterns import patterns
from fisc.schemas.statement import Row

_FORMS = patterns("forms")["indicator"]
_RUN_ON = re.compile(_FORMS["run_on"])
_DEADLINE = re.compile(_FORMS["deadline"])
_DATA = patterns("performance")
_COST_LEVEL = re.compile(_DATA["cost"]["level"])
_MONEY = re.compile(_DATA["cost"]["money"])
_SHARE = re.compile(_DATA["share"]["names"])
_RATE = re.compile(_DATA["share"]["value"])
_TRAINED = re.compile(_DATA["training"]["within"])
_PEOPLE = re.compile(_DATA["training"]["people"])
_LIMIT = re.compile(_DATA["limit"]["stated"])
_ACTIVITIES = tuple(re.compile(words) for words in _DATA["limit"]["activities"])
_TEN_THOUSAND = Decimal(10_000)
_SPOKEN = ("project_name", "purpose", "goal", "level3", "description")

Sheet = tuple[Row, list[Row]]
"""A project and the indicators printed below it."""


def goals(known: Known, year: int | None) -> Iterator[Outcome]:
    """Every check on goal sheets, and on the limits of cost that the text sets itself."""
    sheets = list(_sheets(known))
    for project, indicators in sheets:
        for row in indicators:
            target = "".join(str(row.words.get("target") or "").split())
            if target:
                yield from _formed(row, target, year)
                yield from _bounded(row, target, project)
            yield from _trained(row, target, project)
    yield from _limits(known, [sheet for sheet in sheets if sheet[0].words])


def _sheets(known: Known) -> Iterator[Sheet]:
    """Each project with the indicators that follow it; indicators without a project stand by themselves."""
    open_sheet: Sheet | None = None
    for statement in known.book.statements:
        if statement.table == "project":
            for row in statement.rows:
                if open_sheet:
                    yield open_sheet
                open_sheet = (row, [])
        elif statement.table == "performance_indicator":
            open_sheet = open_sheet or (Row({}, {}, statement.page), [])
            open_sheet[1].extend(statement.rows)
    if open_sheet:
        yield open_sheet


def _called(row: Row) -> str:
    return str(row.words.get("level3") or row.words.get("level2") or "")


def _formed(row: Row, target: str, year: int | None) -> Iterator[Outcome]:
    """One value with its unit, due within the year."""
    where = _called(row)
    yield _told("indicator.value", bool(_RUN_ON.search(target)), row, target,
        f"指标“{where}”的指标值“{target}”格式有误，疑为两个指标值相连或缺少单位。",
        f"The value “{target}” of the indicator “{where}” is malformed: two values run together, or a unit missing.")  # fmt: skip
    late = next((m for m in _DEADLINE.finditer(target) if year and int(m["year"]) < year), None)
    if late or _DEADLINE.search(target):
        yield _told("indicator.deadline", bool(late), row, target,
            f"指标“{where}”要求“{target}”，早于预算年度{year}年。",
            f"The indicator “{where}” is due “{target}”, before the budget year {year}.")  # fmt: skip


def _bounded(row: Row, target: str, project: Row) -> Iterator[Outcome]:
    """A share is no more than all, a cost no more than the project's budget."""
    where, rate = _called(row), _RATE.match(target)
    if rate and _SHARE.search("".join(where.split())):
        yield _told("indicator.share", Decimal(rate["rate"]) > 100, row, target,
            f"指标“{where}”的指标值“{target}”超过100%。",
            f"The value “{target}” of the indicator “{where}” is more than 100%.")  # fmt: skip
    budget, money = project.value("budget"), _MONEY.search(target)
    if budget and money and _COST_LEVEL.search(f"{row.words.get('level1')}{row.words.get('level2')}"):
        cost = Decimal(money["amount"]) * UNITS[money["unit"]]
        slack = project.amounts["budget"].step / 2
        yield _told("indicator.cost", cost > budget + slack, row, target,
            f"成本指标“{where}”为“{target}”，大于该项目预算数{wan(budget)}。",
            f"The cost “{target}” of the indicator “{where}” is more than the budget of its project, {wan(budget)}.",
            budget, cost)  # fmt: skip


def _trained(row: Row, target: str, project: Row) -> Iterator[Outcome]:
    """People to be trained, against what the project has to spend on each of them."""
    rule, budget = "indicator.training", project.value("budget")
    if not budget:
        return
    texts = ["".join(str(row.words.get(name) or "").split()) for name in ("level3", "description")]
    said = next((match for text in (*texts, target) if (match := _TRAINED.search(text))), None)
    if said is None and any("培训" in text and "人" in text for text in texts):
        said = _PEOPLE.search(target)
    if said is None:
        return
    people = Decimal(said["count"]) * (_TEN_THOUSAND if said["unit"] else 1)
    least = people * _DATA["training"]["yuan_each"]
    yield _told(rule, bool(people) and budget < least, row, said[0],
        f"指标“{_called(row)}”要求“{said[0]}”，而项目预算仅{wan(budget)}，平均每人{_each(budget, people)}元，请核对人数。",
        f"The indicator “{_called(row)}” asks for {people:f} people to be trained with {wan(budget)}, {_each(budget, people)} yuan each; check the number.",
        least, budget)  # fmt: skip


def _each(budget: Decimal, people: Decimal) -> str:
    return f"{budget / (people or 1):.2f}"


def _limits(known: Known, sheets: list[Sheet]) -> Iterator[Outcome]:
    """A limit of cost in words is no more than a project has that speaks of the same activity, or basic money could pay."""
    rule = "narrative.cost_limit"
    basic = known.cell("basic_expenditure.operating@total") or known.cell("basic_expenditure.total@codes:302")
    if not sheets or not _all_there(known, sheets):
        return
    for sentence in known.narrative.sentences:
        for match in _LIMIT.finditer(wide(sentence.text)):
            spoken = [words for words in _ACTIVITIES if words.search(sentence.text[: match.end()])]
            if not spoken:
                yield Outcome(rule, "not_run")
                continue
            able = [row for row, below in sheets if any(words.search(_words(row, below)) for words in spoken)]
            most = max((row.value("budget") or Decimal(0) for row in able), default=Decimal(0))
            limit = Decimal(match["amount"]) * UNITS["万元"]
            if limit <= max(most, basic.value if basic else Decimal(0)):
                yield Outcome(rule, "pass")
            else:
                yield _unpayable(known, sentence, match, able, most)


def _all_there(known: Known, sheets: list[Sheet]) -> bool:
    """Whether the sheets are those of all projects."""
    whole = known.cell("expenditure.project@total")
    made = sum((row.value("budget") or Decimal(0) for row, _ in sheets), Decimal(0))
    return whole is not None and abs(whole.value - made) <= whole.step * len(sheets)


def _words(project: Row, indicators: list[Row]) -> str:
    """All that a sheet says of what its project is for."""
    return " ".join(str(row.words.get(name) or "") for row in (project, *indicators) for name in _SPOKEN)


def _unpayable(
    known: Known, sentence: Sentence, match: re.Match[str], able: list[Row], most: Decimal
) -> Outcome:
    page, box = sentence.place(*match.span())
    zh = f"可列支的项目预算最多为{wan(most)}" if able else "各项目绩效目标表中没有与之对应的项目"
    en = f"no project that could pay it has more than {wan(most)}" if able else "no project speaks of it"
    limit = Decimal(match["amount"]) * UNITS["万元"]
    return Outcome("narrative.cost_limit", "fail", finding=Finding(
        "narrative.cost_limit", "warning", known.narrative.sections[sentence.section].heading,
        f"绩效目标称“{match[0]}”，而{zh}，请核对。", f"The goals allow {match['amount']}万元, but {en}.",
        expected=most, actual=limit, difference=limit - most, quote=sentence.text.strip(), page=page, box=box,
    ))  # fmt: skip


def _told(
    rule: str, bad: bool, row: Row, quote: str, zh: str, en: str,
    expected: Decimal | None = None, actual: Decimal | None = None,
) -> Outcome:  # fmt: skip
    if not bad:
        return Outcome(rule, "pass")
    difference = actual - expected if actual is not None and expected is not None else None
    return Outcome(rule, "fail", finding=Finding(
        rule, "warning", _called(row), zh, en, expected=expected, actual=actual, difference=difference,
        quote=quote, page=row.page,
    ))  # fmt: skip
