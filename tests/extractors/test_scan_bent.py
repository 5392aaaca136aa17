"""Pages seen from beside and curled pages: straight rules, and boxes that lead back to the print."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pymupdf
import pytest

from fisc.extractors.scan import Scan, recognise
from fisc.extractors.scan.cells import Cell
from fisc.extractors.scan.print_lines import bare, lines_in
from tests.extractors.scan_pages import pixels, scanned, write

pytest.importorskip("onnxruntime")

WIDTH, HEIGHT, DPI = 595.0, 842.0, 150
COLUMNS = (40.0, 120.0, 260.0, 350.0, 450.0, 555.0)
ROWS = tuple(float(y) for y in range(80, 801, 18))


def page() -> pymupdf.Document:
    """A table that fills a page: forty lines, whose amounts say their line and column."""
    document = pymupdf.open()
    sheet = document.new_page(width=WIDTH, height=HEIGHT)
    for y in ROWS:
        sheet.draw_line((COLUMNS[0], y), (COLUMNS[-1], y), width=0.7)
    for x in COLUMNS:
        sheet.draw_line((x, ROWS[0]), (x, ROWS[-1]), width=0.7)
    for i, y in enumerate(ROWS[:-1]):
        for j, x in enumerate(COLUMNS[:-1]):
            write(sheet, x + 4, y + 13, amount(i, j), 9)
    return document


def amount(line: int, column: int) -> str:
    return f"{column + 1}{line:02}.{(37 * line + 11 * column) % 100:02}"


def from_beside(image: Any) -> Any:
    height, width = image.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = np.array([[0.008, 0.008], [-0.008, 0], [0, 0], [0, -0.008]], np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, corners + moved.astype(np.float32))
    return cv2.warpPerspective(image, matrix, (width, height), borderValue=(255.0,) * 3)


def curled(image: Any) -> Any:
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    rise = (0.004 * height * np.sin(np.pi * x / width)).astype(np.float32)
    return cv2.remap(image, x, y + rise, cv2.INTER_LINEAR, borderValue=(255.0,) * 3)


def read(image: Any) -> Scan:
    return recognise(image, box=(0.0, 0.0, WIDTH, HEIGHT), page_number=1)


@pytest.fixture(scope="module", params=[from_beside, curled])
def bent(request: pytest.FixtureRequest) -> Any:
    return scanned(request.param(pixels(page(), DPI)), skew=0.6)


def test_every_amount_of_a_bent_page_stands_between_its_rules(bent: Any) -> None:
    scan = read(bent)
    assert scan.tiles
    rows = sorted({rule.y0 for rule in scan.rules if rule.horizontal})
    columns = sorted({rule.x0 for rule in scan.rules if not rule.horizontal})
    assert (len(rows), len(columns)) == (len(ROWS), len(COLUMNS))
    read_at = {
        (
            int(np.searchsorted(rows, (w.y0 + w.y1) / 2)),
            int(np.searchsorted(columns, (w.x0 + w.x1) / 2)),
        ): w.text
        for w in scan.words
    }
    assert read_at == {
        (i + 1, j + 1): amount(i, j) for i in range(len(ROWS) - 1) for j in range(len(COLUMNS) - 1)
    }


@pytest.mark.parametrize("quarters", [0, 2])
def test_boxes_of_a_bent_page_lie_on_its_print_also_upside_down(bent: Any, quarters: int) -> None:
    image = np.ascontiguousarray(np.rot90(bent, quarters))
    scan, k = read(image), DPI / 72
    assert scan.rotation == 90 * quarters
    assert scan.tiles
    for word in scan.words:
        x0, y0, x1, y1 = (round(v * k) for v in scan.on_page(word.box))
        inside = image[y0:y1, x0:x1, 0] < 128
        around = image[y0 - 3 : y1 + 3, x0 - 3 : x1 + 3, 0] < 128
        assert inside.sum() >= 0.8 * around.sum()


def test_a_flat_page_is_left_flat() -> None:
    assert read(scanned(pixels(page(), DPI), skew=0.6)).tiles == ()


def test_the_rest_of_a_rule_on_the_edge_of_a_cell_is_no_dash_and_a_dash_within_is() -> None:
    ink = np.zeros((60, 200), np.uint8)
    ink[20:40, 60:140] = 1
    ink[1:3, 10:30] = ink[1:3, 36:50] = 1
    ink[28:31, 160:174] = 1
    cell = Cell((0, 0, 200, 60), (0, 1), (0, 1))
    [line] = lines_in(bare(ink, 200 / 72), cell, 20.0, 200 / 72)
    assert line.ink == (60, 20, 174, 40)
    ink[20:40, 60:140] = 0
    [dash] = lines_in(bare(ink, 200 / 72), cell, 20.0, 200 / 72)
    assert dash.ink == (160, 28, 174, 31)
