"""Draw docs/page-and-rows.png: a page of a sample disclosure with the box of every amount, its rows beside it.

Run from the repository's root: ``python docs/picture.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fisc.extractors.document import extract
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure

TABLE = "expenditure"
COLUMNS = ("function_code", "function_name", "total", "basic", "project")
WIDTHS = (84, 190, 92, 92, 92)
COLOURS = {"proven": (0.1, 0.55, 0.25), "unchecked": (0.85, 0.6, 0.1), "refuted": (0.8, 0.1, 0.1)}
OUT = Path(__file__).with_name("page-and-rows.png")


def main() -> None:
    """Print a sample, read it, draw what was read."""
    disclosure = make_disclosure(1, "306", 2025, "budget")
    printed = print_disclosure(disclosure, layouts.load("hebei"))
    tables = extract(printed.content, Hints()).tables
    cells = [cell for cell in tables["cell"].to_pylist() if cell["table"] == TABLE]
    rows = tables[TABLE].to_pylist()
    source = pymupdf.open(stream=printed.content)
    number = cells[0]["page"]
    page = source[number - 1]
    shown = [cell for cell in cells if cell["page"] == number]
    for cell in shown:
        page.draw_rect(
            (cell["x0"] - 2, cell["y0"] - 1, cell["x1"] + 2, cell["y1"] + 1),
            color=COLOURS[cell["proof"]],
            width=1.1,
        )
    out = pymupdf.open()
    sheet = out.new_page(width=page.rect.width + 590, height=600)
    sheet.show_pdf_page(page.rect, source, number - 1)
    _rows(sheet, page.rect.width + 20, [row for row in rows if row["page"] == number])
    sheet.get_pixmap(dpi=96).save(OUT)
    print(OUT.name, f"{len(shown)} amounts,", sum(cell["proof"] == "proven" for cell in shown), "proven")


def _rows(sheet: Any, left: float, rows: list[dict[str, Any]]) -> None:
    y = 74.0
    sheet.insert_text((left, y - 24), f"{TABLE}, in yuan", fontname="helv", fontsize=12)
    _line(sheet, left, y, COLUMNS)
    for row in rows:
        y += 19
        _line(sheet, left, y, [row[name] for name in COLUMNS])


def _line(sheet: Any, left: float, y: float, values: Any) -> None:
    x = left
    for value, width in zip(values, WIDTHS, strict=True):
        text = "" if value is None else f"{value:,.2f}" if not isinstance(value, str) else value
        font = "helv" if text.isascii() else "china-s"
        size = pymupdf.get_text_length(text, fontname=font, fontsize=9.5)
        right = not isinstance(value, str | None)
        sheet.insert_text((x + width - size - 6 if right else x, y), text, fontname=font, fontsize=9.5)
        x += width


if __name__ == "__main__":
    main()
