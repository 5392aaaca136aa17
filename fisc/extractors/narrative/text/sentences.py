"""Paragraphs to sentences, each character still knowing its place on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fisc.extractors.narrative.text.paragraphs import Paragraph
from fisc.extractors.narrative.text.sections import Chapter
from fisc.schemas.narrative import Piece, Sentence, part_of

_GOES_ON = r"[。！？](?=[）)](?:[，、；]|比|较|与|同比|占|增|减))"
"""A full stop inside brackets behind which the sentence goes on: 公务用车费5万元（购置费1万元，运行费4万元。）比上年增加…."""
_SENTENCE = re.compile(rf"(?:[^。！？]|{_GOES_ON})*[。！？]+[”’」』）)】]*|(?:[^。！？]|{_GOES_ON})+$")


def sentences_of(chapters: Sequence[Chapter]) -> list[Sentence]:
    """The sentences of all sections in printed order; ``paragraph`` counts paragraphs over the whole text."""
    found: list[Sentence] = []
    paragraph = 0
    for index, chapter in enumerate(chapters):
        for part in chapter.paragraphs:
            for start, end in sentence_spans(part.text):
                pieces = tuple(_pieces(part, start, end))
                found.append(Sentence(part.text[start:end], index, paragraph, pieces))
            paragraph += 1
    return found


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence."""
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            yield match.span()


def _pieces(paragraph: Paragraph, start: int, end: int) -> Iterator[Piece]:
    """The pieces of a paragraph that touch a sentence, counted from its start."""
    for piece in paragraph.pieces:
        if piece.start < end and piece.end > start:
            first, last = max(piece.start, start), min(piece.end, end)
            box = piece.box
            if (first, last) != (piece.start, piece.end):
                said = paragraph.text[piece.start : piece.end]
                box = part_of(said, box, first - piece.start, last - piece.start)
            yield Piece(first - start, last - start, piece.page, box)
