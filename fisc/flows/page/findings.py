"""What was found, as a list for the whole document and as cards beside the page concerned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from fisc.flows.page.marks import SEVERITIES, UNACCOUNTED, Row, Rows, boxed, cells_under
from fisc.flows.page.markup import Markup, element, joined
from fisc.flows.page.rows import table_title
from fisc.flows.page.sides import TWO_SIDES, standing
from fisc.flows.page.words import page_name, say, told
from fisc.schemas.contract import MODELS

SIDES = (("expected", "应为"), ("actual", "实为"), ("difference", "差额"), ("tolerance", "容差"))
MOST_ALIKE = 3
"""Cards of one rule that stand open on a page; the rest are folded."""
MOST_CELLS = 8
"""A finding on a whole table is linked to the table's box, not to each of its cells."""


def same_file(_: int) -> str:
    """The address of a page where all pages stand in one file."""
    return ""


def no_more(_: int, __: Row) -> None:
    """Nothing to add to a card."""


class Findings:
    """The findings of a document, numbered from 1 as they are published.

    ``address`` gives the address of a page, ``more`` what a card ends with.
    """

    def __init__(
        self,
        findings: Rows,
        cells: Rows,
        address: Callable[[int], str] = same_file,
        more: Callable[[int, Row], Markup | None] = no_more,
    ) -> None:
        self._numbered = list(enumerate(findings, 1))
        self._cells = cells
        self._address = address
        self._more = more

    def index(self) -> Markup:
        """All findings but numbers that remain, by severity, each a link to its card."""
        groups = []
        for severity, word in SEVERITIES.items():
            listed = [
                (n, f) for n, f in self._numbered if f["severity"] == severity and f["rule"] != UNACCOUNTED
            ]
            if listed:
                summary = element("summary", f"{say(word)} ", element("span", len(listed), class_="count"))
                lines = element("ol", joined(self._entry(n, f) for n, f in listed))
                groups.append(element("details", summary, lines, open=severity != "info", class_=severity))
        return joined(groups) if groups else element("p", say("没有发现问题。"), class_="none")

    def without_page(self) -> Markup | None:
        """The cards of findings on the document as a whole."""
        cards = [self.card(n, f) for n, f in self._numbered if f["page"] is None]
        return (
            element("section", element("h2", say("全文")), joined(cards), class_="whole") if cards else None
        )

    def on(self, page: int) -> Iterator[Markup]:
        """The cards of a page, and the list of its numbers that nothing accounts for."""
        here = [(n, f) for n, f in self._numbered if f["page"] == page]
        told = [(n, f) for n, f in here if f["rule"] != UNACCOUNTED]
        for rule, alike in groupby(told, key=lambda numbered: str(numbered[1]["rule"])):
            cards = [self.card(n, f) for n, f in alike]
            yield from cards[:MOST_ALIKE]
            if rest := cards[MOST_ALIKE:]:
                summary = element("summary", f"{say('另有')} {len(rest)} ", element("code", rule))
                yield element("details", summary, joined(rest), class_="more")
        loose = [(n, f) for n, f in here if f["rule"] == UNACCOUNTED]
        if loose:
            heading = element("h3", say("未归属的数字"), " ", element("span", len(loose), class_="count"))
            yield element(
                "section", heading, element("ul", joined(_loose(n, f) for n, f in loose)), class_="loose"
            )

    def worst(self, page: int) -> str | None:
        """The gravest severity on a page."""
        here = {f["severity"] for _, f in self._numbered if f["page"] == page and f["rule"] != UNACCOUNTED}
        return next((severity for severity in SEVERITIES if severity in here), None)

    def card(self, n: int, finding: Row) -> Markup:
        """One finding with all that is said of it."""
        words, other = told(finding["message"])
        heading = element(
            "h3",
            element("span", n, class_="number"),
            " ",
            element("span", say(SEVERITIES[finding["severity"]]), class_="severity"),
            " ",
            _place(finding["where"]),
            " ",
            element("code", finding["rule"]),
        )
        quote = finding["quote"]
        return element(
            "article",
            heading,
            element("p", words),
            element("p", other, class_="english") if other else None,
            element("blockquote", quote) if quote and quote not in words else None,
            _sides(finding),
            _waived(finding),
            self._links(n, finding),
            self._more(n, finding),
            id=f"f{n}",
            class_=f"card {finding['severity']}{' waived' if finding.get('waived') else ''}",
            tabindex=-1,
        )

    def _entry(self, n: int, finding: Row) -> Markup:
        words, _ = told(finding["message"])
        at = finding["page"]
        page = element("span", page_name(at), class_="page") if at else None
        number = element("span", n, class_="number")
        mark = element("span", say("已免除"), class_="waived") if finding.get("waived") else None
        href = f"{self._address(at) if at else ''}#f{n}"
        return element("li", element("a", number, " ", words, " ", mark, " ", page, href=href))

    def _sides_elsewhere(self, finding: Row) -> Iterator[Markup]:
        """Links to the amounts on other pages that are the other side."""
        for side, word in TWO_SIDES.items():
            found = standing(finding, finding[side], self._cells)
            if found is not None and self._cells[found - 1]["page"] != finding["page"]:
                at = self._cells[found - 1]["page"]
                yield element("a", say(word), " ", page_name(at), href=f"{self._address(at)}#c{found}")

    def _links(self, n: int, finding: Row) -> Markup | None:
        if finding["page"] is None:
            return None
        place = f"#g{n}" if boxed(finding) else f"#p{finding['page']}"
        links = [element("a", page_name(finding["page"]), " ", say("上的位置"), href=place)]
        links += self._sides_elsewhere(finding)
        under = cells_under(finding, self._cells)
        if len(under) <= MOST_CELLS:
            links += [
                element("a", say("单元格"), " ", self._cells[c - 1]["text"], href=f"#c{c}") for c in under
            ]
        return element("p", joined(_spaced(links)), class_="links")


def _place(where: str | None) -> str | None:
    """The Chinese title of a published table; any other place as it is said."""
    return table_title(where) if where in MODELS else where


def _loose(n: int, finding: Row) -> Markup:
    words, _ = told(finding["message"])
    place = f"#g{n}" if boxed(finding) else f"#p{finding['page']}"
    return element("li", element("a", finding["quote"], href=place), " ", words, id=f"f{n}", tabindex=-1)


def _waived(finding: Row) -> Markup | None:
    """Why a person lets it stand."""
    if not finding.get("waived"):
        return None
    return element(
        "p",
        element("strong", say("已免除")),
        "：",
        finding["waived"],
        "（",
        finding["waived_by"],
        "）",
        class_="waiver",
    )


def _sides(finding: Row) -> Markup | None:
    of_years = str(finding["rule"]).endswith(("year", "period"))
    pairs = [
        (word, f"{finding[name]:.0f}" if of_years else plain_figure(finding[name]))
        for name, word in SIDES
        if finding[name] is not None
    ]
    if not pairs:
        return None
    return element("dl", joined(element("div", element("dt", say(w)), element("dd", v)) for w, v in pairs))


def plain_figure(value: Decimal) -> str:
    """A figure of a finding: four decimals only where they say something."""
    return f"{value.normalize():,f}"


def _spaced(links: Sequence[Markup]) -> Iterator[Markup | str]:
    for link in links:
        yield link
        yield " "
