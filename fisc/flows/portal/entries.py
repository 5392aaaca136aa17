"""The entries of a list page: by the selectors of its source, or by habit where it has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from fisc.flows.portal.address import DOCUMENTS, address, day_of, ending, is_article
from fisc.flows.portal.pages import CLICKED, is_around, words
from fisc.flows.source.listing import ATTRIBUTE, Listing, Start
from fisc.flows.titles import read_day

_DISCLOSURE = re.compile(r"预算|决算|预决算|“?三公”?经费")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_HINTS = 4
_CONTAINERS = 3
"""So many elements around a link are searched for its day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of one document, or of the page that leads to it. ``start`` is the list that it stands in,
    ``heading`` what stands above it there, ``fields`` all that JSON says of it. ``without`` are the places that the
    source names and that it does not have."""

    url: str
    title: str
    day: date | None
    department: str | None
    heading: str | None
    start: Start
    fields: Any = None
    without: frozenset[str] = frozenset()


def html_entries(page: LexborHTMLParser, base: str, listing: Listing, start: Start) -> Iterator[Entry]:
    """The entries of a page in printed order."""
    if listing.entries is None:
        yield from (e for e in _all_links(page, base, listing, start) if looks_like_disclosure(e))
        return
    heading: str | None = None
    both = f"{listing.heading}, {listing.entries}" if listing.heading else listing.entries
    for node in page.css(both):
        if listing.heading and node.css_matches(listing.heading) and not node.css_matches(listing.entries):
            heading = words(node) or None
            continue
        yield from _entries_in(node, base, listing, start, heading)


def looks_like_disclosure(entry: Entry) -> bool:
    """Whether a link without a selector is taken: it leads to a file, or to an article about a budget."""
    if ending(entry.url) in DOCUMENTS:
        return len(entry.title) > 1
    said = _DISCLOSURE.search(entry.title)
    return said is not None and (_YEAR.search(entry.title) is not None or is_article(entry.url))


def passed_over(page: LexborHTMLParser, base: str, listing: Listing, start: Start) -> list[Entry]:
    """Links with words of budgets in them that habit does not take; for showing, not for fetching."""
    if listing.entries is not None:
        return []
    found = [e for e in _all_links(page, base, listing, start) if _DISCLOSURE.search(e.title)]
    return [entry for entry in found if not looks_like_disclosure(entry)]


def likely_entries(page: LexborHTMLParser) -> list[str]:
    """Selectors that several links of a page share, most links first, each with the words of its first ones."""
    groups: dict[str, list[str]] = {}
    for node in page.css("a[href]"):
        if not is_around(node) and words(node):
            groups.setdefault(_place_of(node), []).append(words(node))
    several = sorted((g for g in groups.items() if len(g[1]) > 1), key=lambda g: -len(g[1]))
    return [f'"{place}"  {len(said)} links: {"、".join(said[:3])}' for place, said in several[:_HINTS]]


def _place_of(node: LexborNode) -> str:
    """A selector for links like this one: what it stands in, below the nearest element with an id or a class."""
    inner = (
        node.parent.tag
        if node.parent is not None and node.parent.tag in ("li", "tr", "td", "dd", "p")
        else "a"
    )
    around = node.parent
    while around is not None and around.tag not in ("body", "html"):
        name, kinds = around.attributes.get("id"), (around.attributes.get("class") or "").split()
        if name or (kinds and around.tag != inner):
            return f"#{name} {inner}" if name else f"{around.tag}.{kinds[0]} {inner}"
        around = around.parent
    return inner


def _all_links(page: LexborHTMLParser, base: str, listing: Listing, start: Start) -> Iterator[Entry]:
    heading: str | None = None
    for node in page.css(f"{listing.heading}, a" if listing.heading else "a"):
        if node.tag != "a":
            heading = words(node) or None
        elif not is_around(node):
            yield from _entries_in(node, base, listing, start, heading)


def _entries_in(
    node: LexborNode, base: str, listing: Listing, start: Start, heading: str | None
) -> Iterator[Entry]:
    department = _first(node, listing.department)
    title = _first(node, listing.title)
    for anchor, place in _anchors(node, listing.link):
        url = _leads_to(anchor, base) if place is None else address(base, place)
        if url is not None:
            day = _day(node, anchor, listing.date)
            found = {"title": title, "date": day, "department": words(department)}
            yield Entry(
                url=url,
                title=_title(title or anchor, anchor),
                day=day or day_of(url),
                department=words(department) or None,
                heading=heading,
                start=start,
                without=without(listing, found),
            )


def _leads_to(anchor: LexborNode, base: str) -> str | None:
    """Where an entry leads: its link, else what its data or a click on it name."""
    said = [anchor.attributes.get(name) or "" for name in ("href", "data-href", "data-url")]
    for script in (said[0], anchor.attributes.get("onclick") or ""):
        said += CLICKED.findall(unquote(script))
    return next((url for place in said if (url := address(base, place)) is not None), None)


def without(listing: Listing, found: Mapping[str, Any]) -> frozenset[str]:
    """The places that a list names and in which nothing was found."""
    return frozenset(name for name, value in found.items() if getattr(listing, name) and not value)


def _anchors(node: LexborNode, link: str | None) -> list[tuple[LexborNode, str | None]]:
    """The elements of an entry that lead on, and where to, if the source makes that of the entry's attributes."""
    if link is not None and "{" in link:
        place = _made(node, link)
        return [(node, place)] if place is not None else []
    if node.tag == "a":
        return [(node, None)]
    if link is not None:
        return [(each, None) for each in node.css(link)]
    first = node.css_first("a[href]") or node.css_first("a, [onclick], [data-href], [data-url]")
    return [(first, None)] if first is not None else []


def _made(node: LexborNode, template: str) -> str | None:
    """An address out of attributes: ``/detail/{data-id}.html``, or of the first match in one: ``{onclick:[0-9]+}``."""
    values = []
    for name, pattern in ATTRIBUTE.findall(template):
        holder = node if name in node.attributes else node.css_first(f"[{name}]")
        said = (holder.attributes.get(name) or "") if holder is not None else ""
        match = re.search(pattern or ".+", said)
        if match is None:
            return None
        values.append(quote(match[0], safe="/"))
    given = iter(values)
    return ATTRIBUTE.sub(lambda _: next(given), template)


def _title(node: LexborNode, anchor: LexborNode) -> str:
    """The title attribute where there is one: portals cut the text of long titles short."""
    said = node.attributes.get("title") or anchor.attributes.get("title") or node.text(deep=True)
    return " ".join(said.split())


def _first(node: LexborNode, selector: str | None) -> LexborNode | None:
    return node.css_first(selector) if selector else None


def _day(entry: LexborNode, anchor: LexborNode, selector: str | None) -> date | None:
    if selector is not None:
        found = entry.css_first(selector)
        return read_day(found.text(deep=True)) if found is not None else None
    around: LexborNode | None = anchor
    for _ in range(_CONTAINERS):
        around = around.parent if around is not None else None
        if around is None or len(around.css("a[href]")) > 1:
            return None
        if (day := read_day(words(around))) is not None:
            return day
    return None
