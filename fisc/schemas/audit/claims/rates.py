"""Growth, completion, shares and rates of counts, recomputed from the figures beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from fisc.schemas.audit.claims.arithmetic import HUNDRED, Span, Verdict, found, judge, percent, wan
from fisc.schemas.audit.claims.known import SHARE_OF, Known
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.narrative import Claim, Figure

DIRECTIONS = {"up": ("增长", "growth"), "down": ("下降", "fall")}


def growth(claim: Claim, known: Known) -> Outcome:
    """增长P% = change / (this year − change), or this year / last year − 1."""
    rule = "narrative.growth"
    stated, words = claim.stated, claim.words
    if stated is None:
        return Outcome(rule, "not_run")
    if words["change_up"] and words["up"] and words["change_up"] != words["up"]:
        return _crossed(claim, stated)
    readings = list(_growth_readings(claim, known))
    if not readings:
        return Outcome(rule, "not_run")
    verdicts = []
    for at, (top, base, told) in enumerate(readings):
        if at == 0 and base.middle == 0 and top.middle > 0:
            return _zero_base(claim, stated, rule) if claim.sure else Outcome(rule, "not_run")
        if at == 0 and base.low <= 0 < base.middle:
            return Outcome(rule, "not_run")
        if base.low <= 0:
            continue
        verdicts.append((judge(stated, top.over(base)), told))
    return _judged(claim, stated, rule, verdicts, DIRECTIONS.get(words["up"], ("增长", "growth")))


def _growth_readings(claim: Claim, known: Known) -> Iterator[tuple[Span, Span, str]]:
    """What the rate may be taken of: pairs of change and base, and the sum written out."""
    operands = claim.operands
    change, this, last = (operands.get(key) for key in ("change", "this", "last"))
    down = claim.words["up"] == "down"
    if change is not None:
        levels = [*([this, *claim.parts] if this is not None else ()), *known.levels(change.name)]
        for level in levels:
            base = Span.of(level) + Span.of(change) if down else Span.of(level) - Span.of(change)
            yield (
                Span.of(change),
                base,
                f"{change.printed}÷（{level.printed}{'＋' if down else '－'}{change.printed}）",
            )
    for now in (this, operands.get("first")):
        if last is not None and now is not None:
            gap = Span.of(last) - Span.of(now) if down else Span.of(now) - Span.of(last)
            more, less = (last.printed, now.printed) if down else (now.printed, last.printed)
            yield gap, Span.of(last), f"（{more}－{less}）÷{last.printed}"


def _crossed(claim: Claim, stated: Figure) -> Outcome:
    change = claim.operands["change"]
    up, down = ("增加", "下降") if claim.words["change_up"] == "up" else ("减少", "增长")
    return found(
        claim, "narrative.direction", "error",
        f"“{up}{change.printed}”与“{down}{stated.printed}”方向相反，请核对。",
        f"The amount is said to go {claim.words['change_up']} by {change.printed} and the rate beside it to go {claim.words['up']} by {stated.printed}.",
        actual=stated.value,
    )  # fmt: skip


def _zero_base(claim: Claim, stated: Figure, rule: str) -> Outcome:
    """A rate of a base of nothing: a rise that is called 0% is wrong, any other rate means nothing."""
    severity = "error" if stated.value == 0 else "warning"
    return found(
        claim, rule, severity,
        f"基数为零，不存在增减率，不应写作“{stated.printed}”。",
        f"The base is zero, so there is no rate; {stated.printed} cannot be right.",
        actual=stated.value,
    )  # fmt: skip


def _judged(
    claim: Claim, stated: Figure, rule: str, verdicts: list[tuple[Verdict, str]], names: tuple[str, str]
) -> Outcome:
    """The best of the verdicts that the readings of a claim give."""
    if not verdicts:
        return Outcome(rule, "not_run")
    order = ("right", "cut", "wrong")
    verdict, told = min(verdicts, key=lambda pair: order.index(pair[0].kind))
    if verdict.kind == "right":
        return Outcome(rule, "pass")
    if not claim.sure:
        return Outcome(rule, "not_run")
    zh, en = names
    if verdict.kind == "cut":
        return found(
            claim, rule, "info",
            f"“{zh}{stated.printed}”未四舍五入，按文中数字应为{percent(verdict.expected)}。",
            f"The {en} of {stated.printed} is cut instead of rounded; {percent(verdict.expected)} is meant.",
            expected=verdict.expected, actual=stated.value, tolerance=verdict.tolerance,
        )  # fmt: skip
    return found(
        claim, rule, "error",
        f"文中称{zh}{stated.printed}，按{'文中与表中' if '表“' in told else '文中'}数字{told}＝{percent(verdict.expected)}，请核对。",
        f"The text says a {en} of {stated.printed}, but {'its figures and those of the tables' if '表“' in told else 'its own figures'} make {percent(verdict.expected)}.",
        expected=verdict.expected, actual=stated.value, tolerance=verdict.tolerance,
    )  # fmt: skip


def completion(claim: Claim, known: Known) -> Outcome:
    """完成预算的P% = final / budget, the budget said or following from the difference."""
    rule = "narrative.completion"
    stated = claim.stated
    this = claim.operands.get("this")
    if stated is None or this is None:
        return Outcome(rule, "not_run")
    verdicts, none_at_all = [], False
    for budget, told in _budgets(claim, this, known):
        if budget.low <= 0:
            nothing = budget.high <= 0 or (budget.holds(Decimal(0)) and this.value == 0)
            if nothing or stated.value + stated.step < Span.of(this).low / budget.high * HUNDRED:
                none_at_all = True
            continue
        verdicts.append((judge(stated, Span.of(this).over(budget)), told))
    if none_at_all and not verdicts:
        return _no_budget(claim, stated, rule)
    return _judged(claim, stated, rule, verdicts, ("完成预算", "completion of the budget"))


def change(claim: Claim) -> Outcome:
    """A change is the difference of the two levels; nothing can have grown by more than it is now."""
    rule = "narrative.change"
    stated, this, base = claim.stated, claim.operands.get("this"), claim.operands.get("base")
    if stated is None or this is None or _unit(this) != _unit(stated):
        return Outcome(rule, "not_run")
    signed = -stated.value if claim.words["up"] == "down" else stated.value
    slack = sum((figure.step for figure in (stated, this, base) if figure), Decimal(0)) / 2
    if base is not None:
        bases = [base, *([claim.operands["other_base"]] if "other_base" in claim.operands else [])]
        if any(abs(this.value - one.value - signed) <= slack for one in bases):
            return Outcome(rule, "pass")
        return found(
            claim, rule, "error",
            f"文中称变动{stated.printed}，而{this.printed}与{base.printed}相差{wan(this.value - base.value)}。",
            f"The change is given as {stated.printed}, but {this.printed} and {base.printed} differ by {wan(this.value - base.value)}.",
            expected=this.value - base.value, actual=signed, tolerance=slack,
        )  # fmt: skip
    if signed <= max(figure.value for figure in (this, *claim.parts)) + slack:
        return Outcome(rule, "pass")
    return found(
        claim, rule, "error",
        f"文中称增加{stated.printed}，而本年数仅为{this.printed}，上年数将为负数，请核对金额或增减方向。",
        f"The figure is said to have grown by {stated.printed} and is only {this.printed}, so that it would have been negative before.",
        expected=this.value, actual=signed, tolerance=slack,
    )  # fmt: skip


def _unit(figure: Figure) -> str:
    """The unit as printed; figures in two units are told by the check of units."""
    return figure.printed.removeprefix(figure.text).strip()


def _budgets(claim: Claim, this: Figure, known: Known) -> Iterator[tuple[Span, str]]:
    budget, change = claim.operands.get("budget"), claim.operands.get("change")
    for said in (budget, claim.operands.get("other_budget")):
        if said is not None:
            yield Span.of(said), f"{this.printed}÷{said.printed}"
    if change is not None:
        down = claim.words["change_up"] == "down"
        base = Span.of(this) + Span.of(change) if down else Span.of(this) - Span.of(change)
        yield base, f"{this.printed}÷（{this.printed}{'＋' if down else '－'}{change.printed}）"
    if budget is None and change is None:
        for printed in known.budgets(claim.words["name"]):
            yield Span.of(printed), f"{this.printed}÷{printed.printed}"


def _no_budget(claim: Claim, stated: Figure, rule: str) -> Outcome:
    return found(
        claim, rule, "warning",
        f"预算为零或未安排，不存在完成率，不应写作“{stated.printed}”。",
        f"There is no budget, so there is no rate of completion; {stated.printed} means nothing.",
        actual=stated.value,
    )  # fmt: skip


def share(claim: Claim, known: Known) -> Outcome:
    """占P% = part / whole; shares set so that they make 100 together may be off by their last digit."""
    rule = "narrative.share"
    stated, part = claim.stated, claim.operands.get("part")
    if stated is None or part is None:
        return Outcome(rule, "not_run")
    wholes = [whole for whole in _wholes(claim, known) if whole.unit == part.unit]
    if not wholes:
        return _bounded(claim, stated, part, known)
    verdicts = []
    for whole in wholes:
        span = Span.of(whole)
        if span.low > 0:
            verdicts.append((judge(stated, Span.of(part).over(span)), f"{part.printed}÷{whole.printed}"))
        elif span.holds(Decimal(0)) and part.value == 0:
            return _nothing_of_nothing(claim, stated, rule)
    outcome = _judged(claim, stated, rule, verdicts, ("占", "share"))
    if outcome.finding and outcome.finding.severity == "error":
        return _eased(claim, stated, outcome, known)
    return outcome


def _bounded(claim: Claim, stated: Figure, part: Figure, known: Known) -> Outcome:
    """The share of a whole that is not said, but by a figure that contains it or that it contains."""
    rule, name = "narrative.share", claim.words["whole_name"]
    for which, sign in (("larger", 1), ("smaller", -1)):
        for whole in known.around(name, which):
            span = Span.of(whole)
            if whole.unit != part.unit or span.low <= 0:
                continue
            verdict = judge(stated, Span.of(part).over(span))
            wrong = verdict.kind == "wrong" and (verdict.expected - stated.value) * sign > 0
            if wrong or verdict.kind != "wrong":
                told = f"{part.printed}÷{whole.printed}"
                return _judged(claim, stated, rule, [(verdict, told)], ("占", "share"))
    return Outcome(rule, "not_run")


def _wholes(claim: Claim, known: Known) -> Iterator[Figure]:
    whole = claim.operands.get("whole")
    if whole is not None:
        yield whole
    elif claim.words["whole_name"]:
        yield from known.levels(claim.words["whole_name"])


def _eased(claim: Claim, stated: Figure, outcome: Outcome, known: Known) -> Outcome:
    """An error is one only where the whole is certain; a last digit set to make 100 is none."""
    finding = outcome.finding
    if finding is None or finding.expected is None:
        return outcome
    total = sum((figure.value for figure in claim.parts), Decimal(0))
    slack = sum((figure.step for figure in claim.parts), Decimal(0))
    rule = outcome.rule
    if len(claim.parts) > 1 and total == HUNDRED and abs(stated.value - finding.expected) <= stated.step:
        return found(
            claim, rule, "info",
            f"“占{stated.printed}”按文中数字应为{percent(finding.expected)}，系为各项合计100%所作调整。",
            f"The share of {stated.printed} should be {percent(finding.expected)}; it is set so that the shares make 100.",
            expected=finding.expected, actual=stated.value, tolerance=finding.tolerance,
        )  # fmt: skip
    listed = len(claim.parts) > 1 and abs(total - HUNDRED) <= max(slack, Decimal("0.5"))
    if claim.words["whole"] or claim.words["listed"] or listed:
        return outcome
    return _of_the_usual(claim, stated, known)


def _of_the_usual(claim: Claim, stated: Figure, known: Known) -> Outcome:
    """A share that does not say of what: a doubt where it is that of none of the usual wholes."""
    rule, part = "narrative.share", claim.operands["part"]
    names = SHARE_OF.get(claim.words["part_name"], [])
    wholes = [whole for name in names for whole in known.levels(name) if Span.of(whole).low > 0]
    verdicts = [
        (judge(stated, Span.of(part).over(Span.of(whole))), f"{part.printed}÷{whole.printed}")
        for whole in wholes
    ]
    outcome = _judged(claim, stated, rule, verdicts, ("占", "share"))
    if outcome.finding and outcome.finding.severity == "error":
        return replace(outcome, finding=replace(outcome.finding, severity="warning"))
    return outcome


def _nothing_of_nothing(claim: Claim, stated: Figure, rule: str) -> Outcome:
    return found(
        claim, rule, "info",
        f"总额与分项均为零，不存在占比“{stated.printed}”。",
        f"Nothing of nothing has no share; {stated.printed} means nothing.",
        actual=stated.value,
    )  # fmt: skip


def rate(claim: Claim) -> Iterable[Outcome]:
    """评优率 = projects graded 优 (and 良) / all graded projects."""
    rule = "narrative.rate"
    stated, operands = claim.stated, claim.operands
    grades = [operands[key] for key in ("excellent", "good", "fair", "poor") if key in operands]
    if stated is None or "excellent" not in operands or not (len(grades) >= 2 or "total" in operands):
        return [Outcome(rule, "not_run")]
    counted = sum((grade.value for grade in grades), Decimal(0))
    totals = {counted} | ({operands["total"].value} if "total" in operands and len(grades) < 4 else set())
    won = operands["excellent"].value
    if claim.words["which"] == "good" and "good" in operands:
        won += operands["good"].value
    rates = [(won / total * HUNDRED, total) for total in sorted(totals) if total >= max(won, Decimal(1))]
    verdicts = [(judge(stated, Span.at(exact)), f"{won:f}÷{total:f}") for exact, total in rates]
    return [_judged(claim, stated, rule, verdicts, ("评优率", "rate of projects graded excellent"))]
