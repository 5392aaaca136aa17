"""Slips in the text: amounts, rates, units, years, names, words of direction and what the template left."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from random import Random

from samples.city.catalogue import departments, function_names
from samples.disclosure import Disclosure, Slip
from samples.layout import Layout
from samples.slipping.draws import Make, felt, one_of, other_digit
from samples.telling.narrative import sentences

AMOUNT = r"\d+\.\d{2}"
NONZERO = rf"(?<![\d.])(?!0\.00){AMOUNT}"


def _unique(paragraph: str, start: int, stop: int) -> int:
    """Where to begin so that the quote up to ``stop`` stands in the paragraph once."""
    while start > 0 and paragraph.count(paragraph[start:stop]) > 1:
        start -= 1
    return start


def in_text(
    pattern: str, change: Callable[[Random, re.Match[str], Disclosure], str | None], within: str = ""
) -> Make:
    """A slip in what a pattern finds (in paragraphs that hold ``within``); YEAR and DEPARTMENT are put in.

    ``change`` says what stands there then, None where no slip there could be told.
    """

    def make(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
        filled = pattern.replace("YEAR", str(disclosure.year)).replace(
            "DEPARTMENT", re.escape(disclosure.name)
        )
        found = [
            (sentence, match, wrong)
            for sentence in sentences(disclosure, layout)
            if within in sentence.text
            for match in re.finditer(filled, sentence.text)
            if (wrong := change(draw, match, disclosure)) is not None
        ]
        sentence, match, wrong = one_of(found, draw, kind)
        text = sentence.text
        start = _unique(text, match.start(), match.end())
        right = text[start : match.end()]
        return Slip(kind, sentence.heading, right, text[start : match.start()] + wrong, paragraph=text)

    return make


def _instead(match: re.Match[str], text: str) -> str:
    """What was found with another text in the place of its first group."""
    start, stop = match.start(1) - match.start(), match.end(1) - match.start()
    return match[0][:start] + text + match[0][stop:]


def new_number(draw: Random, match: re.Match[str], _: Disclosure) -> str:
    """Another number."""
    return _instead(match, other_digit(draw, match[1]))


def felt_rate(draw: Random, match: re.Match[str], _: Disclosure) -> str | None:
    """Another rate, farther off than the rounding of the two amounts before it can hide."""
    said = [Decimal(number) for number in re.findall(AMOUNT, match.string[: match.start()])[-2:]]
    wrong = felt(draw, match[1], said)
    return _instead(match, wrong) if wrong else None


def felt_change(draw: Random, match: re.Match[str], _: Disclosure) -> str | None:
    """Another amount of change, so far off that the rate beside it is another one."""
    wrong = felt(draw, match[1], [Decimal(match[2])])
    return _instead(match, wrong) if wrong else None


def one_more(_: Random, match: re.Match[str], __: Disclosure) -> str:
    """One more."""
    return _instead(match, str(int(match[1]) + 1))


def over_full(_: Random, match: re.Match[str], __: Disclosure) -> str:
    """A score of more than all points."""
    return _instead(match, f"1{match[1]}")


def other_grade(draw: Random, match: re.Match[str], _: Disclosure) -> str:
    """A grade that is not that of the score."""
    return _instead(match, draw.choice([grade for grade in "优良中差" if grade != match[1]]))


def without_ten_thousand(_: Random, match: re.Match[str], __: Disclosure) -> str:
    """元 for 万元."""
    return match[0].replace("万元", "元")


def turned(_: Random, match: re.Match[str], __: Disclosure) -> str:
    """减少 for 增加, or the other way round."""
    return ("减少" if match[0].startswith("增加") else "增加") + match[0][2:]


def flat(_: Random, match: re.Match[str], __: Disclosure) -> str | None:
    """持平 for the amount of a change whose rate is printed behind it."""
    return _instead(match, "持平") if Decimal(match[2]) else None


def from_nothing(draw: Random, match: re.Match[str], _: Disclosure) -> str:
    """A rise by the whole amount, with a rate."""
    rate = draw.choice(("0.00", "100.00"))
    return f"{match[0][: match.start(2) - match.start()]}增加{match[1]}万元，增长{rate}%"


def no_class(draw: Random, match: re.Match[str], disclosure: Disclosure) -> str:
    """The name of a class that the department spends nothing on."""
    own = {code[:3] for code in disclosure.codes()}
    names = [name for code, name in function_names().items() if len(code) == 3 and code not in own]
    return _instead(match, draw.choice(names).removesuffix("支出"))


def next_year(draw: Random, match: re.Match[str], disclosure: Disclosure) -> str:
    """The year before or after."""
    return match[0].replace(str(disclosure.year), str(disclosure.year + draw.choice((-1, 1))))


def somebody_else(draw: Random, _: re.Match[str], disclosure: Disclosure) -> str:
    """Another department of the city."""
    others = [d.name for d in departments() if d.name != disclosure.department.name]
    return disclosure.place.name + draw.choice(others)


def left_open(_: Random, __: re.Match[str], ___: Disclosure) -> str:
    """What the template left."""
    return "XX局"
