"""A page that is one JPEG is decoded as it is; any other is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pymupdf
import pytest

from fisc.extractors.scan import whole_page_jpeg
from samples.scan import Scanner, scan
from tests.extractors.scan_pages import table


def page_of(scanner: Scanner) -> Any:
    return pymupdf.open(stream=scan(table().tobytes(), scanner))[0]


def drawn(page: Any, dpi: int) -> Any:
    pixels = page.get_pixmap(dpi=dpi, alpha=False, colorspace="rgb")
    return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)


@pytest.mark.parametrize("dpi", [100, 150, 200])
def test_a_page_that_is_one_jpeg_has_the_pixels_that_drawing_it_gives(dpi: int) -> None:
    page = page_of(Scanner(dpi=dpi, skew=0.7))
    own = whole_page_jpeg(page)
    assert own is not None
    assert np.array_equal(own, drawn(page, dpi))


def _stamp(page: Any) -> None:
    page.draw_circle((100, 100), 40, color=(1, 0, 0))


def _write(page: Any) -> None:
    page.insert_text((20, 20), "12.00")


def _note(page: Any) -> None:
    page.add_highlight_annot((10, 10, 60, 30))


def _set(key: str, value: str) -> Callable[[Any], None]:
    return lambda page: page.parent.xref_set_key(page.get_images()[0][0], key, value)


def _clip(page: Any) -> None:
    page.parent.update_stream(page.get_contents()[0], b"0 0 100 100 re W n " + page.read_contents())


def _mirror(page: Any) -> None:
    contents = page.read_contents().replace(b"cm", b"cm -1 0 0 1 1 0 cm")
    page.parent.update_stream(page.get_contents()[0], contents)


@pytest.mark.parametrize(
    "change",
    [
        _stamp, _write, _note, _clip, _mirror, lambda page: page.set_rotation(90),
        lambda page: page.set_cropbox((0, 0, 200, 200)), _set("Decode", "[1 0 1 0 1 0]"), _set("Width", "300"),
        _set("ColorSpace", "/DeviceCMYK"),
    ],
)  # fmt: skip
def test_anything_more_than_that_is_drawn(change: Callable[[Any], None]) -> None:
    page = page_of(Scanner(dpi=100))
    change(page)
    assert whole_page_jpeg(page.parent[0]) is None


def test_a_picture_on_a_part_of_a_page_is_drawn() -> None:
    assert whole_page_jpeg(page_of(Scanner(dpi=100, part=True))) is None
