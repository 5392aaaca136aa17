"""The pixels of a page; of one that is a JPEG and nothing else, as they are in it."""

from __future__ import annotations

import re
import struct
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.mupdf import pymupdf
from fisc.extractors.page import Box

_PLAIN_SPACES = frozenset({"DeviceRGB", "DeviceGray", "ICCBased"})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Markers of a JPEG behind which its size stands: baseline, extended, progressive."""
_TOUCHED = ("Mask", "Decode", "DecodeParms", "OC")
"""Keys of an image by which it is shown otherwise than its JPEG says."""
_DRAWING = frozenset({b"q", b"Q", b"cm", b"Do"})
_NUMBER = re.compile(rb"[-+]?[0-9.]+")
_MARGIN = 1.0
"""Points that such a picture may leave free at the edges of its page."""


def drawn(page: Any, box: Box, dpi: int) -> NDArray[np.uint8]:
    """The pixels (height, width, 3) of a part of a PyMuPDF page."""
    whole = np.abs(np.array(box) - np.array(tuple(page.rect))).max() < _MARGIN
    own = whole_page_jpeg(page) if whole else None
    if own is not None and abs(own.shape[1] - page.rect.width * dpi / 72) <= 1:
        return own
    pixels = page.get_pixmap(dpi=dpi, clip=box, alpha=False, colorspace=pymupdf.csRGB)
    shown: NDArray[np.uint8] = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)
    return shown


def whole_page_jpeg(page: Any) -> NDArray[np.uint8] | None:
    """The picture (height, width, 3) of a PyMuPDF page on which one upright JPEG is all that is shown.

    None for any other page. These are the pixels that drawing the page at the picture's own resolution gives, in a
    quarter of the time: most scanners write such pages.
    """
    images = page.get_images(full=True)
    if len(images) != 1 or page.rotation or page.first_annot or page.first_widget:
        return None
    xref, soft_mask, width, height, _, space, _, name, encoding, form = images[0]
    plain = encoding == "DCTDecode" and space in _PLAIN_SPACES and not soft_mask and not form
    touched = any(page.parent.xref_get_key(xref, key)[0] != "null" for key in _TOUCHED)
    if not plain or touched or not _only_draws(page.read_contents(), name) or not _fills(page):
        return None
    content = page.parent.xref_stream_raw(xref)
    if _said(content) not in ((height, width, 1), (height, width, 3)):
        return None
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    return None if pixels is None else cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)


def _only_draws(contents: bytes, name: str) -> bool:
    """Whether a page does nothing but place one picture: no clipping, no transparency, no text."""
    words = [word for word in contents.split() if not _NUMBER.fullmatch(word)]
    names = [word for word in words if word not in _DRAWING]
    return names == [b"/" + name.encode()] and words.count(b"Do") == 1


def _fills(page: Any) -> bool:
    """Whether the only picture of a page lies upright over all of it."""
    info = page.get_image_info()
    if len(info) != 1:
        return False
    a, b, c, d, _, _ = info[0]["transform"]
    beside = np.abs(np.array(info[0]["bbox"]) - np.array(tuple(page.rect))).max()
    return bool(a > 0 and d > 0 and abs(b) < _MARGIN and abs(c) < _MARGIN and beside < _MARGIN)


def _said(content: bytes) -> tuple[int, int, int] | None:
    """Height, width and number of colours that a JPEG says it has; None where it cannot be followed."""
    at = 2
    while content[:2] == b"\xff\xd8" and at + 10 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            height, width, colours = struct.unpack_from(">HHB", content, at + 5)
            return height, width, colours
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
