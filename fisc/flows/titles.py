"""What the words of a link say about a document before anybody opens it. Hints, to be checked against the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fisc.flows.source.words import Titles

_DAY = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_YEAR_WORDS = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)\s*年?度?初?")
_BEFORE_THE_KIND = re.compile(r"^(.{2,40}?)(?:部门|单位|本级)?(?:预?决算|预算)")
_BEHIND_THE_KIND = re.compile(
    r"(?:预算|决算)(?:信息|情况)?(?:公开|公示)?[表书]?\s*[（(【—－:：_-]+\s*"
    r"([\u4e00-\u9fff]{1,30}(?:局|委|委员会|办|办公室|院|厅|部|会|中心|处|队|所|校|学|站|馆|园|社|场|镇|乡|街道))(?![\u4e00-\u9fff])"
)
_NOBODY = re.compile(
    r"(?:各|区直|市直|县直|省直|区级|市级|县级|省级|所属|本级|全部|其他)*(?:部门|单位|政府|财政|公开|及|和|的|、)+"
)
"""Words before 预算 that name no department."""
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMERALS = str.maketrans("〇○零Ｏ一二三四五六七八九", "0000123456789")
_CHINESE_YEAR = re.compile(r"(?:二[〇○零Ｏ]|一九)[〇○零Ｏ一二三四五六七八九]{2}(?=\s*年)")
_PLACE = re.compile(r"[省市区县州旗盟]$")


@dataclass(frozen=True, slots=True)
class TitleSays:
    """What a title tells; None where it does not."""

    fiscal_year: int | None
    stage: str | None
    department: str | None


def read_title(title: str, titles: Titles) -> TitleSays:
    """Year, stage and department from a title such as ``海港区教育局2025年部门预算公开``.

    A title that names two years or both stages tells neither: the document itself has to.
    """
    title = _digits(title)
    return TitleSays(_year(title, titles), _stage(title, titles), _department(title, titles))


def read_day(words: str) -> date | None:
    """The first day written in some words, as ``2025-02-03``, ``2025/2/3`` or ``2025年2月3日``."""
    for match in _DAY.finditer(words):
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            continue
    return None


def _digits(title: str) -> str:
    """The title with its years in the usual digits: ２０２５ and 二〇二五年 are 2025."""
    title = title.translate(_WIDE)
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_NUMERALS), title)


def _year(title: str, titles: Titles) -> int | None:
    years = {match[1] for match in titles.year.finditer(title)}
    return int(years.pop()) if len(years) == 1 and all(y.isdigit() for y in years) else None


def _stage(title: str, titles: Titles) -> str | None:
    found = {"budget": titles.budget, "final_accounts": titles.final_accounts}
    stages = [stage for stage, pattern in found.items() if pattern.search(title)]
    return stages[0] if len(stages) == 1 else None


def _department(title: str, titles: Titles) -> str | None:
    if titles.department is not None:
        match = titles.department.search(title)
        return match[1].strip() or None if match and match[1] else None
    words = _YEAR_WORDS.sub("", title).strip(" 　:：《》【】\t\n")
    before, behind = _BEFORE_THE_KIND.match(words), _BEHIND_THE_KIND.search(words)
    return _whose(before[1] if before else "") or (behind[1] if behind else None)


def _whose(words: str) -> str | None:
    """The department that the words before the kind of document name, if they do."""
    if _PLACE.search(words):
        return None
    name = words.removeprefix("关于").strip(" 　《》的")
    return None if not name or _NOBODY.fullmatch(name) else name
