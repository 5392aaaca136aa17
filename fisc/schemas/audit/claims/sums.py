"""Wholes against the parts that the text names, and words of comparison against the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from fisc.schemas.audit.claims.arithmetic import HALF, found, wan
from fisc.schemas.audit.claims.known import Cell, Known
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.narrative import Claim, Figure

LISTS = frozenset({"sum.list", "sum.items", "sum.classes"})
NEARLY = Decimal("0.01")
"""基本持平 allows this part of the budget."""
ALMOST = re.compile("基本")


def total(claim: Claim, known: Known) -> Iterator[Outcome]:
    """A whole equals the (signed) sum of its parts within the rounding of each."""
    rule = f"narrative.{claim.words['rule']}"
    whole = claim.stated
    if whole is None:
        yield Outcome(rule, "not_run")
        return
    parts = list(claim.parts)
    signs = [-1 if sign == "-" else 1 for sign in claim.words["signs"]]
    expected = sum((sign * part.value for sign, part in zip(signs, parts, strict=True)), Decimal(0))
    actual = whole.value * (-1 if claim.words["sign"] == "-" else 1)
    tolerance = (
        sum((figure.step * HALF for figure in (whole, *parts)), Decimal(0))
        if whole.unit == "CNY"
        else Decimal(0)
    )
    unsaid = known.unsaid(claim)
    earlier = [figure.value for key, figure in claim.operands.items() if key.startswith("whole ")]
    within = sum(
        (
            part.value
            for part, mark in zip(parts, claim.words.get("optional", ""), strict=False)
            if mark == "?"
        ),
        Decimal(0),
    )
    if any(
        abs(value - made) <= tolerance
        for value in (actual, *earlier)
        for made in (expected, expected - within)
    ) or (unsaid and _made_up(actual - expected, unsaid, tolerance)):
        yield Outcome(rule, "pass")
    elif severity := _severity(claim, known, actual, expected, unsaid):
        yield _differs(claim, rule, severity, whole, actual, expected, tolerance)
    else:
        yield Outcome(rule, "not_run")
    closing = claim.operands.get("closing")
    if closing is not None and abs(closing.value - whole.value) > (closing.step + whole.step) * HALF:
        yield found(
            claim, rule, "error",
            f"前称{whole.printed}，后称合计{closing.printed}，两者不一致。",
            f"The text says {whole.printed} first and {closing.printed} as the total of its parts.",
            expected=closing.value, actual=whole.value, tolerance=(closing.step + whole.step) * HALF,
        )  # fmt: skip


def _made_up(gap: Decimal, unsaid: Sequence[Cell], tolerance: Decimal) -> bool:
    """Whether what is missing is what the tables print for parts that the text leaves out, all or some of them."""
    slack = tolerance + sum((cell.step * HALF for cell in unsaid), Decimal(0))
    some = (chosen for n in range(1, len(unsaid) + 1) for chosen in combinations(unsaid, n))
    return any(abs(gap - sum((cell.value for cell in chosen), Decimal(0))) <= slack for chosen in some)


def _severity(
    claim: Claim, known: Known, actual: Decimal, expected: Decimal, unsaid: Sequence[Cell]
) -> str | None:
    """How sure it is that the parts are all there; None where they need not be."""
    rule = claim.words["rule"]
    over = expected > actual
    if rule in LISTS:
        complete = known.all_listed(claim)
        if complete is None and rule == "sum.list":
            complete = claim.sure or None
        if complete is None:
            complete = claim.sure if rule == "sum.classes" else None
        return "error" if complete else ("warning" if over else None)
    if claim.words.get("change"):
        return None if unsaid or not claim.sure else ("error" if known.has_tables else "warning")
    if unsaid or (not known.has_tables and not over and claim.words.get("unsaid")):
        return "error" if over and not unsaid else ("warning" if claim.sure else None)
    return "error" if claim.sure else ("warning" if over and "-" not in claim.words["signs"] else None)


def _differs(
    claim: Claim,
    rule: str,
    severity: str,
    whole: Figure,
    actual: Decimal,
    expected: Decimal,
    tolerance: Decimal,
) -> Outcome:
    money = whole.unit == "CNY"
    shown = " ".join(
        f"{sign}{figure.printed}" for sign, figure in zip(claim.words["signs"], claim.parts, strict=True)
    ).removeprefix("+")
    made = wan(expected) if money else f"{expected:f}"
    gap = wan(actual - expected) if money else f"{actual - expected:f}"
    return found(
        claim, rule, severity,
        f"文中总数为{whole.printed}，而{claim.words['label']}{shown}＝{made}，相差{gap}。",
        f"The text says {whole.printed}, but the parts it names make {made}; they differ by {gap}.",
        expected=expected, actual=actual, tolerance=tolerance,
    )  # fmt: skip


def direction(claim: Claim) -> Outcome:
    """决算数大于、小于、等于预算数 agrees with the two figures."""
    rule = "narrative.direction"
    this, that = claim.operands["this"], claim.operands["that"]
    relation, said = claim.words["relation"], claim.words["said"]
    gap, slack = this.value - that.value, (this.step + that.step) * HALF
    if relation == "equal":
        right = abs(gap) <= slack or (
            ALMOST.search(said) and abs(gap) <= NEARLY * max(that.value, this.value)
        )
    else:
        right = gap > 0 if relation == "larger" else gap < 0
    if right:
        return Outcome(rule, "pass")
    opposed = (
        gap * (1 if relation == "smaller" else -1) > slack if relation != "equal" else not ALMOST.search(said)
    )
    severity = "error" if opposed and claim.sure else "warning"
    return found(
        claim, rule, severity,
        f"文中称“{said}”，而决算为{this.printed}、预算为{that.printed}。",
        f"The text compares the two as “{said}”, but the final figure is {this.printed} and the budget {that.printed}.",
        expected=that.value, actual=this.value, tolerance=slack,
    )  # fmt: skip


def restated(claim: Claim) -> Outcome:
    """The same line's figure, said twice in one paragraph, is the same."""
    rule = "narrative.restated"
    again, first = claim.stated, claim.operands["first"]
    if again is None:
        return Outcome(rule, "not_run")
    slack = (again.step + first.step) * HALF
    if abs(again.value - first.value) <= slack:
        return Outcome(rule, "pass")
    return found(
        claim, rule, "error",
        f"同一项目“{claim.words['line']}”前称{first.printed}，后称{again.printed}，前后不一致。",
        f"The same line is given as {first.printed} first and as {again.printed} later in the paragraph.",
        expected=first.value, actual=again.value, tolerance=slack,
    )  # fmt: skip
