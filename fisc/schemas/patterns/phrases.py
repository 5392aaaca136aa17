"""The small language of phrases: [x|y] may be left out or be one of x, y; (x|y) is one of x, y."""

from __future__ import annotations

from functools import cache
from itertools import product


def expanded(phrase: str) -> list[str]:
    """Every wording that a phrase stands for."""
    parts: list[tuple[str, ...]] = []
    rest = phrase
    while rest:
        opening = min((i for i in (rest.find("["), rest.find("(")) if i >= 0), default=-1)
        if opening < 0:
            parts.append((rest,))
            break
        closing = rest.index("]" if rest[opening] == "[" else ")", opening)
        choices = tuple(rest[opening + 1 : closing].split("|"))
        parts += [(rest[:opening],), ("", *choices) if rest[opening] == "[" else choices]
        rest = rest[closing + 1 :]
    return ["".join(words) for words in product(*parts)]


@cache
def alternatives(words: tuple[str, ...]) -> str:
    """A regular expression for one of some words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"
