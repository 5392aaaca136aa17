"""Function and economic codes with their names by budget year (政府收支分类科目).

``function.csv`` holds 类, 款 and 项 of the expenditure by function, ``economic.csv`` 类 and 款 by economic nature. A line
is one name of one code with the first and last budget year in which it was in force; an open end is blank. Their columns:
``aliases`` are spellings that mean the same, divided by ``|``; ``common`` lists the common 项 of a 款 (01 行政运行, 02
一般行政管理事务, 03 机关服务, 50 事业运行, 99 其他…支出) in place of a line each; ``budget`` tells which of the budgets pays.
``source`` names the yearly classification of the Ministry of Finance that brought the name (no year: in force before
2015), and the disclosures in which the pair was seen in print. The lines were entered from knowledge of those
classifications and checked against those disclosures, not against the printed volumes. In the year of a renaming both
names may be in force. What is not certain is not listed: a code without a line is unknown, not wrong.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from fisc.schemas.classification.catalogue import COMMON_ITEMS, OTHER, Entry, Kind, common_item
from fisc.schemas.classification.catalogue import entries as _entries
from fisc.schemas.classification.folding import distance, fold, nearest, without_numbering

__all__ = [
    "Entry",
    "Kind",
    "Standing",
    "class_by_name",
    "class_names",
    "codes_by_name",
    "distance",
    "entries",
    "fold",
    "name_matches",
    "names",
    "nearest",
    "parents",
    "standing",
    "without_numbering",
]

Standing = Literal["current", "other_year", "disagrees", "unlisted"]
"""How a printed name stands to its code: right, right in other years, wrong, or nothing known."""

_NUMERALS = "一二三四五六七八九十百"


def entries(code: str, kind: Kind) -> tuple[Entry, ...]:
    """All that is listed of a code, in all years; empty when the code is not listed."""
    return _entries(kind).get(code, ())


def names(code: str, year: int | None, kind: Kind) -> tuple[str, ...]:
    """The names that a code may carry in a budget year, official ones first.

    A 项 that is not listed, below a listed 款, may carry the common name of its last two digits; it is given too, as a
    candidate for repairing a misread name. Empty when nothing is known.
    """
    known = entries(code, kind)
    listed = [entry for entry in known if entry.covers(year)]
    official = [entry.name for entry in reversed(listed)]
    spelled = [alias for entry in reversed(listed) for alias in entry.aliases]
    return tuple(dict.fromkeys(official + spelled)) if known else _common_names(code, year, kind)


def standing(code: str, name: str, year: int | None, kind: Kind) -> Standing:
    """How a printed name stands to its code in a budget year."""
    wanted, listed = fold(name), entries(code, kind)
    in_force = [entry for entry in listed if entry.covers(year)]
    if _carries(in_force, wanted):
        return "current"
    if _carries(listed, wanted):
        return "other_year"
    if in_force:
        return "disagrees"
    common = () if listed else _common_names(code, year, kind)
    return "current" if wanted in map(fold, common) else "unlisted"


def name_matches(code: str, name: str, year: int | None, kind: Kind) -> bool | None:
    """Whether a code carries a name in a budget year; None when the list does not know the code in that year.

    Names are compared folded (:func:`fold`). A name that the code carried in other years only is no match.
    """
    known = standing(code, name, year, kind)
    if known == "other_year" and not any(entry.covers(year) for entry in entries(code, kind)):
        return None
    return None if known == "unlisted" else known == "current"


def codes_by_name(name: str, year: int | None, kind: Kind, within: str = "") -> tuple[str, ...]:
    """The listed codes that carry a name in a budget year, below the code ``within`` where one is given."""
    found = _codes_by_folded(kind).get(fold(name), ())
    return tuple(code for code in found if code.startswith(within) and name_matches(code, name, year, kind))


def class_by_name(name: str, year: int | None = None) -> str | None:
    """The function class (类) of a line of a 收支总表, or None.

    Numbering is left out (``六、科学技术支出``, ``（六）…``, ``6.…``). Names of the 款 of government funds lead to their class
    too. A class name never moved to another code, so that a name out of date is understood; ``year`` decides only
    where one name has several codes.
    """
    wanted = fold(without_numbering(name))
    found = _classes().get(wanted) or _classes().get(wanted.lstrip(_NUMERALS), ())
    if len(found) > 1:
        found = tuple(code for code in found if name_matches(code, wanted, year, "function"))
    return found[0][:3] if len({code[:3] for code in found}) == 1 else None


def class_names(year: int | None = None) -> tuple[str, ...]:
    """The names of all function classes in a budget year: candidates for :func:`nearest`."""
    codes = [code for code in _entries("function") if len(code) == 3]
    return tuple(dict.fromkeys(name for code in codes for name in names(code, year, "function")))


def parents(code: str) -> tuple[str, ...]:
    """The codes above a code, from the class down: ``2080505`` -> ``208``, ``20805``."""
    return tuple(code[:length] for length in (3, 5) if length < len(code))


def _carries(listed: list[Entry] | tuple[Entry, ...], wanted: str) -> bool:
    return any(wanted == fold(spelling) for entry in listed for spelling in entry.spellings)


def _common_names(code: str, year: int | None, kind: Kind) -> tuple[str, ...]:
    """What an unlisted 项 is called by rule, if its 款 is listed and its last digits are common ones."""
    suffix = code[5:]
    if kind != "function" or len(code) != 7 or suffix not in {*COMMON_ITEMS, OTHER}:
        return ()
    groups = [entry for entry in entries(code[:5], kind) if entry.covers(year)]
    return tuple(dict.fromkeys(common_item(suffix, entry.name) for entry in reversed(groups)))


@cache
def _codes_by_folded(kind: Kind) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for code, listed in _entries(kind).items():
        for spelling in (spelling for entry in listed for spelling in entry.spellings):
            found.setdefault(fold(spelling), {})[code] = None
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    """Folded names of classes, and of the 款 of government funds, with their codes; a class goes before a 款."""
    found = {
        name: tuple(c for c in codes if len(c) == 3) for name, codes in _codes_by_folded("function").items()
    }
    funds = {
        fold(spelling): (code,)
        for code, listed in _entries("function").items()
        for entry in listed
        if len(code) == 5 and entry.budget == "government_fund"
        for spelling in entry.spellings
    }
    return funds | {name: codes for name, codes in found.items() if codes}
