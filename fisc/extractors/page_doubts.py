"""What is to be said of single pages: pictures not read or read with doubt, text taken for a watermark."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.extractors.page import Page
from fisc.schemas.audit.outcome import Finding

MOST_LINES = 3
"""More different lines aslant on one page than this are no watermark."""


def page_doubts(pages: Sequence[Page]) -> list[Finding]:
    """Every finding that is about a page as such."""
    return [*_unread(pages), *_poor(pages), *_aslant(pages), *_watermarks(pages)]


def _unread(pages: Sequence[Page]) -> list[Finding]:
    """A finding for each page whose picture could not be read."""
    return [
        Finding(
            "page.unread",
            "error",
            f"第{page.number}页",
            f"第{page.number}页为图像，未能识别，其内容未列入数据。",
            f"Page {page.number} is a picture and was not read: {page.unread}",
            page=page.number,
        )
        for page in pages
        if page.unread
    ]


def _poor(pages: Sequence[Page]) -> list[Finding]:
    """A finding for each page whose picture was read with doubt."""
    return [
        Finding(
            "page.poor_scan",
            "warning",
            f"第{page.number}页",
            f"第{page.number}页扫描质量差，识别结果须有两项勾稽关系印证才视为证实，请核对原表。",
            f"{page.poor} Its figures count as proven only where two sums agree; scan it again.",
            page=page.number,
        )
        for page in pages
        if page.poor
    ]


def _aslant(pages: Sequence[Page]) -> list[Finding]:
    """A finding for each page with more text aslant than watermarks have: it may be the text of the page."""
    return [
        Finding(
            "page.aslant",
            "error",
            f"第{page.number}页",
            f"第{page.number}页有{len(page.aside)}行倾斜的文字，未列入数据，请核对原件。",
            f"Page {page.number} has {len(page.aside)} different lines of text aslant, which were not read; compare the page.",
            quote=page.aside[0],
            page=page.number,
        )
        for page in pages
        if len(page.aside) > MOST_LINES
    ]


def _watermarks(pages: Sequence[Page]) -> list[Finding]:
    """A finding for each text that was taken for a watermark, where it first stands."""
    first: dict[str, int] = {}
    for page in pages:
        for line in page.aside if len(page.aside) <= MOST_LINES else ():
            first.setdefault(line, page.number)
    return [
        Finding(
            "page.watermark",
            "info",
            f"第{number}页",
            f"“{line}”视为水印，未列入数据。",
            f"The text {line!r} across the page was taken for a watermark; it is not read.",
            quote=line,
            page=number,
        )
        for line, number in first.items()
    ]
