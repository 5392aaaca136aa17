"""How one list page leads to the next: by number as the source says, or by the habits of content systems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from fisc.flows.portal.address import address, is_file
from fisc.flows.portal.pages import words
from fisc.flows.source.listing import COUNTED, Listing, Start

_CREATE_PAGE = re.compile(r"createPageHTML\s*\(([^)]*)\)", re.IGNORECASE)
_COUNT_PAGE = re.compile(r"\b(?:countPage|pageCount|totalPages?)\s*=\s*[\"']?(\d+)")
_CALLS_NAME = re.compile(r"(?:^|/)([\w-]+)\.(s?html?|jhtml)$")
_NEXT_WORDS = re.compile(
    r"^[\[<(（【]?\s*(?:下一?页|后一?页|下页|next(?:\s*page)?|>|›|»|>>)\s*[>›»\])）】]*$", re.IGNORECASE
)
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'>\s]+)", re.IGNORECASE)
_SENT = re.compile(r"location(?:\.href|\.replace)?\s*[=(]\s*[\"']([^\"']+)[\"']")
_SENDS_AT_MOST = 3_000
"""A page that only sends its readers on is shorter than this."""
_PAGES = re.compile(
    r"[共总]\s*(\d{1,4})\s*页|页次\s*[:：]?\s*\d+\s*/\s*(\d{1,4})|(?<![\d/])1\s*/\s*(\d{1,4})\s*页"
)
_MOST_CREATED = 2_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One list page to ask for: its address and, for a POST, its body."""

    url: str
    body: str | None = None


def first_page(listing: Listing, start: Start) -> Ask:
    """The first page of a list."""
    if start.counted or COUNTED.search(listing.body or ""):
        return numbered(listing, start, 0)
    return Ask(address(start.url, start.url) or start.url, listing.body)


def is_numbered(listing: Listing, start: Start) -> bool:
    """Whether the source says how pages are numbered; they end where one is missing or has nothing new."""
    return listing.counted or start.counted


def numbered(listing: Listing, start: Start, asked: int) -> Ask:
    """The page after ``asked`` pages."""
    from_start = start.counted or COUNTED.search(listing.body or "") is not None
    place = asked if from_start else asked - 1
    template = start.url if from_start or listing.next is None else listing.next
    values = {
        "n": listing.first + place,
        "offset": asked * listing.size,
        "from": asked * listing.size + 1,
        "to": (asked + 1) * listing.size,
    }
    filled = _filled(template, values)
    body = _filled(listing.body, values) if listing.body is not None else None
    return Ask(address(_filled(start.url, values), filled) or filled, body)


def following(page: LexborHTMLParser, text: str, base: str, listing: Listing) -> Iterator[str]:
    """The pages that a page leads to: the one that the source's selector names, or what habit finds."""
    if listing.next is not None:
        node = page.css_first(listing.next)
        found = address(base, node.attributes.get("href") or "") if node is not None else None
        return iter([found] if found else [])
    return _by_habit(page, text, base)


def elsewhere(page: LexborHTMLParser, text: str, base: str) -> list[str]:
    """Where the list of a page without entries may be: in its frames, or where it sends its readers by itself."""
    places = [node.attributes.get("src") or "" for node in page.css("iframe[src], frame[src]")]
    refresh = page.css_first("meta[http-equiv=refresh i]")
    said = _REFRESH.search(refresh.attributes.get("content") or "") if refresh is not None else None
    places += [said[1]] if said else _SENT.findall(text) if len(text) < _SENDS_AT_MOST else []
    found = [url for place in places if (url := address(base, place)) is not None and url != base]
    return [url for url in dict.fromkeys(found) if not is_file(url) and _same_host(url, base)]


def pages_said(words: str) -> int:
    """How many pages a list says that it has; 0 where it does not say."""
    return max((int(number) for match in _PAGES.findall(words) for number in match if number), default=0)


def _same_host(url: str, base: str) -> bool:
    return urlsplit(url).netloc == urlsplit(base).netloc


def _by_habit(page: LexborHTMLParser, text: str, base: str) -> Iterator[str]:
    yield from _created(text, base)
    for anchor in page.css("a[href], link[rel=next]"):
        said = words(anchor)
        title = anchor.attributes.get("title") or ""
        is_next = anchor.tag == "link" or _NEXT_WORDS.match(said) or _NEXT_WORDS.match(title)
        url = address(base, anchor.attributes.get("href") or "")
        if url is None or is_file(url) or not _same_host(url, base):
            continue
        if is_next or (re.fullmatch(r"\d{1,3}", said) and _below(url, base)):
            yield url


def _created(text: str, base: str) -> Iterator[str]:
    """Pages that a script would link: ``createPageHTML(3, 0, "index", "html")`` makes index_1 and index_2."""
    call = _CREATE_PAGE.search(text)
    if call is not None and "function" not in text[max(0, call.start() - 12) : call.start()]:
        numbers = [int(n) for n in re.findall(r"(?<![\w\"'])\d+(?![\w\"'])", call[1])]
        named = re.findall(r"[\"']([^\"']+)[\"']", call[1])
        if numbers and len(named) >= 2:
            yield from _suffixed(base, named[-2], named[-1], numbers[0])
            return
    count = _COUNT_PAGE.search(text)
    name = _CALLS_NAME.search(urlsplit(base).path)
    if count is not None and (name is not None or base.endswith("/")):
        prefix, suffix = (re.sub(r"_\d+$", "", name[1]), name[2]) if name else ("index", "html")
        yield from _suffixed(base, prefix, suffix, int(count[1]))


def _suffixed(base: str, prefix: str, suffix: str, count: int) -> Iterator[str]:
    for number in range(1, min(count, _MOST_CREATED)):
        url = address(base, f"{prefix}_{number}.{suffix}")
        if url is not None:
            yield url


def _below(url: str, base: str) -> bool:
    """Whether a page lies in the same folder as another, or below it."""
    return urlsplit(url).path.startswith(urlsplit(base).path.rpartition("/")[0] + "/")


def _filled(template: str, values: dict[str, int]) -> str:
    return COUNTED.sub(lambda match: str(values[match[1]]), template)
