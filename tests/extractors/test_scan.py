"""Scanned tables: every word in its cell, every rule, whatever the scanner did."""

from __future__ import annotations

import re
from typing import Any

import cv2
import numpy as np
import pymupdf
import pytest

from fisc.errors import DocumentError
from fisc.extractors.page import Rule, Word
from fisc.extractors.scan import Scan, image_needs_recognition, recognise, recogniser, text_layer_trusted
from tests.extractors.scan_pages import (
    AMOUNTS,
    BODY,
    BOX,
    COLUMNS,
    HEAD,
    HEIGHT,
    ROWS,
    WIDTH,
    pixels,
    scanned,
    stamped,
    table,
    texts,
    write,
)

pytest.importorskip("onnxruntime")

PLAIN = pixels(table())


def read(image: Any, box: tuple[float, float, float, float] = BOX) -> Scan:
    return recognise(image, box=box, page_number=3)


def amounts(scan: Scan) -> list[str]:
    return [w.text for w in scan.words if re.fullmatch(r"[\d,]+\.\d\d", w.text)]


def in_cells(scan: Scan) -> list[list[str]]:
    """Words by the rows and columns of the rules they stand between."""
    down = sorted({round(r.y0, 1) for r in scan.rules if r.horizontal})
    across = sorted({round(r.x0, 1) for r in scan.rules if not r.horizontal})
    rows = [["" for _ in across[1:]] for _ in down[1:]]
    for word in scan.words:
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        i, j = np.searchsorted(down, y) - 1, np.searchsorted(across, x) - 1
        if 0 <= i < len(rows) and 0 <= j < len(across) - 1:
            rows[i][j] += word.text
    return rows


CONDITIONS = {
    "clean": PLAIN,
    "skewed to the left": scanned(PLAIN, skew=1.6),
    "skewed to the right, coarse": scanned(PLAIN, skew=-1.1, noise=8, quality=45),
    "100 dpi": scanned(pixels(table(), 100), skew=0.4),
    "300 dpi": scanned(pixels(table(), 300), skew=-0.3),
    "grey paper": scanned((PLAIN * 0.75).astype(np.uint8), skew=0.5),
    "stamp": scanned(stamped(PLAIN, (330, 130), 40), skew=0.3, quality=75),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_cell_of_a_scanned_table(condition: str) -> None:
    assert in_cells(read(CONDITIONS[condition])) == [list(HEAD), *(list(row) for row in BODY)]


def test_what_stands_around_the_table_is_read_too() -> None:
    said = texts(read(CONDITIONS["skewed to the left"]).words)
    assert said[:3] == ["一般公共预算支出决算表", "部门：某某市财政局", "单位：万元"]
    assert said[3].startswith("注")


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_is_read_upright(quarters: int) -> None:
    turned = np.ascontiguousarray(np.rot90(scanned(PLAIN, skew=0.6), quarters))
    height, width = turned.shape[:2]
    scan = read(turned, (0, 0, width * 72 / 150, height * 72 / 150))
    assert scan.rotation == 90 * quarters
    assert in_cells(scan) == [list(HEAD), *(list(row) for row in BODY)]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_boxes_lead_back_to_the_page_as_shown(quarters: int) -> None:
    slanting = scanned(PLAIN, skew=1.5)
    turned = np.ascontiguousarray(np.rot90(slanting, quarters))
    height, width = turned.shape[:2]
    left, top = 50.0, 20.0
    scan = read(turned, (left, top, left + width * 72 / 150, top + height * 72 / 150))
    word = next(w for w in scan.words if w.text == "2080505")
    x0, y0, x1, y1 = scan.on_page(word.box)
    k = 150 / 72
    part = turned[
        round((y0 - top) * k) : round((y1 - top) * k), round((x0 - left) * k) : round((x1 - left) * k)
    ]
    upright = np.rot90(part, -quarters)
    assert (upright < 120).mean() > 0.1
    assert 20 < max(part.shape[:2]) * 72 / 150 < 50


def test_rules_meet_at_their_joints_and_lie_where_they_were_printed() -> None:
    scan = read(CONDITIONS["skewed to the right, coarse"])
    rows = sorted({rule.y0 for rule in scan.rules if rule.horizontal})
    columns = sorted({rule.x0 for rule in scan.rules if not rule.horizontal})
    assert rows == pytest.approx(ROWS, abs=1.0)
    assert columns == pytest.approx(COLUMNS, abs=1.0)
    for rule in scan.rules:
        ends = (rule.x0, rule.x1) if rule.horizontal else (rule.y0, rule.y1)
        assert set(ends) <= set(columns if rule.horizontal else rows)


def test_spans_are_kept() -> None:
    document = table(rules=False)
    page = document[0]
    for y in ROWS:
        page.draw_line((COLUMNS[2] if y == ROWS[1] else COLUMNS[0], y), (COLUMNS[-1], y), width=0.7)
    for x in COLUMNS:
        page.draw_line((x, ROWS[1] if x == COLUMNS[3] else ROWS[0]), (x, ROWS[-1]), width=0.7)
    scan = read(scanned(pixels(document), skew=0.7))
    assert printed_at(scan.rules, across=COLUMNS[3]) == pytest.approx((ROWS[1], ROWS[-1]), abs=1.2)
    assert printed_at(scan.rules, down=ROWS[1]) == pytest.approx((COLUMNS[2], COLUMNS[-1]), abs=1.2)


def printed_at(
    rules: tuple[Rule, ...], *, across: float | None = None, down: float | None = None
) -> tuple[float, float]:
    ends = [(r.y0, r.y1) for r in rules if across and not r.horizontal and abs(r.x0 - across) < 2]
    ends += [(r.x0, r.x1) for r in rules if down and r.horizontal and abs(r.y0 - down) < 2]
    (only,) = ends
    return only


def test_lines_of_one_cell_are_words_of_their_own() -> None:
    said = pymupdf.open()
    sheet = said.new_page(width=WIDTH, height=HEIGHT)
    sheet.draw_rect((30, 70, 330, 130), width=0.8)
    sheet.draw_line((180, 70), (180, 130), width=0.8)
    write(sheet, 40, 90, "财政专户管理")
    write(sheet, 40, 104, "资金收入")
    write(sheet, 190, 97, "一")
    words = {w.text: w for w in read(scanned(pixels(said), skew=0.5)).words}
    assert set(words) == {"财政专户管理", "资金收入", "一"}
    assert words["资金收入"].y0 > words["财政专户管理"].y1 - 1
    assert words["资金收入"].line != words["财政专户管理"].line


def test_a_column_that_goes_on_over_the_page_break_has_its_first_row() -> None:
    scan = read(scanned(pixels(table(top=False)), skew=0.4))
    assert set(HEAD) <= set(texts(scan.words))
    assert amounts(scan) == AMOUNTS


def test_broken_and_faint_rules_still_part_the_cells() -> None:
    image = PLAIN.copy()
    rules = pixels(table()) < pixels(table(rules=False))
    image[rules] = 255 - (255 - image[rules]) // 2
    rng = np.random.default_rng(1)
    for _ in range(120):
        y, x = rng.integers(0, image.shape[0] - 6), rng.integers(0, image.shape[1] - 6)
        part = rules[y : y + 6, x : x + 6]
        image[y : y + 6, x : x + 6][part] = 255
    assert in_cells(read(scanned(image, skew=0.5))) == [list(HEAD), *(list(row) for row in BODY)]


def gapped(document: pymupdf.Document, rules: Any, seed: int) -> Any:
    """A faint picture of the document in which pieces of 12 pixels are missing from ``rules``."""
    image = pixels(document)
    image[rules] = 255 - (255 - image[rules]) // 2
    rng = np.random.default_rng(seed)
    raster = rng.random((image.shape[0] // 12 + 1, image.shape[1] // 12 + 1)) < 0.08
    gaps = np.repeat(np.repeat(raster, 12, 0), 12, 1)[: image.shape[0], : image.shape[1], None]
    image[gaps & rules] = 255
    return scanned(image, skew=-0.7, noise=7, quality=45)


@pytest.mark.parametrize("seed", range(4))
def test_rules_of_which_long_pieces_are_missing_still_part_the_cells(seed: int) -> None:
    scan = read(gapped(table(), pixels(table()) < pixels(table(rules=False)), seed))
    assert in_cells(scan) == [list(HEAD), *(list(row) for row in BODY)]


@pytest.mark.parametrize("seed", range(4))
def test_a_gap_of_the_form_is_not_bridged_where_rules_are_broken(seed: int) -> None:
    ruled, bare = table(rules=False), table(rules=False)
    for y in ROWS:
        ruled[0].draw_line((COLUMNS[0], y), (COLUMNS[-1], y), width=0.7)
    for x in COLUMNS:
        merged = x == COLUMNS[3]
        ruled[0].draw_line((x, ROWS[0]), (x, ROWS[2] if merged else ROWS[-1]), width=0.7)
        ruled[0].draw_line((x, ROWS[3] if merged else ROWS[0]), (x, ROWS[-1]), width=0.7)
    scan = read(gapped(ruled, pixels(ruled) < pixels(bare), seed))
    ends = [(r.y0, r.y1) for r in scan.rules if not r.horizontal and abs(r.x0 - COLUMNS[3]) < 2]
    assert sorted(ends) == [
        pytest.approx((ROWS[0], ROWS[2]), abs=1.5),
        pytest.approx((ROWS[3], ROWS[-1]), abs=1.5),
    ]


def test_amounts_bring_the_other_readings_that_are_likely() -> None:
    scan = read(CONDITIONS["skewed to the right, coarse"])
    for word in scan.words:
        assert word.method == "ocr"
        assert word.readings[0].text == word.text
        assert len({reading.text for reading in word.readings}) == len(word.readings)
        assert all(0 <= reading.score <= 1 for reading in word.readings)
    unsure = read(scanned(cv2.GaussianBlur(PLAIN, (0, 0), 2.2), noise=9, quality=35))
    assert any(len(word.readings) > 1 for word in unsure.words if word.text in AMOUNTS)


def test_bare_paper_and_specks_say_nothing() -> None:
    for image in (np.full((300, 500, 3), 255, np.uint8), np.zeros((1, 1, 3), np.uint8), PLAIN[:3, :40]):
        scan = read(np.ascontiguousarray(image), (0, 0, 100, 60))
        assert (scan.words, scan.rules) == ((), ())


def test_a_poor_scan_is_said_to_be_poor() -> None:
    scan = read(scanned(pixels(table(), 70)))
    assert any("70 dots per inch" in warning and "Page 3" in warning for warning in scan.warnings)
    assert read(PLAIN).warnings == ()


def test_without_the_recogniser_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recogniser, "find_spec", lambda name: None)
    recogniser.recogniser.cache_clear()
    with pytest.raises(DocumentError, match=r"pip install 'fisc\[ocr\]'") as raised:
        read(PLAIN)
    assert raised.value.reason == "ocr_missing"
    recogniser.recogniser.cache_clear()


def layer(dx: float = 0.0, dy: float = 0.0) -> list[Word]:
    """The words of the printed page, as another program would lay them over its scan."""
    return [Word(w[4], w[0] + dx, w[1] + dy, w[2] + dx, w[3] + dy) for w in table()[0].get_text("words")]


def test_a_text_layer_is_trusted_where_it_lies_on_its_ink_and_says_the_same() -> None:
    image = scanned(PLAIN)
    assert text_layer_trusted(layer(), image, BOX)
    assert not text_layer_trusted(layer(3, 8), image, BOX)
    assert not text_layer_trusted(layer()[:8], image, BOX)
    misread = [Word(w.text.replace("5", "6"), *w.box) for w in layer()]
    assert not text_layer_trusted(misread, image, BOX)
    assert not text_layer_trusted([], image, BOX)


def test_which_pictures_need_recognition() -> None:
    image = scanned(PLAIN)
    assert image_needs_recognition([], image, BOX)
    assert image_needs_recognition(layer(3, 8), image, BOX)
    assert not image_needs_recognition(layer(), image, BOX)
    tinted = np.full_like(image, 230)
    assert not image_needs_recognition(layer(), tinted, BOX)
    assert not image_needs_recognition([], image, (0, 0, 40, 15))
