"""The page that an entry leads to: the files beside its text, its own title and day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from fisc.flows.portal.address import DOCUMENTS, address, ending
from fisc.flows.portal.answers import at, linked, text_at
from fisc.flows.portal.pages import CLICKED, is_around, words
from fisc.flows.source.listing import Article
from fisc.flows.titles import read_day

_ENDS = "|".join(sorted(DOCUMENTS))
_NAMES_FILE = re.compile(rf"\.({_ENDS})\s*[）)\]】]?\s*$", re.IGNORECASE)
_QUOTED_FILE = re.compile(rf"""["']([^"'<>\s]+?\.(?:{_ENDS})(?:\?[^"'<>\s]*)?)["']""", re.IGNORECASE)
_DOWNLOADS = re.compile(r"download|attach|fujian|/file/|filedown|annex|down\w*\(", re.IGNORECASE)
LEADING = "a, iframe, embed, object, source, [onclick], [data-href], [data-url], [data-file]"
"""Elements that may lead to a file."""
_SAYS_DOWNLOAD = re.compile(r"附件|下载|download|点击(?:此处|这里|查看)|原文|全文", re.IGNORECASE)
_META_TITLES = ("ArticleTitle", "og:title", "title")
_META_DAYS = ("PubDate", "publishdate", "article:published_time", "PublishDate")


@dataclass(frozen=True, slots=True)
class Leads:
    """What an article gives: its title and day as it says them, and its files as address and title."""

    title: str | None
    day: date | None
    files: tuple[tuple[str, str], ...]


def read_html_article(page: LexborHTMLParser, base: str, article: Article) -> Leads:
    """Files by the selectors of the source, or by habit: whatever on the page leads to a file, a viewer included."""
    found = _selected(page, base, article) if article.files else _by_habit(page, base)
    files: dict[str, str] = {}
    for url, title in found:
        files[url] = files.get(url) or title
    return Leads(_own_title(page), _own_day(page), tuple(files.items()))


def read_json_article(value: Any, base: str, article: Article) -> Leads:
    """Files at the paths of the source."""
    files: dict[str, str] = {}
    for row in at(value, article.files):
        for place in linked(row, article.link or ""):
            url = address(base, place)
            if url is not None:
                files.setdefault(url, text_at(row, article.title) or "")
    return Leads(None, None, tuple(files.items()))


def _selected(page: LexborHTMLParser, base: str, article: Article) -> Iterator[tuple[str, str]]:
    for node in page.css(article.files or "a"):
        anchor = node.css_first(article.link) if article.link else _leading(node)
        said = node.css_first(article.title) if article.title else anchor
        for place in _places(anchor) if anchor is not None else ():
            url = address(base, place)
            if url is not None:
                yield url, _title(said)
                break


def _leading(node: LexborNode) -> LexborNode | None:
    """The element itself where it leads somewhere, else the first inside that does."""
    return node if next(_places(node), None) else node.css_first(LEADING)


def _by_habit(page: LexborHTMLParser, base: str) -> Iterator[tuple[str, str]]:
    for node in page.css(LEADING):
        if is_around(node):
            continue
        for place in _places(node):
            url = address(base, place)
            if url is not None and url != base and _leads_to_file(node, url):
                yield url, _title(node)
    for script in page.css("script"):
        for place in _QUOTED_FILE.findall(script.text(deep=True)):
            url = address(base, place)
            if url is not None and ending(url) in DOCUMENTS:
                yield url, ""


def _places(node: LexborNode) -> Iterator[str]:
    """Where an element leads: its link, what it shows, what a click on it opens, the file that a viewer is given."""
    for name in ("href", "src", "data", "data-href", "data-url", "data-file"):
        place = node.attributes.get(name)
        if not place:
            continue
        shown = [value for key, value in parse_qsl(urlsplit(place).query) if key in ("file", "url", "src")]
        if shown and ending_of_words(shown[0]):
            yield shown[0]
        elif place.lower().startswith("javascript:"):
            yield from CLICKED.findall(unquote(place))
        else:
            yield place
    yield from CLICKED.findall(node.attributes.get("onclick") or "")


def ending_of_words(place: str) -> bool:
    """Whether a piece of an address ends as a file does."""
    return _NAMES_FILE.search(urlsplit(place).path) is not None


def _leads_to_file(node: LexborNode, url: str) -> bool:
    if ending(url) in DOCUMENTS:
        return True
    said = _title(node)
    if node.tag == "a" and _NAMES_FILE.search(said):
        return True
    given = any(_NAMES_FILE.search(value) for _, value in parse_qsl(urlsplit(url).query))
    ways = " ".join((url, node.attributes.get("onclick") or "", node.attributes.get("href") or ""))
    return given or bool(_DOWNLOADS.search(ways) and _SAYS_DOWNLOAD.search(said))


def _title(node: LexborNode | None) -> str:
    if node is None:
        return ""
    return " ".join((node.attributes.get("title") or "").split()) or words(node)


def _own_title(page: LexborHTMLParser) -> str | None:
    said = _meta(page, _META_TITLES) or words(page.css_first("h1"))
    return said or words(page.css_first("title")) or None


def _own_day(page: LexborHTMLParser) -> date | None:
    return read_day(_meta(page, _META_DAYS) or "")


def _meta(page: LexborHTMLParser, names: tuple[str, ...]) -> str | None:
    known = {
        (node.attributes.get("name") or node.attributes.get("property") or "").lower(): node.attributes.get(
            "content"
        )
        for node in page.css("meta[content]")
    }
    return next((said.strip() for name in names if (said := known.get(name.lower())) and said.strip()), None)
