"""Pictures that hold text: which parts of a page must be recognised, and the page with what was recognised in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from fisc.errors import DocumentError
from fisc.extractors.page import Box, Page, Picture, Placement, Word
from fisc.extractors.turning import whole

SMALLEST_SHARE = 0.12
"""A picture of a table takes up at least this share of its page; logos and stamps are smaller."""
WHOLE_SHARE = 0.6
"""Pictures that cover this share of a page are a scan of it."""
DPI = (100, 300)
"""Less cannot be read, more is never needed."""
GARBLED_DPI = 200
FEWEST_WORDS = 5
"""Fewer words over a picture are a caption; more may say all that is in it."""
FEWEST_CHARACTERS = 40
"""So many characters say whether a text layer can be read."""
READABLE_SHARE = 0.8
INVISIBLE = 3
"""Text render mode of another program's recognition under a scan."""


def with_scans(page: Any, read: Page) -> Page:
    """The page with the words and rules of its pictures, where they hold text that the page does not.

    ``page`` is the open PyMuPDF page. Without the optional recogniser the page says so in ``unread``.
    """
    region = _scanned(page, read)
    if region is None:
        return read
    box, dpi = region
    try:
        return read if _said(page, read, box) else _recognised(page, read, box, dpi)
    except DocumentError as error:
        return replace(read, words=_outside(read.words, box), unread=error.sentence)


def _scanned(page: Any, read: Page) -> tuple[Box, float] | None:
    """The part of a page to recognise, and its resolution; None where the text layer says it all."""
    everything = (0.0, 0.0, page.rect.width, page.rect.height)
    if _garbled(read.words):
        return everything, GARBLED_DPI
    large = [picture for picture in read.pictures if _share(picture, read) >= SMALLEST_SHARE]
    covered = sum(_share(picture, read) for picture in read.pictures)
    if not large and covered < WHOLE_SHARE:
        return None
    seen = large or list(read.pictures)
    dpi = min(DPI[1], max(DPI[0], max(picture.width / (picture.x1 - picture.x0) * 72 for picture in seen)))
    around = _around(seen)
    whole_page = covered >= WHOLE_SHARE and not _outside(read.words, around)
    return (everything if whole_page else around), dpi


def _said(page: Any, read: Page, box: Box) -> bool:
    """Whether shown text says what stands in the pictures: where it lies on print of theirs, it is held against it."""
    if len(_inside(read.words, box)) < FEWEST_WORDS or _garbled(read.words) or _hidden(page):
        return False
    from fisc.extractors.scan import image_needs_recognition

    return not any(image_needs_recognition(read.words, image, at) for image, at in _upright_images(page))


def _upright_images(page: Any) -> Iterator[tuple[Any, Box]]:
    """Pixels and places of the large pictures of a page, as they lie under its text; turned ones are left out."""
    import numpy as np
    import pymupdf

    for info in page.get_image_info(xrefs=True):
        a, b, c, d, _, _ = info["transform"]
        x0, y0, x1, y1 = info["bbox"]
        small = (x1 - x0) * (y1 - y0) < SMALLEST_SHARE * page.rect.width * page.rect.height
        if small or not info["xref"] or page.rotation or b or c or a <= 0 or d <= 0:
            continue
        pixels = pymupdf.Pixmap(page.parent, info["xref"])
        rgb = pymupdf.Pixmap(pymupdf.csRGB, pixels)
        flat = pymupdf.Pixmap(rgb, 0) if rgb.alpha else rgb
        image = np.frombuffer(flat.samples, np.uint8).reshape(flat.height, flat.width, 3)
        yield image, (x0, y0, x1, y1)


def _share(picture: Picture, read: Page) -> float:
    return max(0.0, picture.x1 - picture.x0) * max(0.0, picture.y1 - picture.y0) / (read.width * read.height)


def _around(pictures: Sequence[Picture]) -> Box:
    return (
        min(p.x0 for p in pictures), min(p.y0 for p in pictures), max(p.x1 for p in pictures), max(p.y1 for p in pictures),
    )  # fmt: skip


def _garbled(words: Sequence[Word]) -> bool:
    """Whether a text layer has no usable Unicode map: its characters are of no script that disclosures print."""
    text = "".join(word.text for word in words)
    readable = sum(
        "一" <= c <= "鿿"
        or " " <= c <= "~"
        or "\u2000" <= c <= "\u303f"
        or "\uff00" <= c <= "\uffef"
        or c in "·×÷±°²³“”‘’—…"
        for c in text
    )
    return len(text) >= FEWEST_CHARACTERS and readable < READABLE_SHARE * len(text)


def _hidden(page: Any) -> bool:
    """Whether most of the text layer is not shown: another program's recognition, not to be trusted."""
    spans = page.get_texttrace()
    hidden = sum(len(span["chars"]) for span in spans if span["type"] == INVISIBLE or span["opacity"] == 0)
    return 2 * hidden > sum(len(span["chars"]) for span in spans)


def _inside(words: Sequence[Word], box: Box) -> list[Word]:
    return [
        w for w in words if box[0] <= (w.x0 + w.x1) / 2 <= box[2] and box[1] <= (w.y0 + w.y1) / 2 <= box[3]
    ]


def _outside(words: Sequence[Word], box: Box) -> tuple[Word, ...]:
    held = {id(word) for word in _inside(words, box)}
    return tuple(word for word in words if id(word) not in held)


def _recognised(page: Any, read: Page, box: Box, dpi: float) -> Page:
    from fisc.extractors.scan import drawn, recognise

    full = box[2] - box[0] >= page.rect.width * 0.99 and box[3] - box[1] >= page.rect.height * 0.99
    scan = recognise(drawn(page, box, round(dpi)), box=box, page_number=read.number)
    width, height = (read.height, read.width) if full and scan.rotation % 180 else (read.width, read.height)
    return replace(
        read,
        width=width,
        height=height,
        words=(*_outside(read.words, box), *scan.words),
        rules=(*(() if full else read.rules), *scan.rules),
        placements=(*scan.tiles, whole(width, height, scan.to_page) if full else _part(scan, box)),
        scanned=True,
        poor=" ".join(scan.warnings) or None,
    )


def _part(scan: Any, box: Box) -> Placement:
    return Placement(box, scan.to_page)
