"""Rules from a text page's vectors are those of the page's drawings, and what vectors cannot say is asked of the drawings."""

from __future__ import annotations

from typing import Any

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.extractors.page import Rule
from fisc.extractors.reading import TEXT_FLAGS
from fisc.extractors.rules import rules_of
from fisc.extractors.vectors import rules_from_vectors


def drawn(content: str) -> Any:
    """A page of 300 × 300 points with this content stream."""
    document = pymupdf.open()
    page = document.new_page(width=300, height=300)
    page.insert_text((10, 10), "x")
    stream = document.get_new_xref()
    document.update_object(stream, "<<>>")
    document.update_stream(stream, content.encode())
    page.set_contents(stream)
    return pymupdf.open("pdf", document.tobytes())[0]


def from_vectors(content: str) -> tuple[Rule, ...] | None:
    return rules_from_vectors(drawn(content).get_textpage(flags=TEXT_FLAGS).extractDICT()["blocks"])


def ends(rules: tuple[Rule, ...]) -> list[float]:
    return [round(end) for rule in rules for end in (rule.x0, rule.y0, rule.x1, rule.y1)]


LINES = "50 50 m 250 50 l 50 100 m 250 100 l 50 50 m 50 100 l S"


@pytest.mark.parametrize(
    "content",
    [
        f"0 w {LINES}",
        f"1 w {LINES}",
        f"[3 2] 0 d 0.5 w {LINES}",
        "50 50 200 0.5 re 50 50 0.5 100 re 50 100 200 0.5 re f",
        "50 50 m 250 50 l 250 50.5 l 50 50.5 l h f",
        "1 1 1 RG 0.5 w 50 50 m 250 50 l S",
        "0.9 g 50 50 200 50 re f",
        "0.5 w 50 50 m 150 50 l S 150 50 m 250 50 l S",
    ],
)
def test_vectors_say_what_drawings_say(content: str) -> None:
    rules = from_vectors(content)
    assert rules is not None
    assert ends(rules) == ends(rules_of(drawn(content).get_cdrawings()))


@pytest.mark.parametrize(
    "content",
    [
        "0.5 w 50 50 200 50 re S",
        "0.5 w 50 50 m 250 50 l 250 100 l 50 100 l S",
        "0.5 w 50 50 m 250 50.4 l S",
        "0.5 w 50 50 m 60 60 100 100 150 50 c S",
        "0.5 w 1 1 0 rg 50 50 200 50 re B",
        "6 w 50 50 m 250 50 l S",
        "".join(f"{50 + 2 * n} 50 1 1 re f " for n in range(100)),
        "q 0.1 0 0 0.1 0 0 cm 5 w 500 500 m 2500 500 l S Q",
    ],
)
def test_what_vectors_cannot_say_is_asked_of_the_drawings(content: str) -> None:
    assert from_vectors(content) is None


def test_a_line_that_is_clipped_away_does_not_show() -> None:
    assert from_vectors("50 40 50 50 re W n 0.5 w 150 50 m 250 50 l S") == ()


def test_a_stroke_through_a_word_does_not_part_it() -> None:
    page = drawn(
        "BT /helv 12 Tf 20 100 Td (12) Tj ET 0.5 w 20 98 m 40 98 l S BT /helv 12 Tf 33.3 100 Td (34) Tj ET"
    )
    words = page.get_textpage(flags=TEXT_FLAGS).extractWORDS()
    assert [word[4] for word in words] == ["1234"]


stroke = st.tuples(
    st.integers(2, 10),
    st.integers(2, 10),
    st.integers(1, 18),
    st.sampled_from(["across", "down"]),
    st.sampled_from([0, 0.5, 1, 1.5]),
)


@given(st.lists(stroke, max_size=12))
def test_any_lines_are_the_same_rules_either_way(strokes: list[tuple[int, int, int, str, float]]) -> None:
    content = ""
    for x, y, length, way, width in strokes:
        to = (x + length, y) if way == "across" else (x, y + length)
        content += f"{width} w {x * 10} {y * 10} m {to[0] * 10} {to[1] * 10} l S "
    rules = from_vectors(content)
    assert rules is not None
    assert ends(rules) == ends(rules_of(drawn(content).get_cdrawings()))
