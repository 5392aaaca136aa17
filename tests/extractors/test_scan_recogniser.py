"""Lines of one width are read together, and as they are read alone."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest

from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.decoding import decoder
from fisc.extractors.scan.recogniser import TOGETHER, Probabilities, recogniser
from tests.extractors.scan_pages import AMOUNTS, FONT, write

pytest.importorskip("onnxruntime")


def line(text: str) -> Grey:
    page = pymupdf.open().new_page(width=FONT.text_length(text, 10) + 8, height=15)
    write(page, 4, 11, text)
    pixels = page.get_pixmap(dpi=200, colorspace="gray")
    return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width)


def alone(lines: list[Grey]) -> list[Probabilities]:
    reader = recogniser()
    return [probabilities for one in lines for _, probabilities in reader.read([one])]


def test_each_line_keeps_its_number_and_its_reading() -> None:
    texts = [*AMOUNTS, "一般公共服务支出", *AMOUNTS]
    lines = [line(text) for text in texts]
    together = dict(recogniser().read(lines))
    assert len(texts) > TOGETHER
    assert sorted(together) == list(range(len(texts)))
    text = decoder(recogniser().characters).text
    assert [text(together[n])[0].text for n in range(len(texts))] == texts
    for n, probabilities in enumerate(alone(lines)):
        assert together[n].shape == probabilities.shape
        assert np.allclose(together[n], probabilities, atol=1e-4)


def test_nothing_is_asked_nothing_is_read() -> None:
    assert list(recogniser().read([])) == []
