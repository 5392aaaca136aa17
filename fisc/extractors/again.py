"""The way back from an amount to its picture, for a second reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fisc.extractors.page import Page
from fisc.extractors.rereading import Again
from fisc.schemas.statement import Amount


@contextmanager
def second_reading(content: bytes, pages: Sequence[Page]) -> Iterator[Again | None]:
    """What reads cells of the scanned pages of a document once more; None where it has no such pages."""
    scanned = {page.number: page for page in pages if page.scanned}
    if not scanned:
        yield None
        return
    from fisc.extractors.scan import SecondReading

    with SecondReading(content) as second:

        def again(amount: Amount) -> list[tuple[str, float]]:
            page = scanned.get(amount.page)
            found = second.amounts(page, amount.box, blank=not amount.text) if page else ()
            return [(reading.text, reading.score) for reading in found]

        yield again
