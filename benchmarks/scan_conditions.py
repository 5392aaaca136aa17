"""The scanners and the documents of the benchmark of scanned tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from samples.layout import Layout
from samples.scan import FAINT, STAMPED, Scanner
from samples.variants import DRIFTS

OFFICE_150 = Scanner(dpi=150, skew=1.0, noise=7.0, quality=50)
CONDITIONS = {
    "100 dpi": Scanner(dpi=100),
    "120 dpi, skew 0.7°, noise": Scanner(dpi=120, skew=0.7, noise=6.0),
    "150 dpi": Scanner(dpi=150),
    "150 dpi, skew 1°, noise": OFFICE_150,
    "150 dpi, skew 2°, more noise": Scanner(dpi=150, skew=2.0, noise=9.0, quality=50),
    "200 dpi": Scanner(),
    "200 dpi, skew 2°": Scanner(skew=2.0),
    "300 dpi": Scanner(dpi=300),
    "grey paper, JPEG 40": Scanner(background=225, quality=40),
    "low contrast": Scanner(faint=0.45, background=235),
    "thick dots": Scanner(dots=0.0004),
    "red stamp": STAMPED,
    "150 dpi, red stamp": Scanner(dpi=150, skew=0.6, stamp=1, quality=50),
    "faint, broken rules, 150 dpi": FAINT,
    "faint, broken rules, 200 dpi": Scanner(dpi=200, faint=0.3, broken=0.04, background=235),
    "blurred": Scanner(blur=1.0),
    "perspective": Scanner(perspective=0.006),
    "curled page": Scanner(curl=0.003),
    "turned by 90°": Scanner(turn=90),
    "turned by 180°": Scanner(turn=180),
    "turned by 270°": Scanner(dpi=150, skew=0.8, turn=270),
    "picture on a part of the page": Scanner(part=True),
    "with another program's bad text layer": Scanner(layer="bad"),
    "tables over two pages and more, heads repeated": OFFICE_150,
    "tables over two pages and more, heads not repeated": OFFICE_150,
    "fax: black and white, 200 dpi": Scanner(bound="fax", skew=0.7),
    "black and white dots, 150 dpi": Scanner(dpi=150, bound="dots", skew=0.5),
    "stencil of ink, 300 dpi": Scanner(dpi=300, bound="mask", skew=-0.4),
    "layers: stencil over a coarse background": Scanner(bound="layers", skew=0.6, background=235),
    "strips": Scanner(bound="strips", skew=0.8),
    "tiles": Scanner(bound="tiles", skew=-0.8),
    "JPEG of four inks": Scanner(bound="cmyk"),
    "black borders": Scanner(blemishes=("border",), skew=0.8),
    "dark band of a copier": Scanner(dpi=150, blemishes=("band",)),
    "punched holes": Scanner(dpi=150, blemishes=("holes",), skew=0.5),
    "ticks of a pen": Scanner(blemishes=("ticks",)),
    "two stamps": Scanner(stamp=2, quality=50),
    "bent and faint": Scanner(dpi=150, curl=0.002, perspective=0.004, faint=0.4, background=230),
    "stamp, skew 1.5°, noise": Scanner(dpi=150, stamp=1, skew=1.5, noise=8.0, quality=50),
    "150 dpi, JPEG 25": Scanner(dpi=150, quality=25),
}


def _short_pages(repeat: str) -> Callable[[Layout], Layout]:
    return lambda layout: DRIFTS["short_pages"](layout).reformed(repeat=repeat)


SHEETS: Mapping[str, Callable[[Layout], Layout]] = {
    "tables over two pages and more, heads repeated": _short_pages("header"),
    "tables over two pages and more, heads not repeated": _short_pages("none"),
}
"""Conditions under which the documents are printed otherwise before they are scanned."""
DOCUMENTS = (
    ("national_final", "306"), ("shanghai_final", "318"), ("hebei", "309"), ("guangdong_final", "325"),
    ("sichuan_final", "306"), ("neimenggu_final", "361"),
)  # fmt: skip
OTHERS = (
    ("beijing_final", "309"), ("chongqing_budget", "318"), ("county_budget", "306"), ("guangxi", "325"),
    ("guizhou_budget", "361"), ("hunan_budget", "306"), ("jiangsu", "309"), ("jiangxi_budget", "318"),
    ("shaanxi_final", "361"), ("shanghai", "325"), ("tianjin", "306"), ("yunnan_final", "318"),
)  # fmt: skip
"""Documents on which nothing of the recognition was ever tuned."""
