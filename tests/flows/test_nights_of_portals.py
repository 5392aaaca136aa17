"""Nights at portals with articles, archives and other formats: each file becomes a document, nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import made_up
import pytest
from declared import loopback, source
from rude_server import RudeServer, reply, rude_server

from fisc.flows import walk
from fisc.flows.fetch import Visitor
from fisc.flows.rerun import failed_links, fetch_again
from fisc.flows.sources import Source
from fisc.flows.summary import Summary, added_up
from fisc.flows.workshop import Silent, Workshop
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from samples.kinds import zipped

A, B, C = (made_up.content(*said) for said in (("教育局", "12.50"), ("民政局", "7.00"), ("财政局", "99.10")))


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with rude_server() as server:
        yield server


@pytest.fixture
def declared(server: RudeServer, tmp_path: Path) -> Source:
    return loopback(tmp_path, server.address, "attempts = 1")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(Home(tmp_path / "home").create(), made_up.Here(), Silent(), made_up.read)  # type: ignore[arg-type]


def put(server: RudeServer, **files: bytes) -> None:
    """The portal lists these files and gives them; ``_`` in a name stands for a dot."""
    names = {name.replace("_", "."): content for name, content in files.items()}
    items = "".join(
        f'<li><a href="{name}">{name} 2025年部门预算</a><span>2025-02-03</span></li>' for name in names
    )
    server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
    server.answers |= {f"/list/{name}": reply(content) for name, content in names.items()}


def night(workshop: Workshop, source: Source) -> Summary:
    with Ledger.open(workshop.home) as ledger:
        run = ledger.run_started(f"harvest {source.name}")
        with Visitor(source, sleep=lambda _: None, home=workshop.home) as visitor:
            found, summary = walk.list_links(source, visitor, ledger, workshop.home)
            links = walk.agenda(ledger, source, [link.url for link in found.links])
            parts = [summary, walk.fetch_and_read(workshop, ledger, visitor, links)]
        total = added_up([*parts, walk.publish_all(workshop, ledger)])
        ledger.run_finished(run, total.as_json())
    return total


def states(workshop: Workshop) -> dict[str, str]:
    """What became of each document, by the name of its first link."""
    with Ledger.open(workshop.home) as ledger:
        found = {}
        for document in ledger.select():
            name = ledger.links_of(document.document_id)[0].file_name or ""
            found[name] = document.reason or document.state
        return found


def test_each_file_of_an_archive_becomes_a_document_of_its_own(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    content = zipped({"2025/教育局2025年部门预算.pdf": A, "内.zip": zipped({"民政局.pdf": B})})
    put(server, all_zip=content)
    summary = night(workshop, declared)
    assert (summary.new, summary.published, summary.failures) == (2, 2, 0)
    assert states(workshop) == {"教育局2025年部门预算.pdf": "published", "民政局.pdf": "published"}
    with Ledger.open(workshop.home) as ledger:
        packed, *members = ledger.links()
        assert (packed.state, packed.document_id) == ("fetched", None)
        assert archive.get(workshop.home, packed.sha256 or "") == content
        assert [(m.url.removeprefix(packed.url), m.title) for m in members] == [
            (
                "#2025/%E6%95%99%E8%82%B2%E5%B1%802025%E5%B9%B4%E9%83%A8%E9%97%A8%E9%A2%84%E7%AE%97.pdf",
                "教育局2025年部门预算",
            ),
            ("#%E5%86%85.zip!/%E6%B0%91%E6%94%BF%E5%B1%80.pdf", "all.zip 2025年部门预算 民政局"),
        ]
        assert [count.of for count in ledger.counts()] == ["document"] * len(ledger.counts())


def test_an_archive_that_did_not_change_gives_nothing_new_and_one_that_did_gives_what_is_new(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    put(server, all_zip=zipped({"a.pdf": A, "b.pdf": B}))
    night(workshop, declared)
    again = night(workshop, declared)
    assert (again.new, again.unchanged, again.read) == (0, 2, 0)
    put(server, all_zip=zipped({"a.pdf": A, "b.pdf": B, "c.pdf": C}))
    third = night(workshop, declared)
    assert (third.new, third.unchanged, third.published) == (1, 2, 1)


def test_what_an_archive_hides_is_told_and_the_rest_is_taken(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    content = zipped({"a.pdf": A, "b.pdf": B})
    put(server, all_zip=content.replace(B, B.replace(b"7.00", b"8.00")), cut_zip=content[:40])
    summary = night(workshop, declared)
    assert states(workshop) == {
        "a.pdf": "published",
        "all.zip": "archive_broken",
        "cut.zip": "archive_broken",
    }
    assert summary.failed == Counter(archive_broken=2)


def test_files_in_other_formats_are_kept_and_named(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    doc = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    docx = zipped({"[Content_Types].xml": b"", "word/document.xml": b""})
    put(
        server,
        a_pdf=A,
        b_doc=doc,
        c_pdf=docx,
        d_zip=zipped({"表.xls": doc + b"1"}),
        e_rar=b"Rar!\x1a\x07\x00",
    )
    summary = night(workshop, declared)
    assert summary.failed == Counter(unsupported_format=4)
    assert Counter(states(workshop).values()) == Counter(unsupported_format=4, published=1)
    with Ledger.open(workshop.home) as ledger:
        sentences = {failure.sentence for failure in ledger.failures("unsupported_format")}
        assert any("docx" in said for said in sentences)
        for document in ledger.select(reason="unsupported_format"):
            assert archive.get(workshop.home, document.sha256)
    with Ledger.open(workshop.home) as ledger:
        walk.read_documents(workshop, ledger, ledger.select(reason="unsupported_format"))
    assert Counter(states(workshop).values())["unsupported_format"] == 4


def test_a_member_whose_bytes_are_lost_comes_again_out_of_its_archive(
    server: RudeServer, declared: Source, workshop: Workshop, tmp_path: Path
) -> None:
    put(server, all_zip=zipped({"a.pdf": A, "b.pdf": B}))
    night(workshop, declared)
    with Ledger.open(workshop.home) as ledger:
        lost = next(d for d in ledger.select() if ledger.links_of(d.document_id)[0].file_name == "a.pdf")
        archive.path(workshop.home, lost.sha256).unlink()
        walk.read_documents(workshop, ledger, [lost])
        assert ledger.document(lost.document_id).reason == "archive_missing"
        (tmp_path / "sources").mkdir()
        (tmp_path / "haigang.toml").rename(tmp_path / "sources" / "haigang.toml")
        fetch_again(workshop, ledger, tmp_path / "sources", failed_links(ledger))
        walk.publish_all(workshop, ledger)
        assert ledger.document(lost.document_id).state == "published"


def test_articles_are_asked_only_whether_they_changed(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    items = '<li><a href="t20250203_1.html">教育局2025年部门预算</a><span>2025-02-03</span></li>'
    server.answers |= {
        "/list/index.html": reply(f'<ul class="list">{items}</ul>'.encode()),
        "/list/t20250203_1.html": reply(b'<html><a href="P1.pdf">x.pdf</a></html>', ETag='"1"'),
        "/list/P1.pdf": reply(A, ETag='"2"'),
    }
    assert night(workshop, declared).new == 1
    server.answers["/list/t20250203_1.html"] = reply(b"", "304 Not Modified")
    server.answers["/list/P1.pdf"] = reply(b"", "304 Not Modified")
    second = night(workshop, declared)
    assert (second.listed, second.unchanged, second.failures) == (1, 1, 0)
    asked = {path: headers.get("if-none-match") for path, headers in server.asked}
    assert asked["/list/t20250203_1.html"] == '"1"'
    server.answers["/list/t20250203_1.html"] = reply(b"", "500 Oh")
    third = night(workshop, declared)
    assert third.listed == 1, "what an article gave last stays while it cannot be asked"
    assert [trouble.reason for trouble in third.troubles] == ["http_500"]


def test_a_disclosure_that_is_a_page_is_kept_as_a_page(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    items = '<li><a href="t20250203_1.html">教育局2025年部门预算</a><span>2025-02-03</span></li>'
    text = f"<html><h1>教育局2025年部门预算</h1><p>{'收支总表，单位万元。' * 200}</p></html>"
    server.answers |= {
        "/list/index.html": reply(f'<ul class="list">{items}</ul>'.encode()),
        "/list/t20250203_1.html": reply(text.encode()),
    }
    assert night(workshop, declared).failed == Counter(unsupported_format=1)
    assert states(workshop) == {"t20250203_1.html": "unsupported_format"}


def test_a_list_that_falls_is_told_until_it_is_old(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    files = {f"f{n}_pdf": made_up.content(f"局{n}", "1.00") for n in range(10)}
    put(server, **files)
    assert night(workshop, declared).troubles == []
    put(server, **dict(list(files.items())[:5]))
    for _ in range(2):
        (trouble,) = night(workshop, declared).troubles
        assert trouble.reason == "list_shrunk"
        assert "lists 5 documents, and listed 10" in trouble.sentence
    put(server, **files)
    assert night(workshop, declared).troubles == []


def test_links_to_hosts_of_others_are_written_down_once(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    items = (
        '<li><a href="http://clone.example.com/a.pdf">教育局2025年部门预算</a><span>2025-02-03</span></li>'
    )
    server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
    night(workshop, declared)
    night(workshop, declared)
    with Ledger.open(workshop.home) as ledger:
        (failure,) = ledger.failures("foreign_host")
        assert failure.attempts == 1
        assert "clone.example.com" in failure.sentence


def test_a_folder_is_a_source(workshop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "文件"
    (folder / "2025").mkdir(parents=True)
    (folder / "2025" / "教育局2025年部门预算.pdf").write_bytes(A)
    (folder / "b.zip").write_bytes(zipped({"民政局.pdf": B}))
    (folder / ".hidden.pdf").write_bytes(C)
    (tmp_path / "secret.pdf").write_bytes(C)
    (folder / "out.pdf").symlink_to(tmp_path / "secret.pdf")
    declared = source(tmp_path, f'name = "f"\nregion = "130302"\n[folder]\npath = "{folder.name}"\n')
    first = night(workshop, declared)
    assert states(workshop) == {"教育局2025年部门预算.pdf": "published", "民政局.pdf": "published"}
    assert first.failed == Counter(outside_folder=1)
    second = night(workshop, declared)
    assert (second.new, second.unchanged) == (0, 2)
    (folder / "b.zip").unlink()
    (folder / "2025" / "教育局2025年部门预算.pdf").rename(tmp_path / "gone.pdf")
    third = night(workshop, declared)
    assert [trouble.reason for trouble in third.troubles] == ["list_shrunk"]


def test_documents_are_given_one_by_one(server: RudeServer, workshop: Workshop, tmp_path: Path) -> None:
    server.answers["/a.pdf"] = reply(A)
    text = f"""name = "g"\nallow_private = true\n[politeness]\ndelay_s = 0.0\n[[document]]\nurl = "{server.url("/a.pdf")}"
title = "公开"\nyear = 2025\nstage = "budget"\ndepartment = "教育局"\ndate = 2025-02-03"""
    assert night(workshop, source(tmp_path, text)).published == 1
    with Ledger.open(workshop.home) as ledger:
        (link,) = ledger.links()
        assert (link.department, link.fiscal_year, link.stage, str(link.published_on)) == (
            "教育局",
            2025,
            "budget",
            "2025-02-03",
        )


def test_a_workbook_that_is_a_saved_page_is_kept(
    server: RudeServer, declared: Source, workshop: Workshop
) -> None:
    """Programs save tables as HTML under the name .xls; that is the publisher's file, not a page in its place."""
    saved = (
        b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>1</td></tr></table></html>'
    )
    put(server, a_xls=saved, b_xls=b"<html><p>Nothing here that says what it is.</p></html>")
    assert night(workshop, declared).failed == Counter(unsupported_format=1, not_a_document=1)


def test_what_is_ignored_by_now_is_no_failure_any_more(
    server: RudeServer, declared: Source, workshop: Workshop, tmp_path: Path
) -> None:
    put(server, a_pdf=A, b_doc=b"{\\rtf1 a letter}", c_pdf=C)
    server.answers["/list/c.pdf"] = reply(b"", "404 Not Found")
    assert night(workshop, declared).failures == 2
    wiser = loopback(
        tmp_path, server.address, 'attempts = 1\n[[ignore]]\ntitle = "doc|c.pdf|a.pdf"\nreason = "no budgets"'
    )
    assert night(workshop, wiser).failures == 0
    with Ledger.open(workshop.home) as ledger:
        assert ledger.failures() == []
        assert [(count.of, count.state, count.count) for count in ledger.counts()] == [
            ("document", "published", 1)
        ]
        assert {link.url.rpartition("/")[2]: link.state for link in ledger.links()} == {
            "a.pdf": "fetched", "b.doc": "ignored", "c.pdf": "ignored",
        }  # fmt: skip
    server.answers["/list/c.pdf"] = reply(C)
    assert night(workshop, declared).published == 1, "without the line, it begins anew"
    assert Counter(states(workshop).values()) == Counter(published=2, unsupported_format=1)


def test_a_host_that_is_named_by_now_is_asked(
    server: RudeServer, declared: Source, workshop: Workshop, tmp_path: Path
) -> None:
    with rude_server() as other:
        items = f'<li><a href="{other.url("/a.pdf").replace("127.0.0.1", "localhost")}">教育局2025年部门预算</a><span>2025-02-03</span></li>'
        server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
        other.answers["/a.pdf"] = reply(A)
        night(workshop, declared)
        with Ledger.open(workshop.home) as ledger:
            assert [failure.reason for failure in ledger.failures()] == ["foreign_host"]
        text = (tmp_path / "haigang.toml").read_text(encoding="utf-8")
        named = source(tmp_path, f'hosts = ["localhost"]\n{text}')
        assert night(workshop, named).failed == Counter(private_address=1), (
            "asked, and still not let out of the public"
        )
