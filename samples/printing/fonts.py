"""Fonts: which one draws a character, how wide it is, where a line breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

import pymupdf

LATIN = {"serif": "tiro", "sans": "helv"}
SYSTEM = {"song": "china-ss", "hei": "china-s"}
"""Fonts that a viewer brings along: named in the file, not embedded."""

NO_START = set("，。；：、！？）》】”%,.;:)」』")
"""Characters that do not begin a line."""


@dataclass(slots=True)
class Face:
    """A pair of fonts: one for Chinese, one for Latin letters and digits."""

    chinese: pymupdf.Font
    latin: pymupdf.Font
    embedded: bool
    chinese_name: str
    latin_name: str
    widths: dict[str, float] = field(default_factory=dict)

    def is_latin(self, char: str) -> bool:
        return char < "\u0100"

    def width(self, text: str, size: float) -> float:
        """Width of a line in points."""
        return sum(self._advance(char) for char in text) * size

    def _advance(self, char: str) -> float:
        if char not in self.widths:
            latin = self.is_latin(char) and self.latin_name
            font = self.latin if latin else self.chinese
            wide = not self.embedded and not latin
            self.widths[char] = 1.0 if wide else font.glyph_advance(ord(char))
        return self.widths[char]

    def runs(self, text: str) -> Iterator[tuple[bool, str]]:
        """The text in runs of one font: (is Latin, run)."""
        for latin, chars in groupby(text, self.is_latin):
            yield bool(latin and self.latin_name), "".join(chars)

    def wrap(self, text: str, size: float, width: float) -> list[str]:
        """Lines no wider than ``width``; breaks between any two characters, as Chinese does, digits included."""
        lines: list[str] = []
        for part in text.split("\n"):
            lines += self._wrap(part, size, width)
        return lines

    def _wrap(self, text: str, size: float, width: float) -> list[str]:
        lines, line, used = [], "", 0.0
        for piece in _pieces(text):
            wide = self.width(piece, size)
            if line and used + wide > width and piece[0] not in NO_START:
                lines.append(line)
                line, used = "", 0.0
            for char in piece:
                advance = self._advance(char) * size
                if line and used + advance > width + size and piece not in NO_START:
                    lines.append(line)
                    line, used = "", 0.0
                line += char
                used += advance
        return [*lines, line] if line or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Numbers stay whole; every other character stands for itself."""
    for digits, chars in groupby(text, lambda c: c in "0123456789.,%"):
        if digits:
            yield "".join(chars)
        else:
            yield from chars


@cache
def face(font: str, latin: str) -> Face:
    """The fonts of a style: see :class:`samples.layout.Style`."""
    embedded = font == "embedded"
    chinese = pymupdf.Font("cjk" if embedded else SYSTEM[font])
    name = LATIN.get(latin, "")
    return Face(chinese, pymupdf.Font(name or "cjk"), embedded, SYSTEM.get(font, "cjk"), name)
