"""Printed names made comparable, and the one name that a misread text can have meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_NUMBERING = re.compile(
    r"^\s*(?:[（(]\s*[一二三四五六七八九十百]{1,4}\s*[)）]\s*[、,，.．。:：]?"
    r"|[一二三四五六七八九十百]{1,4}\s*[、,，.．。:：]"
    r"|[（(]?\s*\d{1,7}\s*[)）]?\s*[、,，.．。:：]?)\s*"
)
_LEVEL = re.compile(r"\s*[（(]\s*[类款项]\s*[)）]\s*$")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The comparable form of a name: NFKC, no white space, no punctuation, 其它 as 其他."""
    kept = "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return kept.replace("其它", "其他")


def without_numbering(item: str) -> str:
    """A printed line without its numbering: ``六、``, ``（六）``, ``6.``, ``201`` before it, ``（类）`` behind it."""
    return _LEVEL.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", item), count=1)).strip()


def distance(left: str, right: str) -> int:
    """The least number of characters to insert, delete or replace to make one text of the other."""
    if len(left) < len(right):
        left, right = right, left
    above = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b)))
        above = row
    return above[-1]


def nearest(text: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a misread text must have meant; None when none is near or two are.

    An equal name (folded) is taken as it is. Else at most a third of the characters may differ, and every other
    candidate must lie at least twice as far away.
    """
    wanted = fold(text)
    ranked = sorted(
        (distance(wanted, folded), folded, name) for folded, name in _by_folded(candidates).items()
    )
    if not wanted or not ranked:
        return None
    best, folded, name = ranked[0]
    if best == 0:
        return name
    if best * 3 > max(len(wanted), len(folded)):
        return None
    return name if len(ranked) == 1 or ranked[1][0] >= 2 * best else None


def _by_folded(candidates: Iterable[str]) -> dict[str, str]:
    """Candidates by their folded form; of spellings that fold alike, the first."""
    found: dict[str, str] = {}
    for name in candidates:
        found.setdefault(fold(name), name)
    return found
