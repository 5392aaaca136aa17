"""Which region a department's name or a title speaks of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fisc.schemas.regions.gazetteer import MUNICIPALITIES, Region, by_own_name, by_short_name, regions

Places = tuple[Region, ...]

_LONGEST = 15
"""Characters of the longest name of a region."""

_BEFORE_A_NAME = frozenset("省市州区盟年度共党局行院会团议社于的及和与开布级驻")
"""Characters after which the name of a region may begin: 中共…, 国家税务总局…, 2025年…, 关于…."""

_ANOTHER_WORD = ("市场", "县级", "县域", "区域", "区划", "区块")
"""Last character of a name and the one behind it, where they make another word: 白山市 in 长白山市场."""

_BARE_DISTRICT = 3
"""Up to this length, 区 names are too common to stand without their city."""

_ZONE = re.compile(
    r"[^\W\d市县区局委院会厅部府办处室所站]{0,10}?"
    r"(?:(?:经济技术|高新技术产业|高新技术|经济|旅游)?开发区|经开区|高新区|(?:工业|产业|科技)园区"
    r"|(?:综合)?保税区|示范区|试验区|实验区|度假区|管理区|新区)"
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """Names of regions, one behind the other and each in the one before, and what the last of them may be."""

    start: int
    end: int
    places: Places
    links: int = 1


def locate(text: str, hint: str | Region | None = None, year: int | None = None) -> Region | None:
    """The region that a department's name or a title names; None when it names none, or not just one.

    Names may begin at any level (河北省秦皇岛市海港区…, 秦皇岛市海港区…, 秦皇岛海港区…); the smallest region counts. A short name
    of a district (海港区) is taken only after its city, or with a ``hint``: a region, or its code, in which or in
    whose prefecture it lies. Where a region changed its name or code, the one of ``year`` is taken, else the latest.
    A functional zone without a code gives the region that holds it, with ``zone`` set.
    """
    cleaned = "".join(unicodedata.normalize("NFKC", text).split())
    near = regions()[hint][-1] if isinstance(hint, str) and hint in regions() else hint
    start = 0
    while start < len(cleaned):
        mention = _mention(cleaned, start)
        found = _only_one(mention, near if isinstance(near, Region) else None, year) if mention else None
        if mention and found:
            return _with_zone(found, cleaned, mention)
        start = mention.end if mention else start + 1
    return None


def _mention(text: str, start: int) -> _Mention | None:
    """The regions named from here on, if a name begins here."""
    mention = _strong(text, start) or _weak(text, start)
    while mention and (inner := _inside(text, mention)):
        mention = inner
    return mention


def _strong(text: str, start: int) -> _Mention | None:
    """The longest full name that begins here, unless it begins in the middle of another word."""
    end, places = next(_readings(text, start, by_own_name()), (start, ()))
    before = text[start - 1] if start else ""
    begins = not before.isalpha() or before in _BEFORE_A_NAME
    if places and (begins or places[0].level == "province"):
        return _Mention(start, end, places)
    return None


def _weak(text: str, start: int) -> _Mention | None:
    """A short name (秦皇岛, 河北) that begins here, if a region or a functional zone in it follows."""
    for end, places in _readings(text, start, by_short_name()):
        mention = _Mention(start, end, places)
        if _inside(text, mention):
            return mention
        zoned = tuple(place for place in places if _zone(text, end, place))
        if zoned:
            return replace(mention, places=zoned)
    return None


def _inside(text: str, outer: _Mention) -> _Mention | None:
    """The mention led on by the region in it whose name follows."""
    following = list(_readings(text, outer.end, by_own_name()))
    short = _weak(text, outer.end)
    for end, places in following + ([(short.end, short.places)] if short else []):
        inner = tuple(place for place in places if any(_lies_in(place, o) for o in outer.places))
        if inner:
            return _Mention(outer.start, end, inner, outer.links + 1)
    return None


def _lies_in(inner: Region, outer: Region) -> bool:
    """Whether a region, or a zone that it holds, lies in another one."""
    return outer.holds(inner) and (inner.code != outer.code or bool(inner.zone and not outer.zone))


def _readings(text: str, start: int, names: Mapping[str, Places]) -> Iterator[tuple[int, Places]]:
    """The names that begin here, longest first, each with its end."""
    for end in range(min(len(text), start + _LONGEST), start + 1, -1):
        places = names.get(text[start:end])
        if places and text[end - 1 : end + 1] not in _ANOTHER_WORD:
            yield end, places


def _only_one(mention: _Mention, near: Region | None, year: int | None) -> Region | None:
    """The one region meant, if the hint and the year leave one."""
    kept = tuple(place for place in mention.places if near and _is_near(place, near))
    if not kept and _is_bare_district(mention):
        return None
    kept = kept or mention.places
    if year is not None:
        kept = tuple(place for place in kept if place.covers(year)) or kept
    kept = tuple(place for place in kept if not place.zone) or kept
    kept = tuple(place for place in kept if not _is_superseded(place, kept))
    return kept[0] if len(kept) == 1 else None


def _is_superseded(place: Region, others: Places) -> bool:
    """Whether another one of the candidates is what the region became, or the city around that."""
    heirs = (other.code[:4] for other in others if other.code != place.code)
    return place.successor is not None and place.successor[:4] in heirs


def _is_near(place: Region, near: Region) -> bool:
    same_prefecture = near.level == "county" and place.code[:4] == near.code[:4]
    return near.holds(place) or same_prefecture


def _is_bare_district(mention: _Mention) -> bool:
    own_name = mention.places[0].own_name
    short = len(own_name) <= _BARE_DISTRICT and own_name.endswith("区")
    return short and mention.links == 1 and not mention.places[0].zone


def _with_zone(found: Region, text: str, mention: _Mention) -> Region:
    zone = _zone(text, mention.end, found)
    return replace(found, zone=text[mention.start : mention.end] + zone) if zone else found


def _zone(text: str, start: int, holder: Region) -> str | None:
    """The functional zone named behind a region, as far as a city or a county can hold one."""
    if holder.zone or (holder.level == "province" and holder.code[:2] not in MUNICIPALITIES):
        return None
    zone = _ZONE.match(text, start)
    return zone.group() if zone else None
