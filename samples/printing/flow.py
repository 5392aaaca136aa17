"""The flow over pages: text is set line by line, and a new page begins where the old one ends."""

from __future__ import annotations

from dataclasses import dataclass, field

import pymupdf

from samples.layout import Style
from samples.printing.fonts import Face, face
from samples.printing.rules import STYLES, Edges

PORTRAIT = (595.28, 841.89)
UPRIGHT = (False, "")
LEADING = 1.65
METADATA = {"producer": "", "creator": "", "creationDate": "D:20250101000000+08'00'", "modDate": ""}


@dataclass(slots=True)
class Canvas:
    """A page being drawn, always upright; ``y`` is where the next thing goes."""

    page: pymupdf.Page
    width: float
    height: float
    rotated: str
    y: float
    plain: pymupdf.TextWriter
    bold: pymupdf.TextWriter
    shape: pymupdf.Shape
    used: set[bool] = field(default_factory=set)

    @property
    def kind(self) -> tuple[bool, str]:
        """Landscape or not, and how it is turned."""
        return self.width > self.height, self.rotated


class Flow:
    """Sets headings, paragraphs and tables one after the other into a PDF; :meth:`close` gives the bytes."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.face: Face = face(style.font, style.latin)
        self.pdf = pymupdf.open()
        self.count = 0
        self.turned: dict[int, tuple[float, str]] = {}
        self.canvas = self._begin()

    def new_page(self, landscape: bool = False, rotated: str = "") -> None:
        """Begin a page. ``rotated`` pages are turned at the end: ``flag`` with /Rotate, ``sideways`` without."""
        self._finish()
        self.count += 1
        self.canvas = self._begin(landscape, rotated)

    def _begin(self, landscape: bool = False, rotated: str = "") -> Canvas:
        """The page of this number, in place of the one that was begun before."""
        if self.pdf.page_count > self.count:
            self.pdf.delete_page(self.count)
        width, height = PORTRAIT[::-1] if landscape else PORTRAIT
        page = self.pdf.new_page(width=width, height=height)
        self.turned[self.count] = (height, rotated)
        writers = pymupdf.TextWriter(page.rect), pymupdf.TextWriter(page.rect)
        return Canvas(page, width, height, rotated, self.style.margin[1], *writers, page.new_shape())

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on the page yet."""
        return self.canvas.y <= self.style.margin[1]

    @property
    def bottom(self) -> float:
        """Where the page must end."""
        return self.canvas.height - self.style.margin[3]

    @property
    def measure(self) -> float:
        """Width of the text area."""
        return self.canvas.width - self.style.margin[0] - self.style.margin[2]

    def need(self, height: float, kind: tuple[bool, str] = UPRIGHT) -> None:
        """Begin a new page unless ``height`` still fits on this one and it is of the wanted kind."""
        if self.canvas.kind != kind and self.fresh:
            self.canvas = self._begin(*kind)
        elif self.canvas.kind != kind or self.canvas.y + height > self.bottom:
            self.new_page(*kind)

    def text(self, x: float, baseline: float, text: str, size: float, bold: bool = False) -> None:
        """One line of text."""
        for latin, run in self.face.runs(text):
            if self.face.embedded:
                font = self.face.latin if latin else self.face.chinese
                writer = self.canvas.bold if bold else self.canvas.plain
                writer.append((x, baseline), run, font=font, fontsize=size)
                self.canvas.used.add(bold)
            else:
                name = self.face.latin_name if latin else self.face.chinese_name
                mode = 2 if bold else 0
                self.canvas.shape.insert_text(
                    (x, baseline), run, fontname=name, fontsize=size, render_mode=mode
                )
            x += self.face.width(run, size)

    def aligned(self, text: str, size: float, align: str, left: float, right: float, baseline: float) -> None:
        """One line of text between two edges."""
        width = self.face.width(text, size)
        x = {"left": left, "right": right - width}.get(align, (left + right - width) / 2)
        self.text(x, baseline, text, size)

    def heading(
        self, text: str, size: float, align: str = "center", kind: tuple[bool, str] = UPRIGHT
    ) -> None:
        """A line (or lines) of a title, on a page of this kind."""
        self.need(size * LEADING, kind)
        for line in self.face.wrap(text, size, self.measure):
            self.need(size * LEADING, kind)
            width = self.face.width(line, size)
            x = self.style.margin[0] + ((self.measure - width) / 2 if align == "center" else 0)
            self.text(x, self.canvas.y + size * 1.25, line, size, self.style.title_bold)
            self.canvas.y += size * LEADING

    def paragraph(self, text: str, indent: bool = True) -> None:
        """A paragraph of the narrative, its first line two characters in."""
        size = self.style.body
        for n, line in enumerate(self.face.wrap("　　" * indent + text, size, self.measure)):
            self.need(size * LEADING)
            shown = line.lstrip("　") if n == 0 else line
            x = self.style.margin[0] + (2 * size if n == 0 and indent else 0)
            self.text(x, self.canvas.y + size * 1.25, shown, size)
            self.canvas.y += size * LEADING

    def space(self, height: float) -> None:
        """White space, unless at the top of a page."""
        if not self.fresh:
            self.canvas.y += height

    def rules(self, cells: Edges) -> None:
        """The lines of a table's cells on this page."""
        STYLES[self.style.rules](self.canvas.shape, cells)

    def _finish(self) -> None:
        canvas = self.canvas
        if self.style.page_numbers:
            told = self.style.page_numbers.format(n=canvas.page.number + 1)
            self.aligned(told, 9, "center", 0, canvas.width, canvas.height - 30)
        canvas.shape.commit()
        for bold in sorted(canvas.used):
            writer = canvas.bold if bold else canvas.plain
            writer.write_text(canvas.page, render_mode=2 if bold else 0)

    def _turn(self) -> None:
        """Turn what was drawn upright a quarter to the left; with /Rotate a viewer shows it upright again."""
        for number, (height, how) in self.turned.items():
            if not how:
                continue
            page = self.pdf[number]
            first, *_ = page.get_contents()
            stream = b"q 0 1 -1 0 %.2f 0 cm\n" % height + page.read_contents() + b"\nQ"
            self.pdf.update_stream(first, stream)
            self.pdf.xref_set_key(page.xref, "Contents", f"{first} 0 R")
            page.set_mediabox(pymupdf.Rect(0, 0, height, page.rect.width))
            if how == "flag":
                page.set_rotation(90)

    def close(self, title: str = "") -> bytes:
        """The finished PDF: small, with a Unicode map, the same bytes every time."""
        self._finish()
        self._turn()
        if self.face.embedded:
            self.pdf.subset_fonts()
        self.pdf.set_metadata(METADATA | {"title": title})
        content: bytes = self.pdf.tobytes(garbage=3, deflate=True, no_new_id=True)
        self.pdf.close()
        return content
