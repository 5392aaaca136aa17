"""Which cells are proven, which refuted: what an identity that holds is worth for a figure read from a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from fisc.extractors.rereading import Place, candidates
from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.statement import Amount, Statement

_LIKELY = 1e-4
"""How likely, beside what was read, another reading of one or two cells is that an identity must tell apart."""
_MOST_ALTERNATIVES = 400
"""Identities whose cells may be read in more ways than this prove nothing."""

Proofs = dict[Place, str]


def proof_of(
    statements: Sequence[Statement], outcomes: Sequence[Outcome], poor_pages: Collection[int] = ()
) -> Proofs:
    """``refuted`` where an identity that fails holds the cell, else ``proven`` where identities that hold prove it.

    For a printed figure one is enough. A figure read from a picture is proven only by an identity that no other
    likely reading of one or two of its cells would pass as well (the same misreading of a total and its only part
    would), nor by its row alone where its table has a sum that fails, for a figure in the wrong column passes that,
    nor by an identity whose tolerance is half the figure or more, which holds whatever stands there. One with more
    decimals than its table prints is never proven: a mark behind it passes for its last digit. Nor is a zero that was
    repaired: a blank would add up as well.
    One that was repaired, or read from one of ``poor_pages``, needs two.
    """
    judge = _Judge(statements, outcomes, poor_pages)
    proofs: Proofs = {}
    for outcome in outcomes:
        for place in outcome.cells:
            if outcome.outcome == "fail":
                proofs[place] = "refuted"
            elif outcome.outcome == "pass" and place not in proofs and judge.proves(place):
                proofs[place] = "proven"
    return proofs


def weak_proofs(
    statements: Sequence[Statement], outcomes: Sequence[Outcome], proofs: Proofs
) -> Iterator[Finding]:
    """An info finding for each table with recognised figures whose identities hold and yet do not prove them."""
    held = {place for outcome in outcomes if outcome.outcome == "pass" for place in outcome.cells}
    weak: dict[int, int] = defaultdict(int)
    for index, row, column in held:
        if proofs.get((index, row, column)) is None:
            weak[index] += 1
    for index, count in sorted(weak.items()):
        statement = statements[index]
        yield Finding(
            "proof.weak",
            "info",
            statement.table,
            f"《{title_zh(statement.table)}》中{count}个由图像识别的金额虽与合计相符，但尚不足以证实，请核对原表。",
            f"{count} figures of the table were read from a picture and agree with its sums, but another likely "
            "reading would agree as well; they are not counted as proven.",
            page=statement.page,
        )  # fmt: skip


class _Judge:
    """Says whether the identities that hold prove a cell."""

    def __init__(
        self, statements: Sequence[Statement], outcomes: Sequence[Outcome], poor_pages: Collection[int]
    ) -> None:
        self._statements = statements
        self._poor = poor_pages
        self._others: dict[Place, list[tuple[Decimal, float]]] = {}
        self._shaken = {
            place[0] for outcome in outcomes if outcome.outcome == "fail" for place in outcome.cells
        }
        self._holding: dict[Place, list[Outcome]] = defaultdict(list)
        for outcome in outcomes:
            if outcome.outcome == "pass":
                for place in outcome.cells:
                    self._holding[place].append(outcome)

    def proves(self, place: Place) -> bool:
        amount = self._amount(place)
        if not amount.recognised:
            return True
        if amount.value and amount.step and amount.value % amount.step:
            return False
        if amount.method == "repaired" and not amount.value:
            return False
        needed = 2 if amount.method == "repaired" or amount.page in self._poor else 1
        proving = {frozenset(o.cells) for o in self._holding[place] if self._tells_apart(o, place)}
        return len(proving) >= needed

    def _amount(self, place: Place) -> Amount:
        index, row, column = place
        return self._statements[index].rows[row].amounts[column]

    def _tells_apart(self, outcome: Outcome, place: Place) -> bool:
        """Whether an identity that holds would fail if the cell were another one that is likely."""
        if not outcome.signs:
            return True
        if place[0] in self._shaken and len({cell[:2] for cell in outcome.cells}) == 1:
            return False
        if 0 < abs(self._amount(place).value or Decimal(0)) <= 2 * outcome.tolerance:
            return False
        amounts = [(cell, sign) for cell, sign in zip(outcome.cells, outcome.signs, strict=True)]
        off = sum((sign * (self._amount(c).value or Decimal(0)) for c, sign in amounts), Decimal(0))
        own = [(d * s, p) for c, s in amounts if c == place for d, p in self._alternatives(c)]
        rest = [(d * s, p) for c, s in amounts if c != place for d, p in self._alternatives(c)]
        if len(own) * len(rest) > _MOST_ALTERNATIVES:
            return False
        return not any(
            abs(off + change + other) <= outcome.tolerance and likely * also >= _LIKELY
            for change, likely in own
            for other, also in [(Decimal(0), 1.0), *rest]
        )

    def _alternatives(self, place: Place) -> list[tuple[Decimal, float]]:
        """By how much other readings of a cell differ, and how likely they are beside the one taken."""
        if place not in self._others:
            amount = self._amount(place)
            found = list(candidates(amount, self._statements[place[0]]))
            taken = max((c.score for c in found if c.value == amount.value), default=1.0) or 1.0
            self._others[place] = [
                ((c.value or Decimal(0)) - (amount.value or Decimal(0)), min(1.0, c.score / taken))
                for c in found
                if c.value != amount.value and c.score / taken >= _LIKELY
            ]
        return self._others[place]
