"""The flow over pages: text is set line by line, and a new page begins where the old one ends."""

from __future__ import annotations

from samples.layout import Style
from samples.printing.fonts import Face, face
from samples.printing.pdf import Page, bind
from samples.printing.rules import STYLES, Edges

PORTRAIT = (595.28, 841.89)
LEADING = 1.65

Kind = tuple[bool, str]
"""Of a page: whether it is landscape, and how it is turned (see :class:`Page`)."""

UPRIGHT: Kind = (False, "")


class Flow:
    """Sets headings, paragraphs and tables one after the other; :meth:`close` gives the PDF's bytes.

    ``y`` is where the next thing goes, in points from the top of the page.
    """

    def __init__(self, style: Style) -> None:
        self.style = style
        self.face: Face = face(style.font, style.latin)
        self.pages: list[Page] = []
        self.new_page()

    def new_page(self, kind: Kind = UPRIGHT) -> None:
        """Begin a page."""
        width, height = PORTRAIT[::-1] if kind[0] else PORTRAIT
        self.page = Page(width, height, kind[1])
        self.pages.append(self.page)
        self.y = self.style.margin[1]
        self._around()

    def _around(self) -> None:
        """What stands on every page: its number, a line above it, a watermark."""
        for text, baseline in (
            (self.style.page_numbers, self.page.height - 30),
            (self.style.page_head, 36),
        ):
            if text:
                told = text.format(n=len(self.pages))
                self.aligned(told, 9, "center", 0, self.page.width, baseline)
        if self.style.watermark:
            self.page.slanted(self.face, self.style.watermark)

    @property
    def kind(self) -> Kind:
        return self.page.width > self.page.height, self.page.turned

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on the page yet."""
        return self.y <= self.style.margin[1]

    @property
    def bottom(self) -> float:
        """Where the page must end."""
        return self.page.height - self.style.margin[3]

    @property
    def left(self) -> float:
        return self.style.margin[0]

    @property
    def measure(self) -> float:
        """Width of the text area."""
        return self.page.width - self.style.margin[0] - self.style.margin[2]

    def need(self, height: float, kind: Kind = UPRIGHT) -> None:
        """Begin a new page unless ``height`` still fits on this one and it is of the wanted kind."""
        if self.kind != kind and self.fresh:
            self.pages.pop()
            self.new_page(kind)
        elif self.kind != kind or self.y + height > self.bottom:
            self.new_page(kind)

    def text(self, x: float, baseline: float, text: str, size: float, bold: bool = False) -> None:
        """One line of text."""
        if not self.style.glyphs:
            self.page.text(self.face, x, baseline, text, size, bold)
            return
        for char in text:
            self.page.text(self.face, x, baseline, char, size, bold)
            x += self.face.width(char, size)

    def aligned(self, text: str, size: float, align: str, left: float, right: float, baseline: float) -> None:
        """One line of text between two edges."""
        width = self.face.width(text, size)
        x = {"left": left, "right": right - width}.get(align, (left + right - width) / 2)
        self.text(x, baseline, text, size)

    def heading(self, text: str, size: float, align: str = "center", kind: Kind = UPRIGHT) -> None:
        """A line (or lines) of a title, on a page of this kind."""
        self.need(size * LEADING, kind)
        for line in self.face.wrap(text, size, self.measure):
            self.need(size * LEADING, kind)
            rest = self.measure - self.face.width(line, size)
            x = self.left + (rest / 2 if align == "center" else 0)
            self.text(x, self.y + size * 1.25, line, size, self.style.title_bold)
            self.y += size * LEADING

    def paragraph(self, text: str, indent: int = 2) -> None:
        """A paragraph of the narrative, its first line so many characters in."""
        size = self.style.body
        for n, line in enumerate(self.face.wrap("　" * indent + text, size, self.measure)):
            self.need(size * LEADING)
            first = indent if n == 0 else 0
            self.text(self.left + first * size, self.y + size * 1.25, line[first:], size)
            self.y += size * LEADING

    def space(self, height: float) -> None:
        """White space, unless at the top of a page."""
        if not self.fresh:
            self.y += height

    def rules(self, cells: Edges) -> None:
        """The lines of a table's cells on this page."""
        STYLES[self.style.rules](self.page, cells)

    def close(self, title: str = "") -> bytes:
        """The finished PDF: small, with a Unicode map, the same bytes every time."""
        return bind(self.pages, self.face, title)
