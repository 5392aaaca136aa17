"""Charts as files. The font comes along: PyMuPDF carries one with Chinese, so no system font is needed anywhere."""

from __future__ import annotations

import atexit
import base64
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fisc.errors import FiscError

FONT = "fisc han"
"""What the font is called here, so that no font of the machine is taken for it: Droid Sans Fallback, Apache-2.0."""
HELD = "\ue000"
"""Stands for ``<`` while the renderer writes the page."""

SCALE = 2.0
ENDINGS = (".png", ".svg", ".html")


class PlotError(FiscError):
    """A picture that cannot be drawn: an ending that says no form, or a missing extra."""


def draw(chart: Any, target: Path) -> None:
    """Write a chart as PNG, SVG or one interactive page that needs no network. Raises :class:`PlotError`."""
    if target.suffix.lower() not in ENDINGS:
        raise PlotError(
            f"{target.name} does not say in what form to draw it; end it in {', '.join(ENDINGS)}."
        )
    import vl_convert

    spec = chart.configure(**_look()).to_dict()
    target.parent.mkdir(parents=True, exist_ok=True)
    _font_known()
    match target.suffix.lower():
        case ".png":
            target.write_bytes(vl_convert.vegalite_to_png(spec, scale=SCALE))
        case ".svg":
            svg = vl_convert.vegalite_to_svg(spec)
            style = f"<defs><style>{_face(''.join(_texts(svg)))}</style></defs>"
            target.write_text(svg.replace(">", f">{style}", 1), encoding="utf-8")
        case _:
            target.write_text(_page(spec), encoding="utf-8")


def _page(spec: dict[str, Any]) -> str:
    """One page with everything in it. What a document says stays text: no ``<`` of it reaches the markup."""
    import vl_convert

    said = json.dumps(spec, ensure_ascii=False)
    page = vl_convert.vegalite_to_html(json.loads(said.replace("<", HELD)), bundle=True, renderer="svg")
    head = f'<meta charset="UTF-8">\n<style>{_face(said)}</style>'
    return str(page).replace('<meta charset="UTF-8">', head, 1).replace(HELD, "\\u003c")


def _look() -> dict[str, Any]:
    words = {"labelFont": FONT, "titleFont": FONT}
    return {
        "font": FONT,
        "background": "white",
        "padding": 16,
        "axis": {**words, "labelFontSize": 12, "titleFontSize": 12, "grid": True, "gridColor": "#eceef0", "labelLimit": 320},
        "legend": {**words, "labelFontSize": 12, "titleFontSize": 12, "orient": "top"},
        "title": {"font": FONT, "subtitleFont": FONT, "fontSize": 16, "subtitleFontSize": 11, "subtitleColor": "#666", "offset": 12},
        "view": {"stroke": None},
        "text": {"font": FONT, "fontSize": 12},
    }  # fmt: skip


@cache
def _font() -> bytes:
    """The font with all the names that renderers ask for; as it comes it has no PostScript name and is passed over."""
    import pymupdf
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(bytes(pymupdf.Font("china-s").buffer)))
    for number, name in ((1, FONT), (2, "Regular"), (4, FONT), (6, FONT.replace(" ", "-"))):
        font["name"].setName(name, number, 3, 1, 0x409)
    sink = io.BytesIO()
    font.save(sink)
    return sink.getvalue()


@cache
def _font_known() -> None:
    """Let the renderer know the font; it reads the file whenever it draws, so it stays until the process ends."""
    import vl_convert

    folder = tempfile.mkdtemp(prefix="fisc-font-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (Path(folder) / "font.ttf").write_bytes(_font())
    vl_convert.register_font_directory(folder)


def _face(text: str) -> str:
    """The font as CSS, with only the characters that are used."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(_font()))
    chooser = subset.Subsetter(subset.Options(layout_features=[], notdef_outline=True))
    chooser.populate(text=text + "0123456789.,-−–%KMBGk ")
    chooser.subset(font)
    sink = io.BytesIO()
    font.save(sink)
    data = base64.b64encode(sink.getvalue()).decode()
    return f"@font-face{{font-family:'{FONT}';src:url(data:font/ttf;base64,{data})}}"


def _texts(svg: str) -> Iterator[str]:
    from xml.etree import ElementTree

    for element in ElementTree.fromstring(svg).iter():  # noqa: S314 - our own renderer wrote it
        if element.text:
            yield element.text
