"""Watermarks: text printed across a page, under or over what the page says. It is none of the page's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

SLANT = 0.98
"""A line whose direction has no part larger than this runs across the page, at more than 11 degrees."""
LARGE = 2.2
"""Text this many times as high as most of the page, with other text upon it, is no heading."""
FEWEST_UPON = 2

RawWord = tuple[Any, ...]
"""x0, y0, x1, y1, text, block, line and number of a word, as MuPDF gives them."""


def without_watermarks(
    raw: Sequence[RawWord], blocks: Iterable[Mapping[str, Any]]
) -> tuple[Sequence[RawWord], tuple[str, ...]]:
    """The words of a page without those that run aslant, and without large ones that lie under others; and the
    different lines that were left out.

    ``blocks`` are those of the same text page's dictionary.
    """
    aslant = {
        (block["number"], number)
        for block in blocks
        for number, line in enumerate(block.get("lines", ()))
        if max(map(abs, line["dir"])) < SLANT
    }
    level = [word for word in raw if (word[5], word[6]) not in aslant] if aslant else raw
    under = {word[:5] for word in _large(level) if _lies_under(word, level)}
    kept = [word for word in level if word[:5] not in under] if under else level
    return kept, _lines(
        word for word in raw if (word[5], word[6]) in aslant or word[:5] in under
    ) if aslant or under else ()


def _lines(words: Iterable[RawWord]) -> tuple[str, ...]:
    """The texts of the lines that words stand in, each once."""
    lines: dict[tuple[int, int], str] = {}
    for word in words:
        lines[word[5], word[6]] = f"{lines.get((word[5], word[6]), '')} {word[4]}".strip()
    return tuple(dict.fromkeys(lines.values()))


def _large(words: Sequence[RawWord]) -> list[RawWord]:
    """Words much higher than most."""
    if not words:
        return []
    usual = median(word[3] - word[1] for word in words)
    return [word for word in words if min(word[3] - word[1], word[2] - word[0]) > LARGE * usual]


def _lies_under(word: RawWord, words: Sequence[RawWord]) -> bool:
    """Whether the middles of other words stand in a word's box."""
    x0, y0, x1, y1 = word[:4]
    upon = (
        other
        for other in words
        if other is not word
        and other[3] - other[1] < (y1 - y0) / 1.5
        and x0 < (other[0] + other[2]) / 2 < x1
        and y0 < (other[1] + other[3]) / 2 < y1
    )
    return sum(1 for _ in upon) >= FEWEST_UPON
