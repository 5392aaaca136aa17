"""List pages as portals make them, and the ways in which they lead in circles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from declared import source, toml

from fisc.flows.discover import Discovery, discover
from fisc.flows.fetch import Got, Visitor
from fisc.flows.net.failures import FetchError
from fisc.flows.portal.address import address, file_name

BASE = "https://portal.example/list/"


def entry(href: str, title: str = "教育局2025年部门预算", day: str = "2025-02-03") -> str:
    return f'<li><a href="{href}">{title}</a><span>{day}</span></li>'


def page(*entries: str, after: str = "") -> str:
    return f'<html><meta charset="utf-8"><ul class="list">{"".join(entries)}</ul>{after}</html>'


@dataclass
class Portal:
    """Pages by address; a page that is not there is a 404."""

    pages: dict[str, str | bytes | FetchError]
    asked: list[str] = field(default_factory=list)
    content_type: str = "text/html"

    def page(self, url: str, *_: object, **__: object) -> Got:
        self.asked.append(url)
        found = self.pages.get(url, FetchError(url, "http_404"))
        if isinstance(found, FetchError):
            raise found
        content = found.encode() if isinstance(found, str) else found
        return Got(url, content, {"content-type": self.content_type})

    def judge(self, url: str, reason: str | None) -> None:
        pass


Walk = Callable[..., Discovery]


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    def walk(portal: Portal, pages: str = "", more: str = "") -> Discovery:
        return discover(source(tmp_path, toml(pages=pages, more=more)), cast(Visitor, portal))

    return walk


def test_an_entry_becomes_a_link_with_what_the_page_says(walk: Walk) -> None:
    found = walk(Portal({f"{BASE}index.html": page(entry("./202502/a.pdf"))}))
    (link,) = found.links
    assert link.url == f"{BASE}202502/a.pdf"
    assert (link.title, link.file_name, link.published_on) == (
        "教育局2025年部门预算",
        "a.pdf",
        date(2025, 2, 3),
    )
    assert (link.source, link.fiscal_year, link.stage, link.department) == (
        "haigang",
        2025,
        "budget",
        "教育局",
    )


def test_chinese_names_become_proper_addresses_and_stay_readable(walk: Walk) -> None:
    found = walk(Portal({f"{BASE}index.html": page(entry("/附件/2025 预算（公开）.pdf?v=1#p2"))}))
    (link,) = found.links
    assert link.url == (
        "https://portal.example/%E9%99%84%E4%BB%B6/2025%20%E9%A2%84%E7%AE%97%EF%BC%88%E5%85%AC%E5%BC%80%EF%BC%89.pdf?v=1"
    )
    assert link.file_name == "2025 预算（公开）.pdf"


def test_the_same_file_written_in_two_ways_is_one_link(walk: Walk) -> None:
    entries = entry("%E9%A2%84.pdf"), entry("预.pdf"), entry("../list/预.pdf#x")
    assert len(walk(Portal({f"{BASE}index.html": page(*entries)})).links) == 1


def test_the_full_title_is_in_the_attribute(walk: Walk) -> None:
    cut = '<li><a href="a.pdf" title="城市管理综合行政执法局2025年部门预算">城市管理综合…</a></li>'
    (link,) = walk(Portal({f"{BASE}index.html": page(cut)})).links
    assert link.title == "城市管理综合行政执法局2025年部门预算"


@pytest.mark.parametrize(
    "href", ["#", "javascript:void(0)", "mailto:a@b.c", "", "ftp://h/a.pdf", "http://[::"]
)
def test_links_that_lead_nowhere_are_none(walk: Walk, href: str) -> None:
    assert walk(Portal({f"{BASE}index.html": page(entry(href))})).links == ()


def test_numbered_pages_end_where_one_is_missing(walk: Walk) -> None:
    portal = Portal(
        {
            f"{BASE}index.html": page(entry("a.pdf")),
            f"{BASE}index_1.html": page(entry("b.pdf")),
            f"{BASE}index_2.html": page(entry("c.pdf")),
        }
    )
    found = walk(portal, 'next = "index_{n}.html"')
    assert [link.file_name for link in found.links] == ["a.pdf", "b.pdf", "c.pdf"]
    assert (found.pages, found.failures) == (3, ())


def test_a_portal_that_shows_its_last_page_for_ever_is_left(walk: Walk) -> None:
    pages = {f"{BASE}index_{n}.html": page(entry("b.pdf")) for n in range(1, 500)}
    portal = Portal({f"{BASE}index.html": page(entry("a.pdf")), **pages})
    found = walk(portal, 'next = "index_{n}.html"')
    assert len(found.links) == 2
    assert len(portal.asked) == 3


def test_the_next_page_by_selector_until_there_is_none(walk: Walk) -> None:
    portal = Portal(
        {
            f"{BASE}index.html": page(entry("a.pdf"), after='<a class="next" href="?p=2">下一页</a>'),
            f"{BASE}index.html?p=2": page(entry("b.pdf")),
        }
    )
    assert len(walk(portal, 'next = "a.next"').links) == 2


def test_pages_that_lead_in_a_circle_are_read_once(walk: Walk) -> None:
    portal = Portal(
        {
            f"{BASE}index.html": page(entry("a.pdf"), after='<a class="next" href="two.html">'),
            f"{BASE}two.html": page(entry("b.pdf"), after='<a class="next" href="index.html">'),
        }
    )
    walk(portal, 'next = "a.next"')
    assert portal.asked == [f"{BASE}index.html", f"{BASE}two.html"]


def test_a_page_that_lists_itself_is_no_document(walk: Walk) -> None:
    portal = Portal({f"{BASE}index.html": page(entry("index.html"), entry("a.pdf"))})
    assert [link.file_name for link in walk(portal).links] == ["a.pdf"]
    assert len(portal.asked) == 1


def test_no_more_pages_than_declared(walk: Walk) -> None:
    pages = {f"{BASE}index_{n}.html": page(entry(f"{n}.pdf")) for n in range(1, 50)}
    portal = Portal({f"{BASE}index.html": page(), **pages})
    assert walk(portal, 'next = "index_{n}.html"\npages = 3').pages == 3


def test_a_list_page_that_fails_is_reported_and_the_rest_stays(walk: Walk) -> None:
    broken = f"{BASE}index_1.html"
    portal = Portal({f"{BASE}index.html": page(entry("a.pdf")), broken: FetchError(broken, "http_500")})
    found = walk(portal, 'next = "index_{n}.html"')
    assert [error.reason for error in found.failures] == ["http_500"]
    assert len(found.links) == 1


def test_a_missing_first_page_is_a_failure(walk: Walk) -> None:
    assert [e.reason for e in walk(Portal({}), 'next = "index_{n}.html"').failures] == ["http_404"]


def test_entries_to_be_ignored_are_counted_with_the_reason(walk: Walk) -> None:
    portal = Portal({f"{BASE}index.html": page(entry("a.pdf", "政府采购意向"), entry("b.pdf"))})
    found = walk(portal, more='[[ignore]]\ntitle = "意向"\nreason = "no budget"')
    assert [link.file_name for link in found.links] == ["b.pdf"]
    assert [(left.url, left.ignore.reason) for left in found.ignored] == [(f"{BASE}a.pdf", "no budget")]


@pytest.mark.parametrize(
    ("content_type", "meta", "declared"),
    [
        ("text/html; charset=GBK", "", ""),
        ("text/html", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', ""),
        ("text/html; charset=utf-8", '<meta charset="utf-8">', 'encoding = "gb18030"'),
    ],
)
def test_pages_in_chinese_encodings(walk: Walk, content_type: str, meta: str, declared: str) -> None:
    text = f'<html>{meta}<ul class="list">{entry("a.pdf", "㼆教育局2025年部门预算")}</ul>'
    portal = Portal({f"{BASE}index.html": text.encode("gb18030")}, content_type=content_type)
    assert walk(portal, declared).links[0].title == "㼆教育局2025年部门预算"


def test_an_address_has_one_spelling() -> None:
    assert address(BASE, " HTTPS://Portal.Example:443/a.pdf ") == "https://portal.example/a.pdf"
    assert address(BASE, r"..\a.pdf") == "https://portal.example/a.pdf"


def test_a_file_name_cannot_climb() -> None:
    assert file_name("https://h/..%2F..%2Fetc%2Fpasswd") == "....etcpasswd"
    assert file_name("https://h/") is None
