"""Ordinals before headings and items: 第一部分, 一、, （一）, 1., （1）, ①."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from fisc.schemas.patterns import patterns

_STYLES = tuple(
    (entry["style"], re.compile(entry["pattern"] + r"\s*")) for entry in patterns("sections")["numbering"]
)
_FIRST = re.compile(r"[第一二三四五六七八九十百（(\d①-⑳]")
_CHINESE = {char: value for value, char in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Marker:
    """An ordinal as printed: its style, its value, and how many characters it takes."""

    style: str
    value: int
    text: str
    length: int


@lru_cache(maxsize=4096)
def marker_of(text: str) -> Marker | None:
    """The ordinal that a line or paragraph begins with, if it begins with one."""
    if not _FIRST.match(text):
        return None
    for style, pattern in _STYLES:
        match = pattern.match(text)
        if match and match.end() < len(text) + 1:
            return Marker(style, _value(match["at"]), match[0].strip(), match.end())
    return None


def _value(ordinal: str) -> int:
    if ordinal.isdecimal():
        return int(ordinal)
    if "①" <= ordinal <= "⑳":
        return ord(ordinal) - ord("①") + 1
    tens, ten, ones = ordinal.rpartition("十")
    if not ten:
        return _CHINESE.get(ordinal, 0)
    return (_CHINESE.get(tens, 1) if tens else 1) * 10 + (_CHINESE.get(ones, 0) if ones else 0)
