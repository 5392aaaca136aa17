"""What was found, as a list for the whole document and as cards beside the page concerned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from fisc.flows.page.marks import SEVERITIES, UNACCOUNTED, Row, Rows, boxed, cells_under
from fisc.flows.page.markup import Markup, element, joined
from fisc.flows.page.words import in_two
from fisc.schemas.contract import MODELS

SIDES = (("expected", "应为"), ("actual", "实为"), ("difference", "差额"), ("tolerance", "容差"))
MOST_ALIKE = 3
"""Cards of one rule that stand open on a page; the rest are folded."""
MOST_CELLS = 8
"""A finding on a whole table is linked to the table's box, not to each of its cells."""


class Findings:
    """The findings of a document, numbered from 1 as they are published."""

    def __init__(self, findings: Rows, cells: Rows) -> None:
        self._numbered = list(enumerate(findings, 1))
        self._cells = cells

    def index(self) -> Markup:
        """All findings but numbers that remain, by severity, each a link to its card."""
        groups = []
        for severity, word in SEVERITIES.items():
            listed = [
                (n, f) for n, f in self._numbered if f["severity"] == severity and f["rule"] != UNACCOUNTED
            ]
            if listed:
                summary = element("summary", f"{word} ", element("span", len(listed), class_="count"))
                lines = element("ol", joined(_entry(n, f) for n, f in listed))
                groups.append(element("details", summary, lines, open=severity != "info", class_=severity))
        return joined(groups) if groups else element("p", "没有发现问题。No findings.", class_="none")

    def without_page(self) -> Markup | None:
        """The cards of findings on the document as a whole."""
        cards = [self._card(n, f) for n, f in self._numbered if f["page"] is None]
        return element("section", element("h2", "全文"), joined(cards), class_="whole") if cards else None

    def on(self, page: int) -> Iterator[Markup]:
        """The cards of a page, and the list of its numbers that nothing accounts for."""
        here = [(n, f) for n, f in self._numbered if f["page"] == page]
        told = [(n, f) for n, f in here if f["rule"] != UNACCOUNTED]
        for rule, alike in groupby(told, key=lambda numbered: str(numbered[1]["rule"])):
            cards = [self._card(n, f) for n, f in alike]
            yield from cards[:MOST_ALIKE]
            if rest := cards[MOST_ALIKE:]:
                summary = element("summary", f"另有 {len(rest)} 条 ", element("code", rule))
                yield element("details", summary, joined(rest), class_="more")
        loose = [(n, f) for n, f in here if f["rule"] == UNACCOUNTED]
        if loose:
            heading = element("h3", "未归属的数字 ", element("span", len(loose), class_="count"))
            yield element(
                "section", heading, element("ul", joined(_loose(n, f) for n, f in loose)), class_="loose"
            )

    def worst(self, page: int) -> str | None:
        """The gravest severity on a page."""
        here = {f["severity"] for _, f in self._numbered if f["page"] == page and f["rule"] != UNACCOUNTED}
        return next((severity for severity in SEVERITIES if severity in here), None)

    def _card(self, n: int, finding: Row) -> Markup:
        chinese, english = in_two(finding["message"])
        heading = element(
            "h3",
            element("span", n, class_="number"),
            " ",
            element("span", SEVERITIES[finding["severity"]], class_="severity"),
            " ",
            _place(finding["where"]),
            " ",
            element("code", finding["rule"]),
        )
        quote = finding["quote"]
        return element(
            "article",
            heading,
            element("p", chinese),
            element("p", english, lang="en", class_="english") if english else None,
            element("blockquote", quote) if quote and quote not in chinese else None,
            _sides(finding),
            self._links(n, finding),
            id=f"f{n}",
            class_=f"card {finding['severity']}",
            tabindex=-1,
        )

    def _links(self, n: int, finding: Row) -> Markup | None:
        if finding["page"] is None:
            return None
        place = f"#g{n}" if boxed(finding) else f"#p{finding['page']}"
        links = [element("a", f"第{finding['page']}页上的位置", href=place)]
        under = cells_under(finding, self._cells)
        if len(under) <= MOST_CELLS:
            links += [element("a", "单元格 ", self._cells[c - 1]["text"], href=f"#c{c}") for c in under]
        return element("p", joined(_spaced(links)), class_="links")


def _place(where: str | None) -> str | None:
    """The Chinese title of a published table; any other place as it is said."""
    return MODELS[where].to_schema().title if where in MODELS else where


def _entry(n: int, finding: Row) -> Markup:
    chinese, _ = in_two(finding["message"])
    page = element("span", f"第{finding['page']}页", class_="page") if finding["page"] else None
    return element(
        "li", element("a", element("span", n, class_="number"), " ", chinese, " ", page, href=f"#f{n}")
    )


def _loose(n: int, finding: Row) -> Markup:
    chinese, _ = in_two(finding["message"])
    place = f"#g{n}" if boxed(finding) else f"#p{finding['page']}"
    return element("li", element("a", finding["quote"], href=place), " ", chinese, id=f"f{n}", tabindex=-1)


def _sides(finding: Row) -> Markup | None:
    pairs = [(word, finding[name]) for name, word in SIDES if finding[name] is not None]
    if not pairs:
        return None
    return element(
        "dl", joined(element("div", element("dt", w), element("dd", plain_figure(v))) for w, v in pairs)
    )


def plain_figure(value: Decimal) -> str:
    """A figure of a finding: four decimals only where they say something."""
    return f"{value.normalize():,f}"


def _spaced(links: Sequence[Markup]) -> Iterator[Markup | str]:
    for link in links:
        yield link
        yield " "
