"""The two languages of the pages: every word is written in Chinese where it is used, its English stands in a list."""

from __future__ import annotations

import tomllib
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

LANGUAGE: ContextVar[str] = ContextVar("fisc_language", default="zh")
"""``zh`` or ``en``, for what is being written now."""


def say(chinese: str) -> str:
    """A word or sentence in the language of the page; the Chinese one where the list has no English."""
    return english_words().get(chinese, chinese) if english() else chinese


def english() -> bool:
    """Whether the page being written is English."""
    return LANGUAGE.get() == "en"


def page_name(page: int) -> str:
    """A page by its number."""
    return f"p. {page}" if english() else f"第{page}页"


def told(both: str) -> tuple[str, str | None]:
    """A message in the language of the page, and in the other one where the page is Chinese."""
    chinese, english_sentence = in_two(both)
    if english() and english_sentence:
        return english_sentence, None
    return chinese, english_sentence or None


def message(both: str) -> str:
    """The sentence of a finding that stands in the language of the page, of a message in both."""
    chinese, english_sentence = in_two(both)
    return (english_sentence or chinese) if english() else chinese


def in_two(both: str) -> tuple[str, str]:
    """The Chinese and the English sentence of a message."""
    chinese, end, english_sentence = both.partition("。 ")
    return (chinese + end.strip(), english_sentence) if end else (both, "")


@cache
def english_words() -> dict[str, str]:
    """The English of each word."""
    words: dict[str, str] = tomllib.loads((files(__package__) / "english.toml").read_text("utf-8"))["words"]
    return words
