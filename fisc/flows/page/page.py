"""The page as a whole: the template filled, its own style and script allowed by their hashes and nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from string import Template

import pyarrow as pa

from fisc.flows.page import head
from fisc.flows.page.findings import Findings
from fisc.flows.page.marks import Mark, Rows, marks
from fisc.flows.page.markup import Markup, element, escaped, joined
from fisc.flows.page.narrative import Narrative
from fisc.flows.page.pictures import Picture, pictures
from fisc.flows.page.rows import Statements, cells_by_place, raw_tables
from fisc.flows.page.sides import side_marks
from fisc.flows.page.words import page_name, say

FLAG = 1 / 50
"""Size of the number beside a finding's box, as part of the page's width: it must be readable on a small picture."""


def audit_page(content: bytes, tables: Mapping[str, pa.Table], name: str) -> str:
    """One HTML document: each page of a PDF as a picture with boxes, beside it what was read and found.

    ``tables`` are the published tables of the document that ``content`` holds, ``name`` is what to call the file.
    Nothing is loaded from elsewhere, and nothing that came from the document is markup.
    """
    rows: dict[str, Rows] = {table: found.to_pylist() for table, found in tables.items()}
    findings = Findings(rows.get("finding", []), rows.get("cell", []))
    statements = Statements(rows, cells_by_place(rows.get("cell", [])))
    sheets = Sheets(rows, findings, statements)
    drawn = list(pictures(content))
    (document,) = rows["document"]
    parts = {
        "heading": head.heading(document, name),
        "summary": head.summary(document, rows.get("finding", [])),
        "legend": head.legend(),
        "pages": head.page_links([picture.page for picture in drawn], statements.pages(), findings),
        "findings": findings.index(),
        "checks": head.checks(rows.get("check", [])) or "",
        "whole": findings.without_page() or "",
        "sheets": joined(sheets.sheet(picture) for picture in drawn),
    }
    style, script = _file("page.css"), _file("page.js")
    title = escaped(f"{document['department']} {document['fiscal_year']}")
    return Template(_file("page.html")).substitute(
        parts, title=title, policy=_policy(style, script), style=style, script=script
    )


def _policy(style: str, script: str) -> str:
    """No source but the file itself: its pictures, its one style and its one script."""
    return (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _file(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


class Sheets:
    """The pages one by one: picture and boxes on one side, rows, findings and text on the other."""

    def __init__(self, rows: Mapping[str, Rows], findings: Findings, statements: Statements) -> None:
        cells, facts, found = (rows.get(name, []) for name in ("cell", "fact", "finding"))
        self._marks = marks(cells, facts, found, side_marks(found, cells, facts))
        self._findings = findings
        self._statements = statements
        self._narrative = Narrative(rows.get("section", []), rows.get("fact", []))
        self._raw = rows.get("raw_table", [])

    def sheet(self, picture: Picture) -> Markup:
        """One page with its picture."""
        return self.page(picture.page, figure_of(picture, self._marks.get(picture.page, ())))

    def page(self, page: int, figure: Markup) -> Markup:
        """One page beside whatever shows it."""
        beside = [*self._beside(page)] or [element("p", say("本页没有数据。"), class_="none")]
        number = page_name(page)
        return element(
            "section",
            element("h2", element("a", number, href=f"#p{page}")),
            figure,
            element("div", joined(beside), class_="beside"),
            id=f"p{page}",
            class_="sheet",
            aria_label=number,
        )

    def _beside(self, page: int) -> Iterator[Markup]:
        yield from self._findings.on(page)
        yield from self._statements.on(page)
        yield from raw_tables(self._raw, page)
        yield from self._narrative.on(page)


def figure_of(picture: Picture, marked: Sequence[Mark]) -> Markup:
    """A page's picture with boxes over it."""
    image = element(
        "img",
        src=picture.uri,
        width=picture.wide_px,
        height=picture.high_px,
        alt=page_name(picture.page),
        decoding="async",
    )
    boxes = element(
        "svg",
        joined(_box(mark, picture.width * FLAG) for mark in marked),
        viewBox=f"0 0 {picture.width:g} {picture.height:g}",
        preserveAspectRatio="none",
        data_rove="",
    )
    zoom = element(
        "label", element("input", type="checkbox", class_="zoom"), " ", say("放大"), class_="enlarge"
    )
    return element("figure", element("div", image, boxes, class_="paper"), zoom)


def _box(mark: Mark, flag_pt: float) -> Markup:
    x0, y0, x1, y1 = mark.box
    drawn = element(
        "rect", x=_pt(x0 - 1), y=_pt(y0 - 1), width=_pt(x1 - x0 + 2), height=_pt(y1 - y0 + 2), rx="1.5"
    )
    # The number of a finding stands before its box, the caption of a side of it above.
    x, y = (x0 - 2, y0 + flag_pt / 2) if mark.number else (x0, y0 - 3)
    place = {"x": _pt(x), "y": _pt(y), "font_size": _pt(flag_pt)}
    flag = element("text", mark.number or mark.caption, **place) if mark.number or mark.caption else None
    return element(
        "a",
        element("title", mark.label),
        drawn,
        flag,
        id=mark.id,
        href=f"#{mark.leads_to}",
        class_=mark.kind,
    )


def _pt(length: float) -> str:
    return f"{max(length, 0):.1f}"
