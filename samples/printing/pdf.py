"""Pages as content streams: text and lines are written as PDF operators and bound into one small file at the end.

All pages share one set of fonts; a Chinese font that is embedded is cut down to the characters used and has a Unicode
map. Coordinates are points from the top left corner, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pymupdf

from samples.printing.fonts import Face

METADATA = {"creationDate": "D:20250101000000+08'00'"}


@dataclass(slots=True)
class Page:
    """A page being written, always upright. ``turned``: ``flag`` (by /Rotate) or ``sideways`` (not at all)."""

    width: float
    height: float
    turned: str = ""
    operators: list[str] = field(default_factory=list)

    def text(self, face: Face, x: float, baseline: float, text: str, size: float, bold: bool = False) -> None:
        """One line of text; ``bold`` draws its outlines too."""
        mode = "2 Tr 0.3 w" if bold else "0 Tr"
        for latin, run in face.runs(text):
            y = self.height - baseline
            shown = face.encode(run, latin)
            self.operators.append(
                f"BT {mode} /{face.tag(latin)} {size:g} Tf {x:.2f} {y:.2f} Td {shown} Tj ET"
            )
            x += face.width(run, size)

    def slanted(self, face: Face, text: str, size: float = 60.0) -> None:
        """Large grey text from the lower left to the upper right, as watermarks are."""
        shown = "".join(
            f"/{face.tag(latin)} {size:g} Tf {face.encode(run, latin)} Tj " for latin, run in face.runs(text)
        )
        x, y = self.width * 0.2, self.height * 0.25
        self.operators.append(f"q 0.85 g BT 0.7071 0.7071 -0.7071 0.7071 {x:.2f} {y:.2f} Tm {shown}ET Q")

    def stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.operators.append(f"{x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, paint: str) -> None:
        """``paint``: ``S`` for its outline, ``f`` filled."""
        self.operators.append(f"{x0:.2f} {self.height - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re {paint}")

    def clip(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Show only what lies in a box, up to the operator ``Q``."""
        self.operators.append(f"q {x0:.2f} {self.height - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re W n")

    def put(self, operator: str) -> None:
        """Any other operator, e.g. a line width."""
        self.operators.append(operator)

    def stream(self) -> bytes:
        """The page's content, turned a quarter to the left where it is stored so."""
        drawn = "\n".join(self.operators)
        return (f"q 0 1 -1 0 {self.height:.2f} 0 cm\n{drawn}\nQ" if self.turned else drawn).encode("latin-1")


def bind(pages: list[Page], face: Face, title: str = "") -> bytes:
    """The pages as a PDF file: always the same bytes for the same pages."""
    pdf = pymupdf.open()
    for page in pages:
        size = (page.height, page.width) if page.turned else (page.width, page.height)
        pdf.new_page(width=size[0], height=size[1])
    face.insert(pdf[0])
    resources = pdf.xref_get_key(pdf[0].xref, "Resources")[1]
    for number, page in enumerate(pages):
        xref = pdf[number].xref
        content = pdf.get_new_xref()
        pdf.update_object(content, "<<>>")
        pdf.update_stream(content, page.stream())
        pdf.xref_set_key(xref, "Contents", f"{content} 0 R")
        pdf.xref_set_key(xref, "Resources", resources)
        if page.turned == "flag":
            pdf.xref_set_key(xref, "Rotate", "90")
    if face.embedded:
        pdf.subset_fonts()
    pdf.set_metadata(METADATA | {"title": title})
    bound: bytes = pdf.tobytes(garbage=3, deflate=True, no_new_id=True)
    pdf.close()
    return bound
