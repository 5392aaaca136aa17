"""Names of departments and units, so that the disclosures of one series line up over the years."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = re.compile(
    r"^[\[【(（]?(\d{3,12})[\]】)）]?[-—–_、.．:：]*(?=[^\d年月日届]{2,}$)(?!急救|指挥|报警)"  # not 120急救中心
)
_VARIANT = re.compile(
    r"(?:[（(](本级|机关|本部|局机关|机关本级|部门|单位|汇总)[)）]"
    r"|(?<=.{3})(?<![省市县区])(机关本级|本级)"
    r"|(?<=.{3})(?<![直级])(?<!直属|国家|党政|行政)(机关))$"
)
_PARTY = re.compile(r"^(?:中共|中国共产党)(?=.{2,}(?:委|纪))")
"""What a party office prints before its name, or leaves out."""
_WIDE = str.maketrans({"(": "（", ")": "）", "[": "〔", "]": "〕"})


@dataclass(frozen=True, slots=True)
class DepartmentName:
    """A printed name taken apart.

    ``series`` is the name that all years and variants share, ``variant`` what the print adds to it (本级, 机关, 单位 …),
    ``number`` the budget number before it.
    """

    series: str
    variant: str | None = None
    number: str | None = None


def normalise_department(name: str) -> DepartmentName:
    """Take a printed name apart: ``306秦皇岛市…局（本级）`` -> series 秦皇岛市…局, variant 本级, number 306.

    White space goes, brackets become full-width ones, 中共 before a committee goes. A number is taken only before a name (not ``2025年…``).
    """
    series = "".join(unicodedata.normalize("NFKC", name).split())
    number = _NUMBER.match(series)
    if number:
        series = series[number.end() :]
    series = _PARTY.sub("", series)
    variant = _VARIANT.search(series)
    if variant:
        series = series[: variant.start()]
    return DepartmentName(
        series.translate(_WIDE),
        next(filter(None, variant.groups())) if variant else None,
        number.group(1) if number else None,
    )
