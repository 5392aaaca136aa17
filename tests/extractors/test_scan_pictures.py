"""Pictures in a file: a part of a page, another program's text layer, poor ones, and none of it without the recogniser."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymupdf
import pytest

from fisc.extractors.document import extract
from fisc.extractors.page import Page
from fisc.extractors.reading import read_pages
from fisc.extractors.scan import recogniser
from fisc.schemas.identity import Hints
from samples.scan import Image, Scanner, scan
from tests.extractors.scan_pages import AMOUNTS, pixels, scanned, table

pytest.importorskip("onnxruntime")

SCANNED = Scanner(dpi=150, skew=0.4)


def pages_of(scanner: Scanner) -> Page:
    return read_pages(scan(table().tobytes(), scanner))[0]


def amounts(page: Page) -> list[str]:
    return [word.text for word in page.words if word.text in AMOUNTS and word.method == "ocr"]


def test_a_picture_on_a_part_of_a_page_is_read_and_the_text_beside_it_stays_text() -> None:
    image = scanned(pixels(table()))
    document = pymupdf.open()
    sheet = document.new_page(width=420, height=400)
    sheet.insert_text((40, 380), "五、其他说明", fontname="china-s", fontsize=10)
    sheet.insert_image(
        (0, 0, 420, 250), pixmap=pymupdf.Pixmap(pymupdf.csRGB, *_size(image), image.tobytes(), 0)
    )
    page = read_pages(document.tobytes())[0]
    assert page.scanned
    assert amounts(page) == AMOUNTS
    assert any(word.text == "五、其他说明" and word.method == "text" for word in page.words)


@pytest.mark.parametrize("layer", ["good", "bad"])
def test_an_invisible_text_layer_is_not_trusted(layer: str) -> None:
    page = pages_of(replace(SCANNED, layer=layer))
    assert amounts(page) == AMOUNTS
    assert all(word.method == "ocr" for word in page.words)


def shown_layer(image: Image, wrong: str) -> bytes:
    """A picture with a text layer under it that shows as any other text would."""
    printed = table()
    document = pymupdf.open()
    page = document.new_page(width=printed[0].rect.width, height=printed[0].rect.height)
    for x0, _, _, y1, text, *_ in printed[0].get_text("words"):
        page.insert_text((x0, y1 - 2), text.replace("5", wrong), fontname="china-s", fontsize=10)
    page.insert_image(
        page.rect, stream=pymupdf.Pixmap(pymupdf.csRGB, *_size(image), image.tobytes(), 0).tobytes()
    )
    return document.tobytes()


def _size(image: Image) -> tuple[int, int]:
    return image.shape[1], image.shape[0]


def test_a_shown_text_layer_that_says_something_else_than_its_picture_is_not_trusted() -> None:
    page = read_pages(shown_layer(scanned(pixels(table())), "6"))[0]
    assert page.scanned
    assert amounts(page) == AMOUNTS


def test_text_over_a_tinted_background_stays_text() -> None:
    page = read_pages(shown_layer(np.full((520, 875, 3), 235, np.uint8), "5"))[0]
    assert not page.scanned
    assert {"259.60", "一般公共服务支出"} <= {word.text for word in page.words}


def test_a_document_without_the_recogniser_says_on_which_page_and_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recogniser, "find_spec", lambda name: None)
    recogniser.recogniser.cache_clear()
    title = "望溪市财政局2024年部门决算公开"
    found = extract(scan(table().tobytes(), SCANNED), Hints(title=title, region_code="130300"))
    recogniser.recogniser.cache_clear()
    messages = [f["message"] for f in found.tables["finding"].to_pylist() if f["rule"] == "page.unread"]
    assert len(messages) == 1
    assert "第1页" in messages[0]
    assert "pip install 'fisc[ocr]'" in messages[0]
