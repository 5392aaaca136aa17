"""What is read without any selector: pages as content systems of governments make them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from declared import source
from hypothesis import given
from hypothesis import strategies as st

from fisc.flows.discover import Discovery, discover
from fisc.flows.fetch import Got, Visitor
from fisc.flows.net.failures import FetchError
from fisc.flows.portal.answers import NotJson, at, day_at, linked, read_json
from fisc.flows.portal.pages import text_of, tree_of, visible

START = "https://www.wangxi.gov.cn/zwgk/yjs/index.html"


class Pages:
    """Pages by address; anything else is a 404."""

    def __init__(self, pages: dict[str, str | bytes]) -> None:
        self.pages = pages

    def page(self, url: str, *_: object, **__: object) -> Got:
        if url not in self.pages:
            raise FetchError(url, "http_404")
        found = self.pages[url]
        content = found.encode() if isinstance(found, str) else found
        return Got(url, content, {"content-type": "text/html" if b"<" in content[:9] else "application/pdf"})

    def judge(self, url: str, reason: str | None) -> None:
        pass


Look = Callable[..., Discovery]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """What a source with nothing but a start finds on pages, given by their place below the start's host."""

    def look(first: str, more: str = "", **pages: str | bytes) -> Discovery:
        declared = source(tmp_path, f'name = "a"\n[list]\nstart = "{START}"\n{more}')
        known = {f"https://www.wangxi.gov.cn/{path}": text for path, text in pages.items()}
        return discover(declared, cast(Visitor, Pages({START: first, **known})))

    return look


def said(found: Discovery) -> list[tuple[str, str | None, str | None]]:
    return [
        (
            link.url.removeprefix("https://www.wangxi.gov.cn"),
            link.title,
            link.published_on and f"{link.published_on}",
        )
        for link in found.links
    ]


ENTRIES = [
    ('<li><span>[2025-02-03]</span><a href="a.pdf">教育局2025年预算</a></li>', "/zwgk/yjs/a.pdf", "教育局2025年预算", "2025-02-03"),
    ('<tr><td><a href="/x/a.doc" title="教育局2025年部门预算公开">教育局2025…</a></td><td>2025年2月3日</td></tr>', "/x/a.doc", "教育局2025年部门预算公开", "2025-02-03"),
    ('<dd><a href="/20250203/1738.pdf">1.教育局2025年部门预算.pdf</a></dd>', "/20250203/1738.pdf", "1.教育局2025年部门预算.pdf", "2025-02-03"),
    ('<a href="/cms/a.pdf">教育局2025年部门预算</a> (2025/2/3)', "/cms/a.pdf", "教育局2025年部门预算", "2025-02-03"),
    ("<a href='a.zip'><em>2024</em>年度各部门决算</a>", "/zwgk/yjs/a.zip", "2024年度各部门决算", None),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "path", "title", "day"), ENTRIES)
def test_entries(look: Look, markup: str, path: str, title: str, day: str | None) -> None:
    assert said(look(f"<html><body><table><ul>{markup}</ul></table></body></html>")) == [(path, title, day)]


ARTICLES = [
    '<a href="/f/a.pdf">附件</a>',
    '<a appendix="true" href="/f/a.pdf">教育局2025年部门预算.pdf</a>',
    "<a href=\"javascript:downFile('/f/a.pdf')\">下载</a>",
    '<iframe src="/pdfjs/web/viewer.html?file=%2Ff%2Fa.pdf"></iframe>',
    '<embed src="/f/a.pdf" type="application/pdf">',
    '<object data="/f/a.pdf"></object>',
    "<span onclick=\"window.open('/f/a.pdf')\">查看全文</span>",
    '<div data-url="/f/a.pdf" class="pdf-viewer"></div>',
    "<a href='javascript:void(0)' onclick=\"downFile('/f/a.pdf')\">下载</a>",
    '<script>var pdf = {"url": "/f/a.pdf", "page": 1}; show(pdf);</script>',
    '<base href="https://www.wangxi.gov.cn/f/"><a href="a.pdf">附件</a>',
]


@pytest.mark.parametrize("markup", ARTICLES)
def test_files_beside_an_article(look: Look, markup: str) -> None:
    """However it is shown, the file is found, and the words of the list say whose it is."""
    listed = '<li><a href="/art/2025/2/3/art_1_2.html">教育局2025年部门预算</a></li>'
    around = f'<html><header><a href="/guide.pdf">指南.pdf</a></header>{markup}<footer><a href="/f.pdf">年报</a></footer>'
    (link,) = look(listed, **{"art/2025/2/3/art_1_2.html": around}).links
    assert link.url == "https://www.wangxi.gov.cn/f/a.pdf"
    assert (link.department, link.fiscal_year, link.stage) == ("教育局", 2025, "budget")
    assert str(link.published_on) == "2025-02-03"


NARRATIVE = "".join(
    f"<p>{n}.2025年部门预算收入总计{n}20.50万元，支出总计{n}20.50万元。</p>" for n in range(1, 6)
)


@pytest.mark.parametrize(
    ("text", "own"), [(NARRATIVE, True), ("<p>现将2025年部门预算公开如下，预算总额120万元。</p>", False)]
)
def test_a_page_that_tells_the_narrative_beside_its_tables_is_not_lost(
    look: Look, text: str, own: bool
) -> None:
    """The workbook beside it holds the tables alone: the page is kept too, and told as what fisc does not read."""
    page = f'<html><body><a href="/f/a.xls">教育局2025年部门预算报表.xls</a>{text}</body></html>'
    found = look('<li><a href="/art/a.html">教育局2025年部门预算</a></li>', **{"art/a.html": page})
    there = [link.url.removeprefix("https://www.wangxi.gov.cn") for link in found.links]
    assert there == (["/art/a.html", "/f/a.xls"] if own else ["/f/a.xls"])
    assert found.texts == (frozenset({"https://www.wangxi.gov.cn/art/a.html"}) if own else frozenset())


def test_an_address_that_names_no_kind_is_opened_to_see(look: Look) -> None:
    found = look('<a href="/download?id=7">教育局2025年部门预算</a>', **{"download?id=7": b"%PDF-1.7"})
    assert [link.url for link in found.links] == ["https://www.wangxi.gov.cn/download?id=7"]
    assert found.texts == frozenset()


def test_a_page_of_departments_leads_to_their_lists(look: Look) -> None:
    """Nothing says so: each entry's page has entries and no text of its own."""
    first = "".join(
        f'<li><a href="/bm/{n}/t2025020{n}_1.html">局{n}2025年部门预决算</a></li>' for n in (1, 2)
    )
    below = '<li><a href="{n}.pdf">2025年部门预算</a></li><li><a href="{n}j.pdf">2024年部门决算</a></li>'
    pages = {f"bm/{n}/t2025020{n}_1.html": f"<html>{below.format(n=n)}" for n in (1, 2)}
    found = look(first, **pages)
    assert [link.url.rpartition("/")[2] for link in found.links] == ["1.pdf", "1j.pdf", "2.pdf", "2j.pdf"]
    assert [link.stage for link in found.links] == ["budget", "final_accounts"] * 2


@pytest.mark.parametrize(
    "first",
    [
        '<html><frameset><frame src="list.html"></frameset></html>',
        '<html><iframe src="list.html"></iframe></html>',
        '<html><meta http-equiv="Refresh" content="0; url=list.html"></html>',
        "<html><script>window.location.href='list.html';</script></html>",
    ],
)
def test_a_page_that_has_its_list_elsewhere(look: Look, first: str) -> None:
    found = look(first, **{"zwgk/yjs/list.html": '<li><a href="a.pdf">教育局2025年部门预算</a></li>'})
    assert [path for path, _, _ in said(found)] == ["/zwgk/yjs/a.pdf"]
    assert found.doubts == ()


PAGINGS = [
    ('<a href="index_1.html">下一页</a>', ["index_1.html"]),
    ('<a href="index_2.html" title="下页"><img></a>', ["index_2.html"]),
    ('<a href="?page=2">2</a><a href="?page=3">3</a>', ["index.html?page=2", "index.html?page=3"]),
    ("<script>createPageHTML(3, 0, 'index', 'html');</script>", ["index_1.html", "index_2.html"]),
    ("<script>createPageHTML('page_div',3, 1,'index','html',40);</script>", ["index_1.html", "index_2.html"]),
    ("<script>var currentPage = 0; var countPage = 2;</script>", ["index_1.html"]),
    ('<link rel="next" href="page/2">', ["page/2"]),
]


@pytest.mark.parametrize(("markup", "further"), PAGINGS)
def test_further_pages(look: Look, markup: str, further: list[str]) -> None:
    pages = {f"zwgk/yjs/{path}": f'<li><a href="{n}.pdf">局{n}</a></li>' for n, path in enumerate(further)}
    found = look(f'<html><li><a href="a.pdf">教育局</a></li>{markup}</html>', **pages)
    assert found.failures == ()
    assert found.pages == 1 + len(further)


def test_menus_ways_and_feet_are_no_entries(look: Look) -> None:
    around = "".join(
        f'<{tag}><a href="/a/{n}.pdf">2025年部门预算</a></{tag.split()[0]}>'
        for n, tag in enumerate(
            ("nav", "header", "footer", 'div class="nav"', 'div id="menu"', 'p class="position"')
        )
    )
    assert [path for path, _, _ in said(look(f'{around}<a href="b.pdf">教育局2025年部门预算</a>'))] == [
        "/zwgk/yjs/b.pdf"
    ]


def test_links_that_are_not_taken_by_habit_are_shown(look: Look) -> None:
    found = look('<a href="/ysgk/">部门预算</a><a href="a.pdf">教育局2025年部门预算</a>')
    assert [entry.title for entry in found.passed] == ["部门预算"]


@pytest.mark.parametrize(
    "title", ["教育局２０２５年部门预算", "教育局二〇二五年部门预算", "教育局二○二五年部门预算"]
)
def test_years_in_other_digits(look: Look, title: str) -> None:
    (link,) = look(f'<a href="a.pdf">{title}</a>').links
    assert link.fiscal_year == 2025


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("meta", ["", '<meta charset="utf-8">', '<meta charset="gb2312">'])
def test_the_bytes_decide_which_encoding_it_is(encoding: str, meta: str) -> None:
    """Pages in GBK that say UTF-8, and the other way round, are read right."""
    text = f"<html>{meta}<p>教育局2025年部门预算公开</p></html>"
    assert text_of(text.encode(encoding), {}) == text


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange_for_a_page(content: bytes) -> None:
    assert isinstance(visible(tree_of(text_of(content, {}))), str)


def test_paths_into_json() -> None:
    value = read_json('cb({"a": [{"b": 1, "c": {"d": "x"}}, {"b": 2}], "s": "[{\\"b\\": 3}]"});')
    assert at(value, "a.b") == [1, 2]
    assert at(value, "a.0.c.d") == ["x"]
    assert at(value, "s.b") == [3]
    assert at(value, "*.b") == [1, 2, 3]
    assert at(value, "no.such") == []
    assert linked({"id": 7, "k": {"t": "q"}}, "/d?id={id}&t={k.t}") == ["/d?id=7&t=q"]
    assert linked({"id": 7}, "/d?id={none}") == []
    assert str(day_at({"t": 1738512000000}, "t")) == "2025-02-03"
    assert str(day_at({"t": "20250203"}, "t")) == "2025-02-03"
    with pytest.raises(NotJson):
        read_json("<html>")


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=9,
    ),
    st.text(alphabet="ab.*0", max_size=8),
)
def test_no_path_is_too_strange_for_json(value: object, path: str) -> None:
    assert isinstance(at(value, path), list)


CLICKS = [
    '<a href="javascript:;" onclick="window.open(\'/art/a.pdf\')">教育局2025年部门预算</a>',
    "<a href=\"javascript:open('a.pdf')\">教育局2025年部门预算</a>",
    '<a data-href="/art/a.pdf">教育局2025年部门预算</a>',
]


@pytest.mark.parametrize("markup", CLICKS)
def test_entries_that_a_click_opens(look: Look, markup: str) -> None:
    (link,) = look(f"<html><li>{markup}<span>2025-02-03</span></li></html>").links
    assert link.url.endswith("/a.pdf")
    assert (link.department, str(link.published_on)) == ("教育局", "2025-02-03")


def test_a_start_that_is_a_file_is_told(look: Look) -> None:
    found = look("%PDF-1.7")
    (doubt,) = found.doubts
    assert "is a file (pdf) and not a list; write it as [[document]]" in doubt.sentence


MADE = [
    (
        '<div class="item" data-id="7"><b>教育局2025年部门预算</b></div>',
        "/detail/{data-id}.pdf",
        "/detail/7.pdf",
    ),
    (
        '<div class="item"><p onclick="view(\'A-7\', 3)">教育局2025年部门预算</p></div>',
        "/d/{onclick:[A-Z]-[0-9]+}.pdf",
        "/d/A-7.pdf",
    ),
]


@pytest.mark.parametrize(("markup", "link", "path"), MADE)
def test_links_that_are_made_of_attributes(tmp_path: Path, markup: str, link: str, path: str) -> None:
    declared = source(
        tmp_path, f'name = "a"\n[list]\nstart = "{START}"\nentries = ".item"\nlink = "{link}"\n'
    )
    (found,) = discover(declared, cast(Visitor, Pages({START: f"<html>{markup}"}))).links
    assert found.url == f"https://www.wangxi.gov.cn{path}"
    assert (found.title, found.department) == ("教育局2025年部门预算", "教育局")
