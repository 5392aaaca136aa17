"""Words of the forms that a recogniser misreads: traditional characters, and one wrong character in a title or a head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from unicodedata import category

from fisc.extractors.page import Reading
from fisc.schemas.folding import fold
from fisc.schemas.forms.form import forms

_TRADITIONAL = (
    "額項財預決費務單編碼稱計總業關結轉餘營經給補貼資產構備購採報類門級區縣鄉鎮檢監審員會議訓車輛運維護際國勞險養醫療衛貨幣紀"
    "錄標準績評價說來與對於個體機離職獎勵濟農發開設術環節約網絡線層應達進遠過還場處實屬後歲時書東長馬風飛魚點鳥龍據變動歷題館"
    "雜難電響頭願顯顧驗髮鬥"
)
_SIMPLIFIED = (
    "额项财预决费务单编码称计总业关结转余营经给补贴资产构备购采报类门级区县乡镇检监审员会议训车辆运维护际国劳险养医疗卫货币纪"
    "录标准绩评价说来与对于个体机离职奖励济农发开设术环节约网络线层应达进远过还场处实属后岁时书东长马风飞鱼点鸟龙据变动历题馆"
    "杂难电响头愿显顾验发斗"
)
SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""Disclosures are printed in simplified characters; the recogniser knows both."""
LOOK_ALIKE = {
    "科自": "科目", "项自": "项目", "拨歉": "拨款", "拔款": "拨款", "年未结转": "年末结转", "年未财政": "年末财政",
}  # fmt: skip
"""What a recogniser makes, and is sure of, of words of the forms; no disclosure prints it."""
_SHORTEST = 4
_SURE = 0.9
"""Probability of a word that is left as it was read."""


def meant(readings: Sequence[Reading]) -> str:
    """The title or head of the forms that a word is, where one does and the best reading is none of them; else that.

    It differs in one character, or in those of :data:`LOOK_ALIKE`; a head of one character (类, 款, 项) must be among the readings itself. Where a blank
    was read as a mark (☑), the reading with the blank is meant.
    """
    text = readings[0].text
    for wrong, right in LOOK_ALIKE.items():
        text = text.replace(wrong, right)
    bare = "".join(c for c in text if category(c) != "So")
    if bare != text and (blank := next((r.text for r in readings if fold(r.text) == fold(bare)), None)):
        return blank
    if len(text) == 1:
        return next((reading.text for reading in readings if reading.text in _short_heads()), text)
    return text if readings[0].score >= _SURE else _near(text)


def _near(text: str) -> str:
    folded = fold(text)
    if len(folded) < _SHORTEST or folded in _labels():
        return text
    near = {
        label
        for at in range(len(folded))
        for label in _with_gap().get(folded[:at] + "?" + folded[at + 1 :], ())
    }
    return near.pop() if len(near) == 1 and len(folded) == len(text) else text


@cache
def _short_heads() -> frozenset[str]:
    """The parts of a code: heads of one character."""
    patterns = [
        p for form in forms() for layout in form.layouts for own in layout.columns.values() for p in own
    ]
    return frozenset(pattern for pattern in patterns if len(pattern) == 1)


@cache
def _labels() -> frozenset[str]:
    """The titles and heads that the forms spell out."""
    layouts = [layout for form in forms() for layout in form.layouts]
    patterns = [title for form in forms() for title in form.titles]
    patterns += [pattern for layout in layouts for own in layout.columns.values() for pattern in own]
    parts = {fold(part.strip("*")) for pattern in patterns for part in pattern.split("/")}
    return frozenset(part for part in parts if len(part) >= _SHORTEST and "*" not in part)


@cache
def _with_gap() -> dict[str, tuple[str, ...]]:
    """Labels by their text with one character left open."""
    found: dict[str, list[str]] = defaultdict(list)
    for label in sorted(_labels()):
        for at in range(len(label)):
            found[label[:at] + "?" + label[at + 1 :]].append(label)
    return {gap: tuple(own) for gap, own in found.items()}
