"""What a scanned page costs beside the OCR engine: the recogniser alone on the same lines, and rapidocr on the same pages.

Both are asked after fisc has read a document, in the same process, on one thread; seconds are those of the processor.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

import pymupdf

from fisc.extractors import reading
from fisc.extractors.page import Page
from fisc.extractors.scan import drawn
from fisc.extractors.scan import recogniser as engine


class Watched:
    """Notes, while a document is read, the lines that the recogniser is asked and the seconds of each page."""

    def __init__(self) -> None:
        self._lines: list[list[Any]] = []
        self._read = engine.Recogniser.read
        self._with_scans = reading.with_scans
        self.pages: dict[int, float] = {}

    def __enter__(self) -> Watched:
        def read(this: Any, lines: Any, together: int = engine.TOGETHER) -> Any:
            self._lines.append(list(lines))
            return self._read(this, lines, together)

        def with_scans(page: Any, plain: Page) -> Page:
            start = time.process_time()
            whole = self._with_scans(page, plain)
            self.pages[plain.number] = time.process_time() - start
            return whole

        engine.Recogniser.read = read  # type: ignore[method-assign,assignment]
        reading.with_scans = with_scans
        return self

    def __exit__(self, *_: object) -> None:
        engine.Recogniser.read = self._read  # type: ignore[method-assign]
        reading.with_scans = self._with_scans

    def recogniser_seconds(self) -> float:
        """What the recogniser alone takes for the same lines, together as they were asked."""
        reader = engine.recogniser()
        start = time.process_time()
        for lines in self._lines:
            for _ in reader.read(lines):
                pass
        return time.process_time() - start


def rapidocr_seconds(content: bytes, numbers: Collection[int]) -> float:
    """What rapidocr takes for pages (from 1) of a PDF: its detection and its recognition, as they come in its wheel.

    The models are those that fisc has; the direction of lines is not asked, as fisc does not ask it.
    """
    own = _rapidocr()
    spent = 0.0
    for image in _images(content, numbers):
        start = time.process_time()
        own(image, use_cls=False)
        spent += time.process_time() - start
    return spent


def _images(content: bytes, numbers: Collection[int]) -> Iterator[Any]:
    """The pixels of pages as fisc gives them to its own recognition."""
    with pymupdf.open(stream=content) as pdf:
        for number in numbers:
            page = pdf[number - 1]
            width = max(info["width"] / pymupdf.Rect(info["bbox"]).width for info in page.get_image_info())
            yield drawn(page, tuple(page.rect), round(72 * width))


@cache
def _rapidocr() -> Any:
    import numpy as np
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    own = RapidOCR(params={**threads, "Global.log_level": "error"})
    own(np.full((64, 256, 3), 255, np.uint8), use_cls=False)
    return own
