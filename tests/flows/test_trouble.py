"""What portals answer instead of what was asked for, and where they lead that they should not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from declared import source, toml
from rude_server import RudeServer, redirect, reply, rude_server

from fisc.flows.discover import Discovery, discover
from fisc.flows.fetch import Visitor
from fisc.flows.net.failures import FetchError
from fisc.flows.net.stubs import recognised
from fisc.flows.source.places import own_domain
from fisc.reasons import reasons

LONG = "望溪市教育局2025年部门预算公开。" * 200


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with rude_server() as server:
        yield server


def visiting(server: RudeServer, folder: Path, *, pages: str = "", more: str = "", top: str = "") -> Visitor:
    text = toml(
        f"{server.address}/list/index.html", top=f"allow_private = true\n{top}", pages=pages,
        more=f"[politeness]\ndelay_s = 0.0\nattempts = 1\ntimeout_s = 5.0\n{more}",
    )  # fmt: skip
    return Visitor(source(folder, text), sleep=lambda _: None)


def found_by(visitor: Visitor) -> Discovery:
    with visitor:
        return discover(visitor.source, visitor)


STUBS = [
    ("<html><script>var $_ts = {}; $_ts.cd='x';</script></html>", "firewall"),
    ("<html><title>网站防火墙</title><p>您的请求带有不合法参数，已被拦截</p></html>", "firewall"),
    ("<script>document.cookie='acw_sc__v2=1';location.reload()</script>", "firewall"),
    ("<html><body><form><input type='password' name='p'></form>用户登录</body></html>", "login_page"),
    ("<html><title>404 Not Found</title><h1>404</h1></html>", "missing_page"),
    ("<html><title>提示</title><p>您访问的页面不存在或已删除</p></html>", "missing_page"),
    ("<html><title>x</title><p>该域名已过期，域名转让请联系</p></html>", "parked_domain"),
    ("<!DOCTYPE html><html><body><div id=app></div><script src=app.js></script></body></html>", "javascript_page"),
    (f"<html><title>教育局2025年部门预算</title><script>1</script><p>{LONG}</p></html>", None),
    (f"<html><h1>预算</h1><p>{LONG} 访问被拦截</p></html>", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), STUBS)
def test_pages_that_are_not_what_was_asked_for(text: str, reason: str | None) -> None:
    stub = recognised(text)
    assert (stub.reason if stub else None) == reason
    if stub:
        assert reasons()[stub.reason].of == "link"


@pytest.mark.parametrize("text", [text for text, reason in STUBS if reason])
def test_such_a_page_is_no_document_and_no_list(server: RudeServer, tmp_path: Path, text: str) -> None:
    server.answers |= {"/a": reply(text.encode()), "/list/index.html": reply(text.encode())}
    with visiting(server, tmp_path) as visitor:
        with pytest.raises(FetchError, match=r"instead of what was asked for|nothing stands on it") as caught:
            visitor.file(server.url("/a"))
        assert "{" not in caught.value.sentence
        found = discover(visitor.source, visitor)
    assert [error.reason for error in found.failures] == [caught.value.reason]
    assert found.links == ()


def test_a_firewall_that_answers_five_times_is_left_alone(server: RudeServer, tmp_path: Path) -> None:
    items = "".join(f'<li><a href="/t2025020{n}_1.html">局{n} 2025年部门预算</a></li>' for n in range(1, 9))
    server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
    for n in range(1, 9):
        server.answers[f"/t2025020{n}_1.html"] = reply(STUBS[0][0].encode())
    found = found_by(visiting(server, tmp_path))
    assert [error.reason for error in found.failures] == ["firewall"] * 5 + ["host_down"]
    assert len(server.paths()) == 6


def test_a_list_without_entries_is_told(server: RudeServer, tmp_path: Path) -> None:
    server.answers["/list/index.html"] = reply(f"<html><p>{LONG}</p></html>".encode())
    (doubt,) = found_by(visiting(server, tmp_path)).doubts
    assert doubt.reason == "list_empty"
    assert "entries = 'ul.list li'" in doubt.sentence


def test_a_list_that_goes_on_is_told_unless_that_was_said(
    server: RudeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        name = f"index_{n}.html" if n else "index.html"
        after = f'<a href="index_{n + 1}.html">下一页</a>'
        server.answers[f"/list/{name}"] = reply(
            f'<ul class="list"><li><a href="{n}.pdf">{n}</a><span>2025-02-03</span></ul>{after}'.encode()
        )
    found = found_by(visiting(server, tmp_path, pages="pages = 3"))
    assert (len(found.links), found.doubts) == (3, ())
    monkeypatch.setattr("fisc.flows.source.listing.MOST_PAGES", 3)
    found = found_by(visiting(server, tmp_path))
    assert [doubt.reason for doubt in found.doubts] == ["list_cut"]
    assert len(found.links) == 3


@pytest.mark.parametrize("said", ["共 3 页", "页次：1/3", "1/3页"])
def test_pages_that_only_a_script_opens_are_told(server: RudeServer, tmp_path: Path, said: str) -> None:
    ahead = '<a href="javascript:void(0)" onclick="goPage(2)">下一页</a>'
    text = f'<ul class="list"><li><a href="a.pdf">教育局</a><span>2025-02-03</span></ul><p>{said} {ahead}</p>'
    server.answers["/list/index.html"] = reply(text.encode())
    (doubt,) = found_by(visiting(server, tmp_path)).doubts
    assert doubt.reason == "list_cut"
    assert "3 pages by its own count, and 1" in doubt.sentence


def test_a_list_that_counts_more_than_it_shows_is_told(server: RudeServer, tmp_path: Path) -> None:
    answers = '{"total": 5, "rows": [{"url": "/a.pdf", "t": "教育局2025年部门预算"}]}'
    server.answers["/list"] = reply(answers.encode())
    text = f"""name = "a"\nallow_private = true\n[list]\nformat = "json"\nstart = "{server.address}/list"
entries = "rows"\nlink = "url"\ntitle = "t"\ntotal = "total"\n[politeness]\ndelay_s = 0.0"""
    with Visitor(source(tmp_path, text)) as visitor:
        (doubt,) = discover(visitor.source, visitor).doubts
    assert doubt.reason == "list_cut"
    assert "5 entries by its own count, and 1" in doubt.sentence


def test_what_is_not_json_is_told_with_its_beginning(server: RudeServer, tmp_path: Path) -> None:
    server.answers["/list"] = reply(b"Internal error 7")
    text = f"""name = "a"\nallow_private = true\n[list]\nformat = "json"\nstart = "{server.address}/list"
entries = "rows"\nlink = "url"\n[politeness]\ndelay_s = 0.0"""
    with Visitor(source(tmp_path, text)) as visitor:
        (error,) = discover(visitor.source, visitor).failures
    assert error.reason == "not_json"
    assert "Internal error 7" in error.sentence


def test_links_and_redirects_to_hosts_of_others_are_not_followed(server: RudeServer, tmp_path: Path) -> None:
    clone = "http://clone.example.com/a.pdf"
    server.answers |= {
        "/list/index.html": reply(
            f'<ul class="list"><li><a href="{clone}">教育局2025年部门预算</a></ul>'.encode()
        ),
        "/moved.pdf": redirect(clone),
    }
    with visiting(server, tmp_path) as visitor:
        found = discover(visitor.source, visitor)
        with pytest.raises(
            FetchError, match=r"clone\.example\.com, a host that its source does not know"
        ) as caught:
            visitor.file(server.url("/moved.pdf"))
    assert caught.value.reason == "foreign_host"
    assert [link.url for link in found.foreign] == [clone]
    assert found.links == ()


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://www.wangxi.gov.cn/a", "*.wangxi.gov.cn"), ("http://jyj.wangxi.gov.cn:8080/", "*.wangxi.gov.cn"),
        ("https://czt.example.org/", "*.example.org"), ("http://117.141.250.58:10060/", "117.141.250.58"),
        ("http://[2001:db8::1]/", "2001:db8::1"), ("http://localhost/", "localhost"),
    ],
)  # fmt: skip
def test_which_hosts_are_ones_own(url: str, hosts: str) -> None:
    assert own_domain(url) == hosts


def test_further_hosts_are_named(tmp_path: Path) -> None:
    read = source(tmp_path, toml(top='hosts = ["files.example.cn", "*.oss.example.cn", "h.example.cn:81"]'))
    known = {
        "https://portal.example/a": True, "https://files.example.cn/a": True, "https://a.files.example.cn/a": False,
        "https://x.oss.example.cn/a": True, "https://oss.example.cn/": True, "https://evilportal.example/": False,
        "https://h.example.cn:81/": True, "https://h.example.cn/": False, "https://portal.example.evil.cn/": False,
    }  # fmt: skip
    assert {url: read.hosts.know(url) for url in known} == known


def test_moved_addresses_are_asked_where_they_are_now(server: RudeServer, tmp_path: Path) -> None:
    items = '<li><a href="http://old.example.org/x/a.pdf">教育局2025年部门预算</a></li>'
    server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
    moved = f'[[moved]]\nfrom = "http://old.example.org/x/"\nto = "{server.address}/y/"\nreason = "moved"'
    (link,) = found_by(visiting(server, tmp_path, more=moved)).links
    assert link.url == f"{server.address}/y/a.pdf"


def test_quiet_hours_are_kept(server: RudeServer, tmp_path: Path) -> None:
    visitor = visiting(server, tmp_path, more='quiet_hours = ["00:00-24:00"]')
    with visitor:
        assert visitor.keeps_quiet
        with pytest.raises(FetchError, match="keeps quiet until"):
            visitor.file(server.url("/a.pdf"))
    assert server.asked == []


@pytest.mark.parametrize(
    ("hour", "quiet"), [(0, None), (1, None), (9, None), (10, "20:00"), (14, "08:00"), (23, "08:00")]
)
def test_quiet_hours_are_those_of_beijing(tmp_path: Path, hour: int, quiet: str | None) -> None:
    """22 to 8 at night and 18 to 20, in Beijing; the hours here are UTC, eight less."""
    read = source(tmp_path, toml(more='[politeness]\nquiet_hours = ["22:00-08:00", "18:00-20:00"]'))
    until = read.politeness.quiet_until(datetime(2025, 2, 3, hour, tzinfo=UTC))
    assert (f"{until:%H:%M}" if until else None) == quiet


def test_places_that_are_named_and_are_nowhere_are_told(server: RudeServer, tmp_path: Path) -> None:
    items = (
        '<li><a href="a.pdf">教育局2025年部门预算</a></li><li><a href="b.pdf">民政局2025年部门预算</a></li>'
    )
    server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
    found = found_by(visiting(server, tmp_path, pages='title = "h4"\ndepartment = "b"'))
    assert [doubt.reason for doubt in found.doubts] == ["list_misread"] * 3
    assert "no title at title = 'h4' in any of its 2 entries" in found.doubts[0].sentence
    assert len(found.links) == 2


def test_entries_of_json_that_lead_nowhere_are_told(server: RudeServer, tmp_path: Path) -> None:
    server.answers |= {
        "/list": reply(b'{"rows": [{"id": 1, "t": "a"}, {"t": "b"}]}'),
        "/d?id=1": reply(b'{"files": [{"path": "/a.pdf"}]}'),
    }
    text = f"""name = "a"\nallow_private = true\n[list]\nformat = "json"\nstart = "{server.address}/list"
entries = "rows"\nlink = "/d?id={{id}}"\ntitle = "t"\n[article]\nformat = "json"\nfiles = "files"\nlink = "url"
[politeness]\ndelay_s = 0.0"""
    with Visitor(source(tmp_path, text)) as visitor:
        found = discover(visitor.source, visitor)
    assert found.links == ()
    assert [doubt.reason for doubt in found.doubts] == ["list_misread"] * 2
    assert "1 entries without a link at link = '/d?id={id}'" in found.doubts[0].sentence
    assert "names no file at files = 'files', link = 'url'" in found.doubts[1].sentence


def test_a_list_without_entries_says_what_may_be_its_entries(server: RudeServer, tmp_path: Path) -> None:
    links = "".join(f'<li><a href="{n}/">局{n}</a></li>' for n in range(5))
    rows = "".join(f'<tr><td><a href="t{n}">行{n}</a></td></tr>' for n in range(3))
    text = f'<div class="nav"><a href="/">首页</a></div><ul id="depts">{links}</ul><table class="x y">{rows}</table>'
    server.answers["/list/index.html"] = reply(text.encode())
    (doubt,) = found_by(visiting(server, tmp_path)).doubts
    assert doubt.hints == ('"#depts li"  5 links: 局0、局1、局2', '"table.x td"  3 links: 行0、行1、行2')


def test_articles_without_files_where_files_should_be_are_told(server: RudeServer, tmp_path: Path) -> None:
    items = "".join(
        f'<li><a href="t2025020{n}_1.html">局{n} 2025年部门预算</a><span>2025-02-0{n}</span></li>'
        for n in (1, 2, 3)
    )
    server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
    for n in (1, 2, 3):
        beside = (
            "<ul class='fj'><li><a onclick=\"down('/f/7')\">下载</a></li></ul>"
            if n == 3
            else f"<p>{LONG}</p>"
        )
        server.answers[f"/list/t2025020{n}_1.html"] = reply(f"<html>{beside}".encode())
    found = found_by(visiting(server, tmp_path, more='[article]\nfiles = ".fj li"'))
    (doubt,) = found.doubts
    assert doubt.reason == "list_misread"
    assert "t20250201_1.html and 1 more pages have nothing at files = '.fj li'" in doubt.sentence
    assert [link.url.removeprefix(server.address) for link in found.links] == [
        "/list/t20250201_1.html", "/list/t20250202_1.html", "/f/7",
    ]  # fmt: skip
