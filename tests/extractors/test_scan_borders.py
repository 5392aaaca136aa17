"""Black borders and bands at the edges of a scan go; dark fields with print on them stay."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from fisc.extractors.scan import recognise
from fisc.extractors.scan.borders import without_borders
from samples.blemishes import blemished
from tests.extractors.scan_pages import AMOUNTS, BOX, pixels, scanned, table

pytest.importorskip("onnxruntime")

POINT = 150 / 72


def grey(image: Any) -> Any:
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


@pytest.mark.parametrize("kind", ["border", "band"])
def test_a_border_goes_and_every_amount_within_is_read(kind: str) -> None:
    page = scanned(pixels(table()), skew=0.6)
    page = cv2.copyMakeBorder(page, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(248, 248, 248))
    dark = blemished(page.copy(), (kind,), 150, np.random.default_rng(1))
    clean = without_borders(grey(dark), POINT)
    assert (grey(dark) < 100).mean() > 0.03
    assert clean[:, :5].min() > 200
    assert (clean[80:-80, 80:-80] == grey(dark)[80:-80, 80:-80]).all()
    box = (0.0, 0.0, BOX[2] + 120 / POINT, BOX[3] + 120 / POINT)
    words = [word.text for word in recognise(dark, box=box, page_number=1).words]
    assert [text for text in words if text in AMOUNTS] == AMOUNTS


def test_a_dark_head_with_light_print_and_a_grey_one_stay() -> None:
    page = np.full((400, 800), 255, np.uint8)
    page[:50] = 40
    for n in range(14):
        cv2.putText(page, "ABCDE", (5 + 57 * n, 32), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255.0,), 2)
    page[360:] = 180
    assert (without_borders(page, POINT) == page).all()
