"""Every region with its code, from the list of ``cpca`` and our own history, read once and on first use."""

from __future__ import annotations

import csv
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from fisc.errors import FiscError

Level = Literal["province", "prefecture", "county"]

FIRST, LAST = 0, 9999
MUNICIPALITIES = ("11", "12", "31", "50")
"""直辖市: their districts lie directly below them."""

_NOT_A_NAME = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_PEOPLES = (
    "各|满|回|苗|彝|壮|侗|瑶|白|傣|黎|畲|水|怒|藏|羌|土|蒙古|朝鲜|哈尼|土家|布依|景颇|傈僳|仫佬|毛南|仡佬|纳西|拉祜|佤|布朗"
    "|独龙|普米|裕固|哈萨克|保安|东乡|撒拉|达斡尔"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)+自治(县|州|旗)$")
_SHORT = re.compile(r"^(.{2,}?)(?:省|市|地区|盟|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$")


class GazetteerMissing(FiscError):
    """The list of regions that comes with the package ``cpca`` cannot be found."""

    def __init__(self) -> None:
        super().__init__("The list of regions is missing: install the package cpca again (pip install cpca).")


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative region under one name.

    ``name`` is the full one from the province down (河北省秦皇岛市海港区), ``own_name`` its last part. ``valid_from`` and
    ``valid_to`` are the years in which the name came and went (0 and 9999 where not so), ``successor`` the code of
    the region that took over. ``zone`` names a functional zone without a code of its own that the region holds.
    """

    code: str
    name: str
    own_name: str
    valid_from: int = FIRST
    valid_to: int = LAST
    successor: str | None = None
    zone: str | None = None

    @property
    def level(self) -> Level:
        """Province, prefecture or county, as the code tells."""
        if self.code.endswith("0000"):
            return "province"
        return "prefecture" if self.code.endswith("00") else "county"

    @property
    def parents(self) -> tuple[str, ...]:
        """The codes above, from the province down; a prefecture stands only where there is one."""
        above = (self.code[:2] + "0000", self.code[:4] + "00")
        return tuple(dict.fromkeys(c for c in above if c != self.code and c in regions()))

    def holds(self, other: Region) -> bool:
        """Whether another region is this one or lies in it."""
        return other.code.startswith(re.sub("(00){1,2}$", "", self.code))

    def covers(self, year: int) -> bool:
        """Whether the name was in use in a year."""
        return self.valid_from <= year <= self.valid_to


@cache
def regions() -> dict[str, tuple[Region, ...]]:
    """Every code with its regions, oldest name first and ``name`` complete."""
    bare: dict[str, list[Region]] = {}
    for region in {(r.code, r.own_name): r for r in _all_rows()}.values():
        bare.setdefault(region.code, []).append(region)
    for names in bare.values():
        names.sort(key=lambda region: region.valid_to)
    return {code: tuple(_completed(region, bare) for region in names) for code, names in bare.items()}


@cache
def by_own_name() -> dict[str, tuple[Region, ...]]:
    """Regions by what they are called: own names, short forms of autonomous regions, functional zones."""
    found: dict[str, list[Region]] = {}
    for region in (region for names in regions().values() for region in names):
        for name in _called(region.own_name):
            found.setdefault(name, []).append(region)
    for row in _rows("aliases"):
        found.setdefault(row["name"], []).append(newest(row["code"]))
    for row in _rows("zones"):
        found.setdefault(row["name"], []).append(replace(newest(row["code"]), zone=row["name"]))
    return {name: tuple(places) for name, places in found.items()}


@cache
def by_short_name() -> dict[str, tuple[Region, ...]]:
    """Provinces and prefectures without 省, 市 and the like: of use only before the name of a region in them."""
    found: dict[str, list[Region]] = {}
    for region in (region for names in regions().values() for region in names):
        short = _SHORT.match(region.own_name)
        if short and region.level != "county":
            found.setdefault(short.group(1), []).append(region)
    return {name: tuple(places) for name, places in found.items()}


def _called(own_name: str) -> set[str]:
    """A region's own name and, for an autonomous one, its short form (青龙县, 恩施州)."""
    return {own_name, _AUTONOMOUS.sub(r"\1\2", own_name)} if "自治" in own_name else {own_name}


def newest(code: str) -> Region:
    """The region of a code under its latest name."""
    return regions()[code][-1]


def _completed(region: Region, bare: dict[str, list[Region]]) -> Region:
    above = dict.fromkeys(c for c in (region.code[:2] + "0000", region.code[:4] + "00") if c != region.code)
    names = [bare[code][-1].own_name for code in above if code in bare]
    return replace(region, name="".join([*names, region.own_name]))


def _all_rows() -> Iterator[Region]:
    """The package's list, then our history, whose rows take the place of those with the same code and name."""
    for code, name in _packaged():
        yield Region(code, name, name)
    for row in _rows("history"):
        yield Region(
            row["code"],
            row["name"],
            row["name"],
            int(row["valid_from"] or FIRST),
            int(row["valid_to"] or LAST),
            row["successor"] or None,
        )


def _packaged() -> Iterator[tuple[str, str]]:
    """Codes and names of the package's list, without importing the package (it would import pandas)."""
    spec = importlib.util.find_spec("cpca")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(folders[0], "resources", "adcodes.csv") if folders else None
    if path is None or not path.is_file():
        raise GazetteerMissing
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for code, name, *_ in csv.reader(lines):
            if code.endswith("000000") and name not in _NOT_A_NAME:
                yield code[:6], name


def _rows(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
