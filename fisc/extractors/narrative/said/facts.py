"""Mentions as figures with their place, and facts as they are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.extractors.narrative.said.mention import Mention
from fisc.extractors.narrative.said.terms import CHANGED
from fisc.schemas.narrative import Fact, Figure, Section, Sentence

_PERIODS = {
    "level": "this_year", "final": "this_year", "count": "this_year", "rate": "this_year",
    "budget": "budget", "last_year": "last_year", "change": "change", "growth": "growth",
    "share": "share", "completion": "completion",
}  # fmt: skip
CENT = Decimal("0.01")
ENOUGH = 8
"""So many amounts with two decimals show whether a document drops zeros at the end."""


@dataclass(frozen=True, slots=True)
class Text:
    """The sentences and sections that figures stand in.

    ``finest`` is the step of amounts that dropped their zeros, ``usual`` that of most amounts: a zero is meant as finely.
    """

    sentences: Sequence[Sentence]
    sections: Sequence[Section]
    finest: Decimal | None = None
    usual: Decimal | None = None

    def figure(self, mention: Mention) -> Figure:
        """A mention as a figure with its place."""
        number = mention.number
        page, box = self.sentences[mention.sentence].place(number.start, number.close)
        unit = "CNY" if number.role == "money" else number.unit
        printed = self.sentences[mention.sentence].text[number.start : number.close]
        name = mention.name or mention.label
        return Figure(number.text, number.value, self.step(mention), unit, page, box, name, printed)

    def step(self, mention: Mention) -> Decimal:
        """One unit of the last digit meant: that of the finest amount, where zeros at the end are not printed."""
        number = mention.number
        if number.role == "money" and self.finest and number.step > self.finest:
            return self.finest
        if number.role == "money" and self.usual and not number.value:
            return min(number.step, self.usual)
        return number.step

    def section_of(self, mention: Mention) -> int:
        return self.sentences[mention.sentence].section

    def heading(self, mention: Mention) -> str:
        """The heading of the section that a mention stands in."""
        return self.sections[self.section_of(mention)].heading

    def quote(self, mention: Mention) -> str:
        """The sentence that a mention stands in."""
        return self.sentences[mention.sentence].text.strip()

    def fact(self, mention: Mention) -> Fact:
        """A mention as it is published."""
        figure = self.figure(mention)
        name = mention.name or ("other.amount" if mention.number.role == "money" else "other.rate")
        if mention.kind == "change":
            name = CHANGED.get(name, name)
        return Fact(
            name=name, value=-figure.value if mention.up is False else figure.value, unit=figure.unit, period=_PERIODS[mention.kind],
            quote=self.quote(mention), section=self.heading(mention), page=figure.page, box=figure.box,
            step=figure.step, text=figure.text, printed_unit=mention.number.unit, path=mention.path,
            codes=mention.codes, sure=_is_sure(mention),
            section_at=self.section_of(mention), label=mention.label, base=mention.base if mention.kind == "change" else "",
        )  # fmt: skip


def _is_sure(mention: Mention) -> bool:
    """Whether the name is surely the figure's; a minus before a level may be the dash between the two."""
    named = mention.own or bool(mention.path)
    return mention.sure and named and not mention.reason and mention.number.value >= 0


def usual_step(mentions: Iterable[Mention]) -> Decimal | None:
    """The step of most amounts of a text, zeros left out; None where it has none."""
    steps = Counter(m.number.step for m in mentions if m.number.role == "money" and m.number.value)
    return min((step for step, count in steps.items() if count == max(steps.values())), default=None)


def finest_step(mentions: Iterable[Mention]) -> Decimal | None:
    """The step of amounts in a text that never prints a zero behind the point; None where zeros are printed."""
    said = [m.number for m in mentions if m.number.role == "money" and m.number.value]
    fine = [number for number in said if "." in number.text and len(number.text.rpartition(".")[2]) == 2]
    if len(fine) < ENOUGH or any("." in number.text and number.text.endswith("0") for number in said):
        return None
    return min(number.step for number in fine)
