"""The sheets as one HTML file that needs no network, and the templates that the desk shows them with."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fisc.flows.inspection.table import STAGES, ranking, title_of
from fisc.flows.page.marks import SEVERITIES
from fisc.flows.page.words import english, message, page_name, say
from fisc.schemas.inspection import VERDICTS, Sheet

WORDS: Mapping[str, Any] = {
    "say": say,
    "english": english,
    "message": message,
    "page_name": page_name,
    "title_of": title_of,
    "verdicts": VERDICTS,
    "severities": SEVERITIES,
    "stages": STAGES,
}
"""What the templates of the sheet speak with."""


def loader() -> PackageLoader:
    """Where the templates of the sheet are."""
    return PackageLoader("fisc.flows.inspection")


def style() -> str:
    """How the sheet looks."""
    return (files(__package__) / "sheet.css").read_text("utf-8")


def inspection_page(sheets: Sequence[Sheet]) -> str:
    """One HTML document; nothing that a document says is markup in it."""
    environment = Environment(
        loader=loader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(WORDS)
    look = PAGE_STYLE + style()
    return environment.get_template("file.html").render(
        title=title_of(sheets[0].document) if len(sheets) == 1 else f"预决算公开检查表（{len(sheets)}份）",
        sheets=sheets,
        ranking=list(ranking(sheets)) if len(sheets) > 1 else [],
        style=Markup(look),  # noqa: S704 - our own file
        hash="sha256-" + base64.b64encode(hashlib.sha256(look.encode()).digest()).decode("ascii"),
        anchor=lambda document_id: f"#d{document_id}",
        nowhere=lambda _: None,
    )


PAGE_STYLE = """\
body { margin: 0 auto; max-width: 1100px; padding: 1rem; color: #1d1f21; font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } small { color: #63676c; font-weight: 400; }
"""
