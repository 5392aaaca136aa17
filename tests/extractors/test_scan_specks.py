"""Dirty paper: specks go, decimal points, commas and colons stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fisc.extractors.scan import recognise
from fisc.extractors.scan.print_lines import ink_of
from fisc.extractors.scan.specks import without_specks
from tests.extractors.scan_pages import BODY, BOX, COLUMNS, HEAD, ROWS, pixels, scanned, table, texts

pytest.importorskip("onnxruntime")


def dotted(image: Any, share: float, seed: int) -> Any:
    """With grey specks of up to three pixels."""
    rng = np.random.default_rng(seed)
    image = image.copy()
    for y, x in zip(*np.nonzero(rng.random(image.shape[:2]) < share), strict=True):
        image[y : y + rng.integers(2, 4), x : x + rng.integers(2, 4)] = 90
    return image


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_dirty_page_says_what_is_printed_and_no_more(seed: int) -> None:
    said = texts(recognise(scanned(dotted(pixels(table(), 200), 0.0005, seed)), box=BOX, page_number=1).words)
    assert set(said[:3]) == {"一般公共预算支出决算表", "部门：某某市财政局", "单位：万元"}
    assert said[3].startswith("注")
    assert said[4:] == [*HEAD, *(text for row in BODY for text in row if text)]


def test_specks_go_and_the_points_of_amounts_stay() -> None:
    clean = pixels(table(), 200)[:, :, 0]
    dirty = dotted(pixels(table(), 200), 0.0005, 4)[:, :, 0]
    specks = ink_of(dirty) & ~ink_of(clean)
    _, left = without_specks(dirty, ink_of(dirty), 200 / 72)
    assert specks.sum() > 1000
    assert (left & specks).sum() < 0.5 * specks.sum()
    amounts = np.s_[round(ROWS[1] * 200 / 72) : round(ROWS[-1] * 200 / 72), round(COLUMNS[2] * 200 / 72) :]
    assert (ink_of(clean) & ~left)[amounts].sum() == 0


def test_a_clean_page_is_left_as_it_is() -> None:
    page = pixels(table(), 200)[:, :, 0]
    picture, ink = without_specks(page, ink_of(page), 200 / 72)
    assert picture is page
    assert (ink == ink_of(page)).all()


@pytest.mark.parametrize("dash", [2, 4])
def test_dashes_of_a_rule_are_no_specks(dash: int) -> None:
    page = pixels(table(rules=False), 200)[:, :, 0].copy()
    top, bottom = round(ROWS[0] * 200 / 72), round(ROWS[-1] * 200 / 72)
    left, right = round(COLUMNS[0] * 200 / 72), round(COLUMNS[-1] * 200 / 72)
    for y in (top, bottom):
        for x in range(left, right, 3 * dash):
            page[y : y + 3, x : x + dash] = 60
    for x in (left, right):
        for y in range(top, bottom, 3 * dash):
            page[y : y + dash, x : x + 3] = 60
    rules = ink_of(page) & ~ink_of(pixels(table(rules=False), 200)[:, :, 0])
    assert rules.sum() > 1000
    _, left_over = without_specks(page, ink_of(page), 200 / 72)
    assert (left_over & rules).sum() > 0.98 * rules.sum()
