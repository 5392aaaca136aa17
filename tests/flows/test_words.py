"""Everything the pages say has its English, and the list holds nothing that is said nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fisc.flows.desk.views.document import DONE
from fisc.flows.desk.wanted import FINDINGS, ORDERS, PROVEN
from fisc.flows.desk.words import STATE_WORDS
from fisc.flows.page.findings import SIDES
from fisc.flows.page.head import DRAWN, LEVELS, STAGES
from fisc.flows.page.marks import PROOFS, SEVERITIES
from fisc.flows.page.rows import METHODS, SPOKEN
from fisc.flows.page.words import LANGUAGE, english_words, message, say
from fisc.schemas.inspection import VERDICTS

FLOWS = Path(__file__).resolve().parents[2] / "fisc" / "flows"
SAID = re.compile(r"""say\(\s*(?:"([^"]+)"|'([^']+)')\s*\)""")
LABEL = re.compile(r'options\("\w+", "([^"]+)"')
LISTS = (DONE, STATE_WORDS, DRAWN, LEVELS, STAGES, PROOFS, SEVERITIES, METHODS, SPOKEN, VERDICTS)


def said() -> Iterator[str]:
    for room in ("page", "desk", "inspection"):
        for file in (FLOWS / room).rglob("*"):
            if file.suffix in (".py", ".html"):
                text = file.read_text("utf-8")
                yield from (double or single for double, single in SAID.findall(text))
                yield from LABEL.findall(text)
    for words in LISTS:
        yield from words.values()  # type: ignore[misc]
    yield from (word for _, word in SIDES)
    yield from (word for choices in (FINDINGS, PROVEN, ORDERS) for word, _ in choices.values())


def test_every_word_has_its_english() -> None:
    assert sorted({word for word in said() if not word.isascii()} - set(english_words())) == []


def test_nothing_is_listed_that_is_said_nowhere() -> None:
    everything = "".join(
        f.read_text("utf-8") for f in FLOWS.rglob("*") if f.suffix in (".py", ".html")
    ) + "".join(VERDICTS.values())
    assert [word for word in english_words() if word not in everything] == []


def test_a_word_is_said_in_the_language_of_the_page() -> None:
    assert (say("已证实"), message("不符。 It differs.")) == ("已证实", "不符。")
    token = LANGUAGE.set("en")
    try:
        assert (say("已证实"), message("不符。 It differs."), message("不符。")) == (
            "proven",
            "It differs.",
            "不符。",
        )
    finally:
        LANGUAGE.reset(token)
