"""Whether a picture holds print, and whether a text layer over it says the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fisc.extractors.page import Box, Word
from fisc.extractors.scan.cells import Pixels
from fisc.extractors.scan.cleaning import Grey, clean
from fisc.extractors.scan.connected import connected
from fisc.extractors.scan.decoding import decoder, fold, looks_like_amount
from fisc.extractors.scan.line_reader import crop
from fisc.extractors.scan.print_lines import PrintLine, cut, ink_of
from fisc.extractors.scan.recogniser import recogniser

_SMALLEST = (60.0, 20.0)
"""Points: width and height below which a picture holds no table."""
_FEWEST_MARKS = 25
"""Marks of the size of characters that make print: logos and stamps have fewer."""
_CHARACTER = (3.5, 30.0)
"""Points: height of the smallest and the largest character."""
_FEWEST_WORDS = 5
_ON_INK = 0.9
"""Share of words that must lie on ink, and of the ink of characters that must lie under words."""
_UNDER_WORDS = 0.8
_MARGIN = 1.0
_SAMPLE = 8
"""Words that are read anew and must say the same, all but so many."""
_MISREAD = 0


def image_needs_recognition(
    words: Sequence[Word], image: NDArray[np.uint8], box: Box, *, threads: int = 1
) -> bool:
    """Whether a picture at ``box`` holds print that the words of its page do not say.

    ``words`` are all words of the page. Text printed over a picture without print of its own (a tinted
    background) needs none; a text layer that was put under or over a scan must be trusted to need none.
    """
    if box[2] - box[0] < _SMALLEST[0] or box[3] - box[1] < _SMALLEST[1] or min(image.shape[:2]) < 16:
        return False
    ink = ink_of(clean(image))
    if len(_marks(ink, _per_point(image, box))) < _FEWEST_MARKS:
        return False
    over = [word for word in words if _inside(word, box)]
    return len(over) < _FEWEST_WORDS or not text_layer_trusted(over, image, box, threads=threads)


def text_layer_trusted(
    words: Sequence[Word], image: NDArray[np.uint8], box: Box, *, threads: int = 1
) -> bool:
    """Whether words lie on the print of a picture, all of it, and some of them, read anew, say the same.

    Raises :class:`fisc.errors.DocumentError` ``ocr_missing`` where the recogniser is not installed.
    """
    grey = clean(image)
    ink, pixels = ink_of(grey), _per_point(image, box)
    places = [_pixels(word, box, pixels) for word in words]
    marks = _marks(ink, pixels)
    if not places or not marks:
        return False
    on_ink = np.mean([cut(ink, place).any() for place in places])
    if on_ink < _ON_INK or _covered(marks, places, ink.shape) < _UNDER_WORDS:
        return False
    return _agrees(words, places, grey, threads)


def _per_point(image: NDArray[np.uint8], box: Box) -> float:
    return float(image.shape[1] / max(box[2] - box[0], 1.0))


def _inside(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _pixels(word: Word, box: Box, pixels: float) -> Pixels:
    x0, y0 = (word.x0 - box[0] - _MARGIN) * pixels, (word.y0 - box[1] - _MARGIN) * pixels
    x1, y1 = (word.x1 - box[0] + _MARGIN) * pixels, (word.y1 - box[1] + _MARGIN) * pixels
    return max(0, round(x0)), max(0, round(y0)), max(0, round(x1)), max(0, round(y1))


def _marks(ink: Grey, pixels: float) -> list[tuple[float, float]]:
    """Middles of the marks that have the size of characters."""
    least, most = (size * pixels for size in _CHARACTER)
    _, stats, middles = connected(ink)
    fits = (stats[1:, 3] >= least) & (stats[1:, 3] <= most) & (stats[1:, 2] <= most)
    return [(float(x), float(y)) for x, y in middles[1:][fits]]


def _covered(marks: Sequence[tuple[float, float]], places: Sequence[Pixels], shape: tuple[int, ...]) -> float:
    """The share of marks that lie under words."""
    under = np.zeros(shape, dtype=bool)
    for x0, y0, x1, y1 in places:
        under[y0:y1, x0:x1] = True
    return sum(bool(under[int(y), int(x)]) for x, y in marks) / len(marks)


def _agrees(words: Sequence[Word], places: Sequence[Pixels], grey: Grey, threads: int) -> bool:
    """Whether numbers among the words, and others where there are too few, are read as they are written."""
    numbers = [i for i, word in enumerate(words) if looks_like_amount(word.text)]
    others = [i for i, word in enumerate(words) if i not in set(numbers) and len(word.text) > 1]
    sample = [*_spread(numbers, _SAMPLE), *_spread(others, max(0, _SAMPLE - len(numbers)))]
    engine = recogniser(threads)
    read = decoder(engine.characters)
    page = (0, 0, grey.shape[1], grey.shape[0])
    lines = [crop(grey, PrintLine(places[i], page), 0.0) for i in sample]
    misread = sum(
        fold(words[sample[number]].text) not in {fold(reading.text) for reading in read.text(probabilities)}
        for number, probabilities in engine.read(lines)
    )
    return misread <= _MISREAD


def _spread(items: Sequence[int], most: int) -> list[int]:
    """At most ``most`` of the items, evenly spread."""
    if len(items) <= most:
        return list(items)
    return [items[round(k * (len(items) - 1) / max(most - 1, 1))] for k in range(most)]
