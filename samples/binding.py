"""How scanners put the picture of a page into a PDF: as one JPEG, in strips or tiles, in black and white, in layers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf

Image = npt.NDArray[np.uint8]
Put = Callable[[pymupdf.Page, pymupdf.Rect, Image, int], None]
"""Lays a picture (height, width, RGB) into a place of a page, in a JPEG quality."""
_BLACK = 150
"""The grey below which a scanner in black and white sets a black dot."""
_STRIPS = 12
_TILES = (3, 4)
_COARSER = 3
"""How many dots of the text one dot of the background is wide, where the two lie in layers."""


def bound(page: pymupdf.Page, place: pymupdf.Rect, image: Image, quality: int, way: str = "jpeg") -> None:
    """Lay a picture into a place of a page in one of :data:`WAYS`."""
    WAYS[way](page, place, image, quality)


def _jpeg(page: pymupdf.Page, place: pymupdf.Rect, image: Image, quality: int) -> None:
    bgr = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2BGR)
    page.insert_image(place, stream=bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]))


def _cmyk(page: pymupdf.Page, place: pymupdf.Rect, image: Image, quality: int) -> None:
    """A JPEG of four inks, as printers' workflows write it."""
    from PIL import Image as Pillow

    target = io.BytesIO()
    Pillow.fromarray(image).convert("CMYK").save(target, "JPEG", quality=quality)
    page.insert_image(place, stream=target.getvalue())


def _pieces(
    image: Image, place: pymupdf.Rect, rows: int, columns: int
) -> Iterator[tuple[pymupdf.Rect, Image]]:
    """The pieces of a picture and their places, row by row."""
    height, width = image.shape[:2]
    down = [height * i // rows for i in range(rows + 1)]
    across = [width * j // columns for j in range(columns + 1)]
    for y0, y1 in pairwise(down):
        for x0, x1 in pairwise(across):
            left, right = (place.x0 + place.width * x / width for x in (x0, x1))
            top, bottom = (place.y0 + place.height * y / height for y in (y0, y1))
            yield pymupdf.Rect(left, top, right, bottom), image[y0:y1, x0:x1]


def _strips(page: pymupdf.Page, place: pymupdf.Rect, image: Image, quality: int) -> None:
    for part, piece in _pieces(image, place, _STRIPS, 1):
        _jpeg(page, part, piece, quality)


def _tiles(page: pymupdf.Page, place: pymupdf.Rect, image: Image, quality: int) -> None:
    for part, piece in _pieces(image, place, *_TILES):
        _jpeg(page, part, piece, quality)


def _ink(image: Image) -> npt.NDArray[np.bool_]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY) < _BLACK)


def _fax(page: pymupdf.Page, place: pymupdf.Rect, image: Image, _: int) -> None:
    """Black and white dots in CCITT Group 4."""
    _put(
        page,
        place,
        image.shape[:2],
        _group4(_ink(image)),
        f"/K -1 /Columns {image.shape[1]} /Rows {image.shape[0]}",
    )


def _dots(page: pymupdf.Page, place: pymupdf.Rect, image: Image, _: int) -> None:
    """Black and white dots, eight in a byte."""
    _put(page, place, image.shape[:2], np.packbits(~_ink(image), axis=1).tobytes(), None)


def _mask(page: pymupdf.Page, place: pymupdf.Rect, image: Image, _: int) -> None:
    """The ink as a stencil through which black is painted; the paper is that of the page."""
    dots = np.packbits(~_ink(image), axis=1).tobytes()
    _stencil(page, _put(page, place, image.shape[:2], dots, None))


def _layers(page: pymupdf.Page, place: pymupdf.Rect, image: Image, quality: int) -> None:
    """The paper as a coarse JPEG and the ink as a stencil over it: mixed raster content."""
    ink = _ink(image)
    paper = cv2.inpaint(
        cv2.resize(image, None, fx=1 / _COARSER, fy=1 / _COARSER, interpolation=cv2.INTER_AREA),
        (cv2.resize(ink.astype(np.uint8) * np.uint8(255), None, fx=1 / _COARSER, fy=1 / _COARSER, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8),
        3,
        cv2.INPAINT_TELEA,
    )  # fmt: skip
    _jpeg(page, place, paper.astype(np.uint8), quality)
    _stencil(page, _put(page, place, image.shape[:2], np.packbits(~ink, axis=1).tobytes(), None))


def _group4(ink: npt.NDArray[np.bool_]) -> bytes:
    """Dots in CCITT Group 4, taken out of a TIFF."""
    from PIL import Image as Pillow

    target = io.BytesIO()
    Pillow.fromarray(ink).save(target, "TIFF", compression="group4", strip_size=ink.size)
    with Pillow.open(io.BytesIO(target.getvalue())) as tiff:
        (start,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
    return target.getvalue()[start : start + length]


def _put(
    page: pymupdf.Page, place: pymupdf.Rect, size: tuple[int, ...], dots: bytes, group4: str | None
) -> int:
    """Lay a picture of one bit a dot into a page; the number of its object."""
    blank = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 2, 2), False)
    xref: int = page.insert_image(place, pixmap=blank, keep_proportion=False)
    page.parent.update_stream(xref, dots, compress=not group4)
    own = {
        "Width": str(size[1]),
        "Height": str(size[0]),
        "BitsPerComponent": "1",
        "ColorSpace": "/DeviceGray",
    }
    if group4:
        own |= {"Filter": "/CCITTFaxDecode", "DecodeParms": f"<<{group4}>>"}
    for key, value in own.items():
        page.parent.xref_set_key(xref, key, value)
    return xref


def _stencil(page: pymupdf.Page, xref: int) -> None:
    page.parent.xref_set_key(xref, "ImageMask", "true")
    page.parent.xref_set_key(xref, "ColorSpace", "null")


WAYS: dict[str, Put] = {
    "jpeg": _jpeg, "cmyk": _cmyk, "strips": _strips, "tiles": _tiles,
    "fax": _fax, "dots": _dots, "mask": _mask, "layers": _layers,
}  # fmt: skip
"""The ways in which a picture is bound."""
