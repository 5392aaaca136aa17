"""Rules: strokes, thin rectangles, doubled borders and dashes become one line each."""

from __future__ import annotations

import pymupdf
import pytest

from fisc.extractors.page import Rule
from fisc.extractors.reading import read_pages
from fisc.extractors.rules import merged, rules_of


def drawn(paint: str) -> tuple[Rule, ...]:
    """The rules of a page on which a line from (100, 200) to (400, 200) is drawn in one of many ways."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    shape = page.new_shape()
    if paint == "stroke":
        shape.draw_line((100, 200), (400, 200))
        shape.finish(width=0.7)
    elif paint == "thin rectangle":
        shape.draw_rect((100, 199.6, 400, 200.4))
        shape.finish(fill=(0, 0, 0), color=None)
    elif paint == "pieces":
        for x in range(100, 400, 50):
            shape.draw_line((x, 200), (x + 50, 200))
        shape.finish(width=0.7)
    elif paint == "dashes":
        for x in range(100, 400, 6):
            shape.draw_line((x, 200), (x + 4, 200))
        shape.finish(width=0.7)
    elif paint == "dash pattern":
        shape.draw_line((100, 200), (400, 200))
        shape.finish(width=0.7, dashes="[3 2] 0")
    elif paint == "dots":
        for x in range(100, 400, 2):
            shape.draw_rect((x, 199.6, x + 1, 200.4))
            shape.finish(fill=(0, 0, 0), color=None)
    elif paint == "drawn twice":
        shape.draw_line((100, 199.6), (400, 199.6))
        shape.draw_line((100, 200.4), (400, 200.4))
        shape.finish(width=0.5)
    shape.commit()
    return read_pages(document.tobytes())[0].rules


@pytest.mark.parametrize(
    "paint", ["stroke", "thin rectangle", "pieces", "dashes", "dash pattern", "dots", "drawn twice"]
)
def test_one_line_is_one_rule_however_it_is_drawn(paint: str) -> None:
    (rule,) = drawn(paint)
    assert rule.horizontal
    assert (rule.x0, rule.x1, rule.y0) == pytest.approx((100, 400, 200), abs=2.1)


def test_white_lines_slants_and_marks_are_no_rules() -> None:
    white = {"type": "s", "color": (1, 1, 1), "items": [("l", (0, 10), (100, 10))], "rect": (0, 10, 100, 10)}
    slant = {"type": "s", "color": (0, 0, 0), "items": [("l", (0, 10), (100, 60))], "rect": (0, 10, 100, 60)}
    mark = {"type": "s", "color": (0, 0, 0), "items": [("l", (0, 10), (3, 10))], "rect": (0, 10, 3, 10)}
    assert rules_of([white, slant, mark]) == ()


def test_lines_apart_stay_apart() -> None:
    rules = merged([(0, 10, 100, 10), (0, 14, 100, 14), (120, 10, 200, 10)])
    assert sorted((rule.y0, rule.x0, rule.x1) for rule in rules) == [
        (10, 0, 100),
        (10, 120, 200),
        (14, 0, 100),
    ]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_shown(rotation: int) -> None:
    document = pymupdf.open()
    page = document.new_page(width=400, height=600)
    page.insert_text((50, 100), "HEAD")
    page.draw_line((50, 110), (150, 110))
    page.set_rotation(rotation)
    (read,) = read_pages(document.tobytes())
    shown = pymupdf.Point(50, 110) * page.rotation_matrix
    assert (read.width, read.height) == ((600, 400) if rotation in (90, 270) else (400, 600))
    (rule,) = read.rules
    assert min(abs(rule.x0 - shown.x), abs(rule.x1 - shown.x)) < 0.1
    assert min(abs(rule.y0 - shown.y), abs(rule.y1 - shown.y)) < 0.1
    assert rule.horizontal == (rotation in (0, 180))
    (word,) = read.words
    assert 0 <= word.x0 < word.x1 <= read.width
    assert 0 <= word.y0 < word.y1 <= read.height
