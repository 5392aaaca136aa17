"""Fonts: which one draws a character, how wide it is, where a line breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

import pymupdf

LATIN = {"serif": "tiro", "sans": "helv"}
ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)"})
SYSTEM = {"song": "china-ss", "hei": "china-s"}
"""Fonts that a viewer brings along: named in the file, not embedded."""

NO_START = set("，。；：、！？）》】”%,.;:)」』")
"""Characters that do not begin a line."""


@dataclass(slots=True)
class Face:
    """A pair of fonts: one for Chinese, one for Latin letters and digits (or the Chinese one again)."""

    chinese: pymupdf.Font
    latin: pymupdf.Font
    embedded: bool
    chinese_name: str
    latin_name: str
    widths: dict[str, float] = field(default_factory=dict)

    def tag(self, latin: bool) -> str:
        """The name under which a page knows the font."""
        return self.latin_name if latin else self.chinese_name

    def insert(self, page: pymupdf.Page) -> None:
        """Make the fonts known to a page."""
        buffer = self.chinese.buffer if self.embedded else None
        page.insert_font(fontname=self.chinese_name, fontbuffer=buffer)
        if self.latin_name:
            page.insert_font(fontname=self.latin_name)

    def encode(self, run: str, latin: bool) -> str:
        """A run as the operand of ``Tj``: characters of Latin fonts, glyphs or UTF-16 of Chinese ones."""
        if latin:
            return "(" + run.translate(ESCAPES) + ")"
        if self.embedded:
            return "<" + "".join(f"{self.chinese.has_glyph(ord(char)):04x}" for char in run) + ">"
        return f"<{run.encode('utf-16-be').hex()}>"

    def is_latin(self, char: str) -> bool:
        return char < "\u0100"

    def width(self, text: str, size: float) -> float:
        """Width of a line in points."""
        return sum(map(self._advance, text)) * size

    def _advance(self, char: str) -> float:
        known = self.widths.get(char)
        if known is None:
            latin = self.is_latin(char) and self.latin_name
            font = self.latin if latin else self.chinese
            wide = not self.embedded and not latin
            known = self.widths[char] = 1.0 if wide else font.glyph_advance(ord(char))
        return known

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
        if self.width(text, size) <= width:
            return [text]
        lines, line, used = [], "", 0.0
        for piece in _pieces(text):
            wide = self.width(piece, size)
            if line and used + wide > width and piece[0] not in NO_START:
                lines.append(line)
                line, used = "", 0.0
            whole, *rest = _cut(self, piece, size, width) if wide > width else [piece]
            line, used = line + whole, used + wide
            for part in rest:
                lines.append(line)
                line, used = part, self.width(part, size)
        return [*lines, line]


def _cut(face: Face, piece: str, size: float, width: float) -> list[str]:
    """A number wider than its cell, cut where it must be."""
    parts = [""]
    for char in piece:
        if parts[-1] and face.width(parts[-1] + char, size) > width:
            parts.append("")
        parts[-1] += char
    return parts


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
    return Face(chinese, pymupdf.Font(name or "cjk"), embedded, SYSTEM.get(font, "zh"), name)
