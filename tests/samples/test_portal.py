"""The portal: what it lists, what it answers, and every fault it can show."""

import time
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from samples.portal import Portal, serve, write_source
from samples.serving.faults import Hang, Redirect, Short, Slow, Status
from samples.serving.pages import Posting

PATH = "/yjsgk/202502/望溪市档案馆2025年部门预算公开.pdf"


def posting(n: int) -> Posting:
    return Posting(f"文件{n}", f"/yjsgk/{n}.pdf", b"%PDF-" + bytes(5000), date(2025, 1, 1 + n))


@pytest.fixture
def portal() -> Iterator[Portal]:
    first = Posting("望溪市档案馆2025年部门预算公开", PATH, b"%PDF-1.7 " + b"x" * 4000, date(2025, 2, 10))
    with serve([first, *map(posting, range(1, 13))], page_size=5) as portal:
        yield portal


def get(portal: Portal, path: str = PATH, **headers: str) -> httpx.Response:
    return httpx.get(
        portal.url(path), headers={k.replace("_", "-"): v for k, v in headers.items()}, timeout=5
    )


def test_list_pages(portal: Portal) -> None:
    pages = [get(portal, f"/yjsgk/index{n}.html").text for n in ("", "_1", "_2")]
    assert [page.count("<li>") for page in pages] == [5, 5, 3]
    assert 'title="望溪市档案馆2025年部门预算公开"' in pages[0]
    assert "<span>2025-02-10</span>" in pages[0]
    assert get(portal, "/yjsgk/index_3.html").status_code == 404


def test_a_page_that_lists_itself(portal: Portal) -> None:
    portal.extra = ("/yjsgk/index.html",)
    assert 'href="/yjsgk/index.html"' in httpx.get(portal.start).text.split("</ul>")[0]


def test_documents_and_conditional_requests(portal: Portal) -> None:
    answer = get(portal)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-type"] == "application/pdf"
    assert get(portal, If_None_Match=answer.headers["etag"]).status_code == 304
    assert get(portal, If_Modified_Since=answer.headers["last-modified"]).status_code == 304
    portal.change(PATH, b"%PDF- corrected")
    assert get(portal, If_None_Match=answer.headers["etag"]).content == b"%PDF- corrected"
    assert get(portal, If_Modified_Since=answer.headers["last-modified"]).status_code == 200


def test_head_has_no_body(portal: Portal) -> None:
    answer = httpx.head(portal.url(PATH))
    assert answer.content == b""
    assert int(answer.headers["content-length"]) == 4009


def test_log_and_robots(portal: Portal) -> None:
    assert "Disallow: /private/" in get(portal, "/robots.txt").text
    portal.robots = None
    assert get(portal, "/robots.txt").status_code == 404
    get(portal)
    assert portal.paths() == ["/robots.txt", "/robots.txt", PATH]
    assert [r.status for r in portal.log] == [200, 404, 200]
    assert portal.log[0].at <= portal.log[2].at <= time.monotonic()


@pytest.mark.parametrize("code", [404, 403, 500])
def test_statuses_for_ever(portal: Portal, code: int) -> None:
    portal.fault(PATH, Status(code))
    assert [get(portal).status_code for _ in range(3)] == [code] * 3
    portal.fault(PATH, None)
    assert get(portal).status_code == 200


def test_statuses_that_wear_off(portal: Portal) -> None:
    portal.fault(PATH, Status(429, times=2, retry_after="1"))
    answers = [get(portal) for _ in range(3)]
    assert [a.status_code for a in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "1"


def test_a_body_shorter_than_promised(portal: Portal) -> None:
    portal.fault(PATH, Short(missing=100, times=1))
    with pytest.raises(httpx.RemoteProtocolError, match="3909 bytes, expected 4009"):
        get(portal)
    assert len(get(portal).content) == 4009


def test_redirects(portal: Portal) -> None:
    portal.fault(PATH, Redirect(portal.url(PATH)))
    with pytest.raises(httpx.TooManyRedirects):
        httpx.get(portal.url(PATH), follow_redirects=True)
    portal.fault(PATH, Redirect("http://10.0.0.8/a.pdf", 301))
    answer = get(portal)
    assert (answer.status_code, answer.headers["location"]) == (301, "http://10.0.0.8/a.pdf")


@pytest.mark.parametrize("fault", [Hang(), Hang(after=10)])
def test_hanging_ends_when_the_portal_closes(fault: Hang) -> None:
    with serve([posting(1)]) as portal:
        portal.fault("/yjsgk/1.pdf", fault)
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(portal.url("/yjsgk/1.pdf"), timeout=0.2)
        started = time.monotonic()
    assert time.monotonic() - started < 2


def test_slow_bodies_arrive(portal: Portal) -> None:
    portal.fault(PATH, Slow(size=1000, pause_s=0.01))
    assert len(get(portal).content) == 4009


def test_same_file_under_two_links(portal: Portal) -> None:
    twin = Posting("同一文件", "/yjsgk/twin.pdf", portal.postings[0].content, date(2025, 3, 1))
    portal.postings.append(twin)
    assert get(portal, "/yjsgk/twin.pdf").headers["etag"] == get(portal).headers["etag"]


def test_source_file_is_one_that_fisc_reads(portal: Portal, tmp_path) -> None:
    sources = pytest.importorskip("fisc.flows.sources")
    source = sources.read_source(write_source(portal, tmp_path))
    assert [start.url for start in source.list.start] == [portal.start]
    assert source.list.next == "index_{n}.html"
    assert source.allow_private
