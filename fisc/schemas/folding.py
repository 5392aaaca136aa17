"""Printed words made comparable: width, blanks, quotes, brackets and years folded away."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from fisc.schemas.numbers import MONEY

_MARKS = re.compile(r"[\s“”\"'‘’《》〈〉「」、，,。:：;；（）()【】\[\]〔〕—\-_/\\·．.*…　]+")
_YEAR = re.compile(r"(?:19|20)\d{2}年?(?:度)?")
_UNIT_TAIL = re.compile(
    rf"[（(]?(?:金额)?单位[:：]?\s*(?:人民币)?(?:{MONEY})[)）]?|[（(](?:人民币)?(?:{MONEY})(?:[/每][^)）]{{1,6}})?[)）]"
    rf"|(?<=.)[:/,、](?:人民币)?(?:{MONEY})$"
)
_NUMBERING = re.compile(
    r"^(?:附件|附)?(?:第?[一二三四五六七八九十百](?:\s*[一二三四五六七八九十百])*(?:部分|章)?(?:\s*[、.．：:]|\s(?!般|\s*\S\s))|[（(][一二三四五六七八九十\d]+[)）]|\d{1,3}[、.．：:](?!\d)"
    r"|(?:公开|预算|财决|附)?\s*表?\s*\d{1,2}(?:-\d)?\s*表?[：:\s]|表[一二三四五六七八九十]+[、.．：:\s]|[①-⑳]|其中[：:])\s*"
)


_WIDE = str.maketrans("():;,%", "（）：；，％")


def wide(text: str) -> str:
    """Text with its marks as Chinese texts print them, each in its place: what patterns of sentences are sought in."""
    return text.translate(_WIDE)


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Text in one width without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """A label without width, blanks, marks, years and units: what two prints of it have in common."""
    return _MARKS.sub("", _YEAR.sub("", _UNIT_TAIL.sub("", unicodedata.normalize("NFKC", text))))


def without_number(text: str) -> str:
    """A line without its leading ordinal (一、 （一） 1. 公开01表 表1： 其中：)."""
    text = text.strip()
    while (match := _NUMBERING.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return text


@lru_cache(maxsize=4096)
def glob(pattern: str) -> re.Pattern[str]:
    """A folded label pattern; ``*`` stands for any run of characters."""
    return re.compile(
        "".join(".*" if part == "*" else re.escape(fold(part)) for part in re.split(r"(\*)", pattern))
    )


def literal_length(pattern: str) -> int:
    """How much of a pattern is said outright; the longest wins."""
    return sum(len(fold(part)) for part in pattern.split("*"))
