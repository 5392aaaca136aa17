"""The numbers of running text and of headings, each with what accounts for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.extractors.narrative.said.mention import Mention
from fisc.extractors.narrative.said.numbers import Number, numbers_in, widened
from fisc.extractors.narrative.text.sections import Chapter
from fisc.schemas.narrative import NumericToken, Sentence

CLAIMED = frozenset({"growth", "share", "completion"})


def sentence_tokens(sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Iterator[NumericToken]:
    """Every number of the sentences: a fact, a claim, a quantity, or its part in the structure."""
    said = {(m.sentence, m.number.start): m for m in mentions}
    paragraph = -1
    for index, sentence in enumerate(sentences):
        first, paragraph = sentence.paragraph != paragraph, sentence.paragraph
        for number in numbers_in(widened(sentence.text), marked=first):
            page, box = sentence.place(number.start, number.end)
            yield NumericToken(number.text, page, box, _role(number, said.get((index, number.start))))


def _role(number: Number, mention: Mention | None) -> str | None:
    if mention is not None:
        if mention.kind in CLAIMED:
            return "claim"
        return "quantity" if mention.number.role == "count" and mention.name is None else "fact"
    return None if number.role == "bare" else number.role


def heading_tokens(found: Sequence[Chapter]) -> Iterator[NumericToken]:
    """The numbers of headings that stand on lines of their own."""
    for chapter in found:
        opening = chapter.opening
        if opening is None or any(paragraph is opening for paragraph in chapter.paragraphs):
            continue
        for number in numbers_in(widened(opening.text), marked=True):
            piece = next(p for p in opening.pieces if p.start <= number.start < p.end)
            role = number.role if number.role not in ("bare", "money", "percent", "count") else "heading"
            yield NumericToken(number.text, piece.page, piece.box, role)
