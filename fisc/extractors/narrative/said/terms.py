"""What a figure is called: the words before it, looked up in the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from fisc.schemas.patterns import patterns
from fisc.schemas.patterns.phrases import alternatives, expanded

_DATA = patterns("terms")
_SUBJECT = re.compile(_DATA["subject"])
_QUALIFIED = re.compile(alternatives(tuple(_DATA["qualifiers"])))
_SPECIAL = re.compile(alternatives(tuple(_DATA["specials"])))
_LISTED = re.compile("[、等]")
_WHOLES = tuple(_DATA["wholes"])
_TAILS = frozenset(_DATA["tail"])
_LONGEST_TAIL = max(map(len, _TAILS))
_BRACKET_END = re.compile(r"（[^（）\d]{0,24}）$")
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?度?")
_OPEN = re.compile(r"(?:[，。；：、]|其中|包括|安排)$")
_SHARED = re.compile(r"[^、，。；：和及与一二三四五六七八九十\d][、和及与]$")
_MARKS = re.compile(r"[“”\"‘’'《》\s]+")
MOST_TAILS = 9
"""So many tail words may stand between a phrase and its figure (支出 年初 预算 数 为)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name for a figure, and the words in which it was found; ``near`` what must have been spoken of before."""

    name: str
    label: str
    before: str
    weak: bool
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    label: str
    weak: bool
    alone: bool
    units: frozenset[str]
    near: tuple[str, ...]

    def takes(self, unit: str) -> bool:
        return unit in self.units if self.units else unit == "CNY"

    def after(self, before: str) -> bool:
        """Whether the phrase may stand behind these words."""
        if self.alone:
            return not before or bool(_OPEN.search(before))
        if before and self.name.startswith(_WHOLES) and _SPECIAL.search(_LISTED.split(before)[-1]):
            return False
        if _SHARED.search(before):
            return False
        return not (self.weak and _QUALIFIED.search(_SUBJECT.split(before)[-1]))


@cache
def _vocabulary() -> tuple[Mapping[str, tuple[_Entry, ...]], int]:
    entries: dict[str, tuple[_Entry, ...]] = {}
    for term in _DATA["term"]:
        entry = _Entry(
            term["name"],
            term["label"],
            term.get("weak", False),
            term.get("alone", False),
            frozenset(term.get("units", ())),
            tuple(term.get("near", ())),
        )
        for phrase in (wording for pattern in term["phrases"] for wording in expanded(pattern)):
            entries[phrase] = (*entries.get(phrase, ()), entry)
    return entries, max(map(len, entries))


def unquoted(text: str) -> str:
    """Words without quotation marks and blanks."""
    return _MARKS.sub("", text)


def bare(text: str) -> str:
    """Words without quotation marks, blanks and years."""
    return _YEAR.sub("", unquoted(text))


@lru_cache(maxsize=8192)
def named(words: str, unit: str) -> Named | None:
    """The name of a figure after these words; ``unit`` is CNY, percent or a measure word.

    Where a phrase is weak and stands behind a qualifier, the words mean something more special: tail words are
    taken off and the rest is tried.
    """
    rest = bare(words)
    for _ in range(MOST_TAILS):
        found = _ending(rest, unit)
        if found:
            return found
        bracket = _BRACKET_END.search(rest)
        if bracket and (meant := _ending(bracket[0][1:-1], unit)) and not meant.before:
            return meant
        length = len(bracket[0]) if bracket else _tail(rest)
        if not length:
            return None
        rest = rest[:-length]
    return None


def _tail(words: str) -> int:
    """Length of the longest tail word at the end, 0 where there is none."""
    return next((n for n in range(_LONGEST_TAIL, 0, -1) if words[-n:] in _TAILS), 0)


def _ending(words: str, unit: str) -> Named | None:
    vocabulary, longest = _vocabulary()
    for length in range(min(len(words), longest), 0, -1):
        for entry in vocabulary.get(words[-length:], ()):
            before = words[:-length]
            if entry.takes(unit) and entry.after(before):
                return Named(entry.name, entry.label, before, entry.weak, entry.near)
    return None


@dataclass(frozen=True, slots=True)
class Topic:
    """What the headings above a sentence speak of; ``aside``: of something less than all money."""

    name: str | None
    renames: Mapping[str, str]
    aside: bool = False


_TOPICS = tuple((re.compile(entry["heading"]), entry["name"]) for entry in _DATA["topic"])
_SCOPES = tuple((re.compile(entry["heading"]), entry["names"]) for entry in _DATA["scope"])
_ASIDE = re.compile(_DATA["aside"]["heading"])
_OF_ALL = re.compile(_DATA["aside"]["but"])
ASIDE: tuple[str, ...] = tuple(_DATA["aside"]["names"])
OF_ALL: tuple[str, ...] = tuple(_DATA["aside"]["of_all"])
MONEY: tuple[str, ...] = (*_DATA["aside"]["sources"], *_DATA["shares"]["money"])
SPENT: tuple[str, ...] = tuple(_DATA["shares"]["spent"])
LISTS = re.compile(_DATA["shares"]["lists"])
SHARED: tuple[str, ...] = tuple(_DATA["shares"]["wholes"])
OF_FUNDS: tuple[str, ...] = tuple(_DATA["shares"]["funds"])
UNNAMED = re.compile(_DATA["shares"]["unnamed"])
WHOSE = re.compile(_DATA["whose"]["pattern"])
LINES: tuple[str, ...] = tuple(_DATA["aside"]["lines"])
RUNNING: tuple[str, ...] = tuple(_DATA["aside"]["running"])
OF_LINES: tuple[str, ...] = tuple(_DATA["aside"]["of_lines"])
SOURCES: tuple[str, ...] = tuple(_DATA["aside"]["sources"])
BOTH_SIDES: Mapping[str, tuple[str, ...]] = {
    both: tuple(sides) for both, sides in _DATA["both_sides"].items()
}
WITHIN: Mapping[str, Mapping[str, str]] = _DATA["within"]
OF_UNIT = re.compile(_DATA["part"]["pattern"])
FOLLOWS = tuple(
    (entry["after"], frozenset(entry["units"]), entry["name"], frozenset(entry.get("keeps", ())))
    for entry in _DATA["follows"]
)
BEHIND = tuple(
    (frozenset(entry["units"]), re.compile(entry["pattern"]), entry["name"]) for entry in _DATA["behind"]
)
ABSORBS = tuple((entry["after"], frozenset(entry["names"])) for entry in _DATA["absorbs"])
ECONOMIC: str = _DATA["economic"]["name"]
ECONOMIC_WHOLES = frozenset(_DATA["economic"]["wholes"])
ECONOMIC_LEAD = re.compile(_DATA["economic"]["lead"])
NOT_ECONOMIC = tuple(_DATA["economic"]["except"])
PAIRED: Mapping[str, str] = _DATA["paired"]
CHANGED: Mapping[str, str] = _DATA["change"]


@lru_cache(maxsize=1024)
def topic_of(headings: tuple[str, ...]) -> Topic:
    """The topic of a section from its heading and those above it, the innermost first."""
    name = next((said for heading in headings for shape, said in _TOPICS if shape.search(heading)), None)
    scopes = (names for heading in headings for shape, names in _SCOPES if shape.search(heading))
    renames: Mapping[str, str] = next(scopes, {})
    aside = bool(headings and _ASIDE.search(headings[0]) and not _OF_ALL.search(headings[0]))
    return Topic(name, renames, aside)
