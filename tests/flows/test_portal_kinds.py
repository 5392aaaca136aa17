"""Every kind of portal that samples serve is walked: nothing lost, and the hints are right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from declared import source

from fisc.flows.discover import Discovery, discover
from fisc.flows.fetch import Visitor
from fisc.flows.sources import read_source
from fisc.flows.unpack import unpack
from samples.kinds import Site, serve_kind
from samples.serving.pages import Posting

NAMES = ("望溪市教育局", "望溪市民政局", "望溪市城市管理综合行政执法局")


def postings() -> list[Posting]:
    """Three departments, budgets of two years and the final accounts between them."""
    made = []
    for number, name in enumerate(NAMES):
        for year, stage, day in (
            (2024, "预算", date(2024, 2, 10)), (2025, "预算", date(2025, 2, 11)), (2024, "决算", date(2025, 9, 12)),
        ):  # fmt: skip
            title = f"{name}{year}年部门{stage}"
            content = f"%PDF-1.7 {title}".encode()
            made.append(Posting(title, f"/files/{year}{number}{len(made)}.pdf", content, day))
    return made


BARE = '[list]\nstart = "{base}{start}"\n'
DECLARED = {
    "create-page-script": BARE,
    "query-pages": BARE,
    "column": BARE,
    "trs": BARE,
    "attachments": BARE,
    "json-get": (
        '[list]\nformat = "json"\nstart = "{base}/api/list?page={{n}}"\nentries = "data.rows"\ntitle = "bt"\n'
        'date = "fbsj"\nlink = "/api/detail?id={{id}}"\ntotal = "data.total"\n'
        '[article]\nformat = "json"\nfiles = "data.files"\nlink = "path"\ntitle = "name"\n'
    ),
    "json-post": (
        '[list]\nformat = "json"\nmethod = "POST"\nstart = "{base}/api/open/query"\nsize = 4\n'
        """body = '{{"offset": {{offset}}, "size": 4}}'\nentries = "result.list"\ntitle = "title"\nlink = "url"\n"""
        'date = "date"\ndepartment = "dept.name"\ntotal = "result.count"\n'
    ),
    "departments": (
        '[departments]\nstart = "{base}/bm/index.html"\nentries = "#depts li"\n'
        '[list]\nentries = "ul:not(#depts) li"\nheading = "h3"\n'
    ),
}


@contextmanager
def walked(kind: str, folder: Path) -> Iterator[tuple[Site, Discovery]]:
    with serve_kind(kind, postings()) as site:
        text = DECLARED[kind].format(base=site.base_url, start=site.start)
        top = f'name = "haigang"\nallow_private = true\n{text}[politeness]\ndelay_s = 0.0\nfirst_wait_s = 0.05\n'
        with Visitor(source(folder, top)) as visitor:
            yield site, discover(visitor.source, visitor)


@pytest.mark.parametrize("kind", DECLARED)
def test_a_portal_of_each_kind_is_walked(kind: str, tmp_path: Path) -> None:
    with walked(kind, tmp_path) as (_, found):
        assert [error.sentence for error in found.failures] == []
        assert [doubt.sentence for doubt in found.doubts] == []
        said = {(link.department, link.fiscal_year, link.stage) for link in found.links}
        assert said == {
            (name, year, stage)
            for name in NAMES
            for year, stage in ((2024, "budget"), (2025, "budget"), (2024, "final_accounts"))
        }
        assert len(found.links) == 9
        assert all(link.url.endswith(".pdf") for link in found.links)
        if kind != "attachments":
            assert all(link.published_on for link in found.links)


@pytest.mark.parametrize("kind", DECLARED)
def test_every_link_gives_the_bytes_that_it_is_said_to_give(kind: str, tmp_path: Path) -> None:
    with (
        walked(kind, tmp_path) as (_, found),
        Visitor(read_source(tmp_path / "haigang.toml")) as visitor,
    ):
        assert found.links
        for link in found.links:
            got = visitor.file(link.url).content
            assert got is not None
            title = got.removeprefix(b"%PDF-1.7 ").decode()
            assert (link.department or "") in title
            assert str(link.fiscal_year) in title


def test_a_portal_of_archives_is_walked(tmp_path: Path) -> None:
    with serve_kind("archives", postings()) as site:
        text = BARE.format(base=site.base_url, start=site.start)
        top = f'name = "haigang"\nallow_private = true\n{text}[politeness]\ndelay_s = 0.0\n'
        with Visitor(source(tmp_path, top)) as visitor:
            found = discover(visitor.source, visitor)
            packed = [unpack(visitor.file(link.url).content or b"") for link in found.links]
    assert [(link.file_name, link.stage) for link in found.links] == [("2024.zip", None), ("2025.zip", None)]
    assert [unpacked.refused for unpacked in packed] == [[], []]
    titles = {member.name.removesuffix(".pdf") for unpacked in packed for member in unpacked.members}
    assert titles == {posting.title for posting in postings()}
