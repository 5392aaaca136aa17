"""Bytes to pages: the file is opened once, here, and never again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from fisc.errors import DocumentError
from fisc.extractors.mupdf import pymupdf
from fisc.extractors.page import Box, Page, Picture, Rule, Word
from fisc.extractors.pictures import with_scans
from fisc.extractors.rules import rules_of
from fisc.extractors.straightening import skew_of, straighten
from fisc.extractors.turning import turned_box, uprighting
from fisc.extractors.vectors import rules_from_vectors
from fisc.extractors.watermarks import without_watermarks

MOST_PAGES = 2000
"""Disclosures have 10 to 300 pages; a longer file is somebody's yearbook, or hostile."""
LARGEST_PT = 5000.0
"""A0 is 3,370 pt high; a larger page would cost memory without holding a table."""
TEXT_FLAGS = (
    pymupdf.TEXTFLAGS_WORDS & ~pymupdf.TEXT_PRESERVE_LIGATURES
    | pymupdf.TEXT_COLLECT_VECTORS
    | pymupdf.TEXT_LAZY_VECTORS
)
"""Words, and beside them what is drawn; lazily, so that a stroke through a word does not part it."""


TOUCHING_PT = 0.6
"""A character that begins this far behind a rule may still belong to the text that ran over it."""
_NUMERIC = re.compile(r"[0-9０-９.,，．％%]")
_WHOLE_AMOUNT_END = re.compile(r"\.\d{2}$")


def read_pages(content: bytes) -> tuple[Page, ...]:
    """Every page of a PDF, in points from the top left corner as a reader sees it.

    Raises :class:`DocumentError`: ``empty_file``, ``not_a_pdf``, ``truncated``, ``encrypted``,
    ``too_many_pages``, ``page_too_large``.
    """
    document = _opened(content)
    try:
        return tuple(_read_page(page) for page in document)
    except (RuntimeError, ValueError) as error:
        raise DocumentError(
            "damaged", f"A page of the file cannot be read ({error}); fetch it again."
        ) from error
    finally:
        document.close()


def _opened(content: bytes) -> Any:
    if not content:
        raise DocumentError("empty_file", "The file has no bytes; fetch it again.")
    if b"%PDF-" not in content[:1024]:
        raise DocumentError("not_a_pdf", f"The file is {_kind(content)}, not a PDF; look at the link.")
    try:
        document: Any = pymupdf.open(stream=content, filetype="pdf")
    except (RuntimeError, ValueError) as error:
        raise DocumentError("truncated", "The file is damaged or cut off; fetch it again.") from error
    if document.needs_pass:
        raise DocumentError("encrypted", "The file asks for a password; ask the publisher for an open one.")
    if document.is_repaired and b"%%EOF" not in content[-2048:]:
        raise DocumentError("truncated", "The file ends before its end mark; fetch it again.")
    if document.page_count == 0:
        raise DocumentError("truncated", "The file holds no page; fetch it again.")
    if document.page_count > MOST_PAGES:
        raise DocumentError(
            "too_many_pages",
            f"The file has {document.page_count} pages, more than {MOST_PAGES}; split it by hand.",
        )
    return document


def _kind(content: bytes) -> str:
    head = content[:512].lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<script")) or b"<html" in head:
        return "a web page"
    if content.startswith(b"PK"):
        return "a ZIP archive or an Office document"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old Office document"
    return "of another kind"


def _read_page(page: Any) -> Page:
    rect = page.rect
    if max(rect.width, rect.height) > LARGEST_PT:
        raise DocumentError(
            "page_too_large",
            f"Page {page.number + 1} is {rect.width:.0f} × {rect.height:.0f} pt, more than {LARGEST_PT:.0f}; print it smaller.",
        )
    textpage = page.get_textpage(flags=TEXT_FLAGS)
    blocks = textpage.extractDICT()["blocks"]
    pictured = bool(page.get_images())
    back = None
    if (aslant := skew_of(blocks)) and not pictured:
        back = straighten(page, aslant)
        textpage = page.get_textpage(flags=TEXT_FLAGS & ~pymupdf.TEXT_MEDIABOX_CLIP)
        blocks = textpage.extractDICT()["blocks"]
    raw, aside = without_watermarks(textpage.extractWORDS(), blocks)
    upright = uprighting(raw, blocks, page)
    turn = upright.turn
    rules = rules_from_vectors(blocks, turn)
    if rules is None:
        rules = rules_of(page.get_cdrawings(), turn)
    words = _split_at_rules(_words(raw, turn), rules, textpage, turn)
    read = Page(
        number=page.number + 1,
        width=upright.width,
        height=upright.height,
        words=tuple(words),
        rules=rules,
        pictures=_pictures(page, turn) if pictured else (),
        placements=upright.led_back(back) if back else upright.placements,
        aside=aside,
    )
    return with_scans(page, read)


def _words(raw: Sequence[tuple[Any, ...]], turn: Sequence[float] | None) -> list[Word]:
    """Words as printed, with one number a text line."""
    words = []
    for x0, y0, x1, y1, text, block, line, _ in raw:
        box: Box = (x0, y0, x1, y1) if turn is None else turned_box((x0, y0, x1, y1), turn)
        words.append(Word(text, *box, line=block * 1000 + line))
    return words


def _pictures(page: Any, turn: Sequence[float] | None) -> tuple[Picture, ...]:
    found = []
    for image in page.get_image_info():
        box: Box = image["bbox"] if turn is None else turned_box(tuple(image["bbox"]), turn)
        found.append(Picture(*box, width=image["width"], height=image["height"]))
    return tuple(found)


def _split_at_rules(
    words: list[Word], rules: Sequence[Rule], textpage: Any, turn: Sequence[float] | None
) -> list[Word]:
    """Neighbouring cells' texts printed without a gap arrive as one word: cut it where a rule stands."""
    vertical = sorted((rule.x0, rule.y0, rule.y1) for rule in rules if not rule.horizontal)
    if not vertical:
        return words
    crossings = {
        index: cuts
        for index, word in enumerate(words)
        if len(word.text) > 1 and (cuts := _cuts(word, vertical))
    }
    if not crossings:
        return words
    edges = _character_edges(textpage, turn)
    split: list[Word] = []
    for index, word in enumerate(words):
        split += _split(word, crossings[index], edges) if index in crossings else (word,)
    return split


def _cuts(word: Word, vertical: list[tuple[float, float, float]]) -> list[float]:
    middle = (word.y0 + word.y1) / 2
    return [x for x, y0, y1 in vertical if word.x0 + 1 < x < word.x1 - 1 and y0 <= middle <= y1]


def _character_edges(
    textpage: Any, turn: Sequence[float] | None
) -> list[tuple[float, float, float, float, str]]:
    """Each character of the page with its box."""
    edges = []
    for block in textpage.extractRAWDICT()["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    box = tuple(char["bbox"]) if turn is None else turned_box(tuple(char["bbox"]), turn)
                    edges.append((*box, char["c"]))
    return edges


def _split(
    word: Word, cuts: list[float], edges: list[tuple[float, float, float, float, str]]
) -> Iterator[Word]:
    inside = sorted(
        edge
        for edge in edges
        if word.x0 - 0.5 <= edge[0] and edge[2] <= word.x1 + 0.5
        and word.y0 - 0.5 <= edge[1] and edge[3] <= word.y1 + 0.5 and not edge[4].isspace()
    )  # fmt: skip
    text = "".join(edge[4] for edge in inside)
    if text != word.text:
        yield word
        return
    starts = [0]
    for cut in sorted(cuts):
        at = next((i for i, edge in enumerate(inside) if (edge[0] + edge[2]) / 2 > cut), len(inside))
        if _is_clipped(inside, at, cut):
            continue
        if starts[-1] < at < len(inside) and _may_part(text, at):
            starts.append(at)
    for start, end in zip(starts, [*starts[1:], len(inside)], strict=True):
        piece = inside[start:end]
        yield Word(text[start:end], piece[0][0], word.y0, piece[-1][2], word.y1, word.line)


def _is_clipped(characters: Sequence[tuple[float, float, float, float, str]], at: int, cut: float) -> bool:
    """Whether one last character lies over a rule: a text that its cell clips shows half of it."""
    return (
        at == len(characters) - 1
        and characters[at][0] < cut + TOUCHING_PT
        and not _NUMERIC.match(characters[at][4])
    )


def _may_part(text: str, at: int) -> bool:
    """A number that overflows its cell stays whole; two whole amounts side by side do not."""
    if not (_NUMERIC.match(text[at - 1]) and _NUMERIC.match(text[at])):
        return True
    return bool(_WHOLE_AMOUNT_END.search(text[:at])) and text[at] not in ".,"
