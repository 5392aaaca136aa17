"""Heading schemes of many places, data in ``wordings/headings.toml``: the tree of sections, and what each is about."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from fisc.extractors.narrative import read_narrative
from fisc.extractors.narrative.text.topics import topic_named
from fisc.extractors.page import Page, Word
from fisc.schemas.narrative import Section
from tests.extractors.test_narrative import LONG, PITCH, TOP, set_lines, word

DATA = Path(__file__).parent / "wordings" / "headings.toml"
SCHEMES = {scheme["place"]: scheme for scheme in tomllib.loads(DATA.read_text("utf-8"))["scheme"]}
LARGER, LINES = 16.0, 34


def printed(text: str) -> list[Page]:
    """Pages of a scheme: titles larger and in the middle, all else with an indent of two characters."""
    words: list[list[Word]] = [[]]
    for line in [*text.strip().splitlines(), f"> {LONG}"]:
        kind, said = (line[0], line[2:]) if line[:2] in ("# ", "> ") else ("", line)
        rows = [(said, 8, LARGER)] if kind == "#" else [(row, n, 12.0) for row, n in set_lines([said])]
        for row, indent, size in rows:
            if len(words[-1]) == LINES:
                words.append([])
            words[-1].append(word(row, TOP + len(words[-1]) * PITCH, 80.0 + indent * 12.0, size))
    return [Page(n, 595.0, 842.0, tuple(found), ()) for n, found in enumerate(words, 1)]


def told(section: Section) -> str:
    number, topic = section.number or "-", section.topic or "-"
    return f"{section.depth} {number} {topic} {section.heading or '-'}"


@pytest.mark.parametrize("place", SCHEMES)
def test_a_scheme_gives_its_tree(place: str) -> None:
    scheme = SCHEMES[place]
    year, stage = (2024, "final_accounts") if scheme.get("final") else (2025, "budget")
    narrative = read_narrative(printed(scheme["text"]), {}, year, stage)
    assert [told(section) for section in narrative.sections] == scheme["sections"].strip().splitlines()


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("三公”经费支出决算情况说明", "three_public"),
        ("2025 年 政府采购 情况", "procurement"),
        ("部门预算绩效管理开展情况", "performance"),
        ("收支预算说明", "overview"),
        ("关于国有资本经营预算的说明", "state_capital"),
        ("机构设置及人员情况", "institutions"),
        ("河道整治专项经费情况说明", "projects"),
        ("农林水支出（类）", None),
        ("立项依据", None),
    ],
)
def test_the_topic_of_a_heading(heading: str, topic: str | None) -> None:
    assert topic_named(heading) == topic
