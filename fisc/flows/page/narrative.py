"""The narrative beside the pages on which it stands, its facts underlined and linked to their boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from fisc.extractors.narrative.said.tokens import numeric_tokens, numeric_value
from fisc.flows.page.marks import Row, Rows
from fisc.flows.page.markup import Markup, element, joined
from fisc.schemas.numbers import UNITS

SCALES = frozenset({Decimal(1), *UNITS.values()})
"""What a printed number may have been multiplied by to become the published one."""
DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class _Said:
    """A fact found in the text: characters ``start`` to ``end`` of its paragraph."""

    start: int
    end: int
    number: int
    fact: Row


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    said: tuple[_Said, ...]


class Narrative:
    """Sections by page. A paragraph stands on the page of its first fact, else where the one before it stands."""

    def __init__(self, sections: Rows, facts: Rows) -> None:
        self._by_page: dict[int, list[Markup]] = {}
        left = dict(enumerate(facts, 1))
        for n, section in enumerate(sections, 1):
            pages = range(section["page"], section["page_to"] + 1)
            texts = (section["text"] or "").split("\n")
            paragraphs = [_paragraph(text, left, pages) for text in texts if text]
            for page, block in _blocks(n, section, paragraphs):
                self._by_page.setdefault(page, []).append(block)
        for number, fact in left.items():
            self._by_page.setdefault(fact["page"], []).append(_apart(number, fact))

    def on(self, page: int) -> Iterator[Markup]:
        """The text that stands on a page."""
        blocks = self._by_page.get(page)
        if blocks:
            yield element("section", joined(blocks), class_="narrative")


def _paragraph(text: str, left: dict[int, Row], pages: range) -> _Paragraph:
    """A paragraph with the facts of its pages whose quote and number stand in it; they are taken from ``left``."""
    said: list[_Said] = []
    after: dict[str, int] = {}
    for number, fact in list(left.items()):
        quote = fact["quote"]
        at = text.find(quote) if fact["page"] in pages else -1
        span = _number_in(quote, after.get(quote, 0), fact["value"]) if at >= 0 else None
        if span is None:
            continue
        start, end = at + span[0], at + span[1]
        if not any(start < other.end and other.start < end for other in said):
            after[quote] = span[1]
            said.append(_Said(start, end, number, fact))
            del left[number]
    return _Paragraph(text, tuple(sorted(said, key=lambda one: one.start)))


def _number_in(quote: str, after: int, value: Decimal | None) -> tuple[int, int] | None:
    """The next number of a quote that is worth a value in one of the units of money, or as it stands."""
    for start, end in numeric_tokens(quote):
        worth = numeric_value(quote[start:end])
        if start >= after and worth and value is not None and any(worth[0] * s == abs(value) for s in SCALES):
            return start, end
    return None


def _blocks(n: int, section: Row, paragraphs: list[_Paragraph]) -> Iterator[tuple[int, Markup]]:
    """The heading, and the paragraphs by page."""
    page = section["page"]
    level = min(section["depth"] + 2, DEEPEST_HEADING)
    yield page, element(f"h{level}", section["number"], section["heading"], id=f"s{n}")
    for paragraph in paragraphs:
        if paragraph.said and page < (first := paragraph.said[0].fact["page"]) <= section["page_to"]:
            page = first
        yield page, element("p", joined(_pieces(paragraph)))


def _pieces(paragraph: _Paragraph) -> Iterator[Markup | str]:
    end = 0
    for said in paragraph.said:
        yield paragraph.text[end : said.start]
        yield _link(said.number, said.fact, paragraph.text[said.start : said.end])
        end = said.end
    yield paragraph.text[end:]


def _link(number: int, fact: Mapping[str, object], text: str) -> Markup:
    hint = " ".join(str(part) for part in (fact["name"], fact["period"], fact["unit"]) if part)
    return element("a", text, id=f"w{number}", href=f"#q{number}", title=hint, class_="fact")


def _apart(number: int, fact: Row) -> Markup:
    """A fact whose words the text does not hold as they were quoted."""
    value = f"{fact['value'].normalize():,f}" if fact["value"] is not None else "—"
    return element("p", fact["quote"], " ", _link(number, fact, value), class_="apart")
