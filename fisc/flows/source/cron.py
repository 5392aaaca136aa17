"""The hour of a schedule: five fields of cron, as far as every cron reads them alike."""

from __future__ import annotations

import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
    (0, 7, {name: number for number, name in enumerate(DAYS)}),
)
"""Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday): the least, the most, the names."""

_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[1-9]\d*))?")


def is_cron(words: str) -> bool:
    """Whether these are five fields such as ``0 2 * * *`` or ``*/5 1-4 * * mon``, each within its bounds."""
    given = words.split()
    return len(given) == len(FIELDS) and all(map(_fits, given, FIELDS))


def _fits(field: str, bounds: tuple[int, int, dict[str, int]]) -> bool:
    return all(_part_fits(part, *bounds) for part in field.lower().split(","))


def _part_fits(part: str, least: int, most: int, names: dict[str, int]) -> bool:
    match = _PART.fullmatch(part)
    if match is None or int(match["step"] or 1) > most:
        return False
    first, last = match["first"], match["last"]
    if first is None:
        return True
    if match["step"] and last is None:  # 5/10 means one thing here and another there
        return False
    numbers = [names.get(each, int(each) if each.isdecimal() else -1) for each in (first, last or first)]
    return least <= numbers[0] <= numbers[1] <= most
