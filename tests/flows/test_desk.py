"""The desk over HTTP: what it shows, what it writes, and whom it refuses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from fisc.flows.desk import Settings, desk
from fisc.flows.desk.guard import HEADERS
from fisc.flows.desk.opened import read_tables
from fisc.schemas.differences import differences
from fisc.warehouse import archive
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.stage import stage
from tests.flows.desk_home import Made, make

PORT = 8742
HERE = f"http://127.0.0.1:{PORT}"

pytestmark = pytest.mark.xdist_group("desk")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def client(made: Made) -> Iterator[TestClient]:
    with TestClient(desk(Settings(made.home, made.sources, PORT)), base_url=HERE) as client:
        yield client


def token(client: TestClient, made: Made) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(f"/document/{made.later}").text)
    assert found
    return found[1]


def fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with an action."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


class Tags(HTMLParser):
    """Every address that a page names, and every attribute that would be script or style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.followed: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.loaded += [said[name] for name in ("src", "data", "srcset") if name in said]
        if tag in ("link", "base", "iframe", "object", "embed"):
            self.loaded.append(said.get("href", ""))
        elif "href" in said:
            self.followed.append(said["href"])
        self.inline += [name for name in said if name == "style" or name.startswith("on")]
        if tag in ("script", "style") and "src" not in said:
            self.inline.append(tag)


def every_page(made: Made) -> list[str]:
    return [
        "/", "/findings", "/inspection", f"/document/{made.slipped}", f"/document/{made.slipped}/page/3",
        f"/document/{made.slipped}/inspection", f"/document/{made.slipped}/cell/1", f"/document/{made.slipped}/finding/1",
        f"/document/{made.later}/changes", f"/document/{made.failed}", f"/document/{made.earlier}", "/document/nothing",
    ]  # fmt: skip


def test_every_page_answers_in_both_languages_and_loads_nothing_from_elsewhere(
    client: TestClient, made: Made
) -> None:
    for path in every_page(made):
        for language in ("zh", "en"):
            answer = client.get(path, headers={"cookie": f"fisc_lang={language}"})
            assert answer.status_code == (404 if path.endswith("nothing") else 200), path
            tags = Tags(answer.text)
            assert [a for a in tags.loaded if not re.match(r"/(?:static|document)/", a)] == [], path
            assert tags.inline == [], path
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS
            lang = "en" if language == "en" else "zh-CN"
            assert f'<html lang="{lang}">' in answer.text
            assert "<b>标题</b>" not in answer.text


def test_the_addresses_on_the_pages_lead_somewhere(client: TestClient, made: Made) -> None:
    seen: set[str] = set()
    for path in every_page(made):
        base = path.partition("?")[0]
        for link in Tags(client.get(path).text).followed:
            if link.startswith("/"):
                seen.add(link.partition("#")[0])
            elif link.startswith("?"):
                seen.add(base + link)
    seen = {link for link in seen if "lang=" not in link and "nothing" not in link}
    assert len(seen) > 40
    assert [link for link in sorted(seen) if client.get(link).status_code != 200] == []


def test_the_list_is_filtered_as_the_address_says(client: TestClient, made: Made) -> None:
    def listed(query: str) -> set[str]:
        return set(
            re.findall(r'class="name"><a href="/document/([0-9a-f]{16})"', client.get(f"/?{query}").text)
        )

    assert listed("") == {made.slipped, made.later, made.earlier, made.failed}
    assert listed("state=failed") == {made.failed}
    assert listed("findings=error") == {made.slipped}
    assert listed("proven=refuted") == {made.slipped}
    assert listed("proven=loose") == {made.slipped}
    assert listed("year=2025&stage=budget&state=published&region=13") == {made.slipped, made.later}
    assert listed("q=" + made.later[:6]) == {made.later}
    assert listed("rule=number") == {made.slipped}
    assert listed("year=1999") == set()
    assert listed("findings=%3Cscript%3E&page=-7&order=x&stage=plan") == listed("")


def test_an_amount_is_shown_with_its_box_and_the_box_leads_back(client: TestClient, made: Made) -> None:
    page = client.get(f"/document/{made.slipped}/page/3").text
    cells = re.findall(r'id="c(\d+)"', page)
    assert len(cells) > 20
    assert [n for n in cells if f'id="b{n}" href="#c{n}"' not in page or f'href="#b{n}"' not in page] == []
    picture = re.search(r'src="(/document/[^"]+)"', page)
    assert picture
    answer = client.get(picture[1])
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[:4] == b"RIFF"


def test_the_two_numbers_of_a_finding_are_drawn(client: TestClient, made: Made) -> None:
    rows = read(made, made.slipped)["finding"]
    number, found = next(
        (n, f) for n, f in enumerate(rows, 1) if f["expected"] is not None and f["x0"] is not None
    )
    page = client.get(f"/document/{made.slipped}/page/{found['page']}").text
    for side, word in (("expected", "应为"), ("actual", "实为")):
        drawn = re.search(
            rf'<a id="x{number}{side[0]}" href="#f{number}" class="side {side}(?: computed)?">.*?</a>', page
        )
        assert drawn
        assert f"{word} {found[side].normalize():,f}" in drawn[0]


def test_what_nothing_accounts_for_is_listed(client: TestClient, made: Made) -> None:
    assert re.search(r"<b>8866</b>", client.get(f"/document/{made.slipped}").text)


def test_changes_against_the_earlier_version(client: TestClient, made: Made) -> None:
    page = client.get(f"/document/{made.later}/changes").text
    with Ledger.open(made.home) as ledger:
        found = differences(
            *(read_tables(made.home, ledger.document(each)) for each in (made.earlier, made.later))
        )
    assert found
    assert all(f"{each.after:,}" in page for each in found if each.column and each.after is not None)
    assert client.get(f"/document/{made.slipped}/changes").status_code == 404
    assert f"/document/{made.later}" in client.get(f"/document/{made.earlier}").text


def read(made: Made, document_id: str) -> dict[str, list[dict[str, Any]]]:
    with Ledger.open(made.home) as ledger:
        tables = read_tables(made.home, ledger.document(document_id))
    return {name: table.to_pylist() for name, table in tables.items()}


def test_a_waiver_is_written_beside_the_source_and_can_be_withdrawn(client: TestClient, made: Made) -> None:
    path = (
        f"/document/{made.later}/finding/1"
        if read(made, made.later)["finding"]
        else f"/document/{made.slipped}/finding/1"
    )
    hidden = fields(client.get(path).text, path)
    incomplete = client.post(path, data=hidden | {"reason": " ", "name": "王审"})
    assert (incomplete.status_code, "请写明理由和姓名" in incomplete.text) == (400, True)
    done = client.post(path, data=hidden | {"reason": "四舍五入 <i>", "name": "王审"}, follow_redirects=False)
    assert done.status_code == 303
    file = made.sources / "reviewed" / "wangxi.toml"
    (entry,) = tomllib.loads(file.read_text("utf-8"))["waiver"]
    assert (entry["reason"], entry["name"]) == ("四舍五入 <i>", "王审")
    overview = client.get(done.headers["location"]).text
    assert "四舍五入 &lt;i&gt;" in overview
    base = done.headers["location"].partition("?")[0]
    gone = client.post(
        f"{base}/withdraw", data=fields(overview, f"{base}/withdraw") | {"name": ""}, follow_redirects=False
    )
    assert gone.status_code == 303
    assert [e.get("withdrawn") for e in tomllib.loads(file.read_text("utf-8"))["waiver"]] == [None, True]


def test_a_correction_must_be_a_number_and_about_what_the_form_showed(client: TestClient, made: Made) -> None:
    path = f"/document/{made.slipped}/cell/1"
    hidden = fields(client.get(path).text, path)
    signed = {"reason": "看错", "name": "王审", "unit": "万元"}
    for said in ("abc", "1.23456789", "9" * 40):
        assert client.post(path, data=hidden | signed | {"value": said}).status_code == 400
    assert client.post(path, data=hidden | signed | {"value": "1", "unit": "斤"}).status_code == 400
    other = client.post(f"/document/{made.slipped}/cell/2", data=hidden | signed | {"value": "7.25"})
    assert (other.status_code, "重新读取过" in other.text) == (400, True)
    done = client.post(path, data=hidden | signed | {"value": "7.25"}, follow_redirects=False)
    assert done.status_code == 303
    (entry,) = tomllib.loads((made.sources / "reviewed" / "wangxi.toml").read_text("utf-8"))["correction"]
    assert (entry["value_yuan"], entry["document_id"]) == ("72500.00", made.slipped)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8742", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8742", ""],
)
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8742", "[::1]:8742", "LOCALHOST:8742"])
def test_loopback_by_another_name_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "with_token"),
    [
        ({}, False),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://127.0.0.1:9999"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
    ],
)
def test_a_form_of_another_site_is_refused(
    client: TestClient, made: Made, headers: dict[str, str], with_token: bool
) -> None:
    data = {"token": token(client, made) if with_token else "guess"}
    for path in ("rerun", "withdraw", "cell/1", "finding/1"):
        assert client.post(f"/document/{made.later}/{path}", data=data, headers=headers).status_code == 403


def test_a_form_that_is_too_large_is_refused(client: TestClient, made: Made) -> None:
    data = {"token": token(client, made), "reason": "长" * 100_000}
    assert client.post(f"/document/{made.slipped}/finding/1", data=data).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fapp.py", "/static/desk.css/../../app.py",
        "/document/..%2f..%2fetc%2fpasswd", "/document/%2e%2e/file", "/document/0000000000000000/file", "/etc/passwd",
        "/document/3F2A3F2A3F2A3F2A",
    ],
)  # fmt: skip
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_does_not_exist_says_so_in_one_sentence(client: TestClient, made: Made) -> None:
    for path in ("page/99", "page/0", "cell/99999", "finding/0", "picture/99"):
        answer = client.get(f"/document/{made.slipped}/{path}")
        assert (answer.status_code, 'role="alert"' in answer.text) == (404, True)
    assert client.post("/", data={}).status_code == 405


def test_a_file_that_cannot_be_drawn_costs_its_picture_only(made: Made, tmp_path: Path) -> None:
    other = make(tmp_path)
    with Ledger.open(other.home) as ledger:
        file = archive.path(other.home, ledger.document(other.slipped).sha256)
    file.write_bytes(b"%PDF-1.7 no more")
    with TestClient(desk(replace(Settings(other.home, other.sources, PORT))), base_url=HERE) as client:
        answer = client.get(f"/document/{other.slipped}/page/3")
        assert answer.status_code == 200
        assert 'class="notice"' in answer.text
        assert answer.text.count('id="c') > 20, "the rows are there all the same"
        assert client.get(f"/document/{other.later}/page/3").text.count("<img") == 1


def test_a_home_with_nothing_in_it_says_what_to_do(tmp_path: Path) -> None:
    from fisc.warehouse.home import Home

    with TestClient(desk(Settings(Home(tmp_path / "data"), tmp_path, PORT)), base_url=HERE) as client:
        assert "fisc harvest" in client.get("/").text
        assert [client.get(path).status_code for path in ("/findings", "/inspection")] == [200, 200]


def test_a_broken_file_of_decisions_is_told_on_the_page(
    client: TestClient, made: Made, tmp_path: Path
) -> None:
    folder = tmp_path / "sources" / "reviewed"
    folder.mkdir(parents=True)
    (folder / "wangxi.toml").write_text("[[waiver]\n", "utf-8")
    settings = Settings(made.home, tmp_path / "sources", PORT)
    with TestClient(desk(settings), base_url=HERE) as other:
        answer = other.get(f"/document/{made.later}")
        assert (answer.status_code, "wangxi.toml" in answer.text) == (200, True)
        assert other.get(f"/document/{made.slipped}/finding/1").status_code == 409


HOSTILE = "</td></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"
KEPT = {"document_id", "level", "stage", "region_code", "severity", "outcome", "rule", "method", "proof", "table", "column", "side", "measure", "sha256"}  # fmt: skip


def test_a_document_that_tries_to_break_out_of_the_pages_does_not(tmp_path: Path) -> None:
    """Every word of a document's rows is replaced; no page has one element or handler more for it."""
    other = make(tmp_path)
    with Ledger.open(other.home) as ledger:
        for document_id in (other.slipped, other.later, other.earlier):
            tables = read_tables(other.home, ledger.document(document_id))
            stage(other.home, document_id, {name: hostile(table) for name, table in tables.items()})
    with TestClient(desk(Settings(other.home, other.sources, PORT)), base_url=HERE) as client:
        for path in every_page(other):
            page = client.get(path).text
            assert "<script>alert" not in page, path
            assert Tags(page).inline == [], path
        assert "&lt;script&gt;alert(1)" in client.get(f"/document/{other.slipped}/page/3").text
        assert "{{7*7}}" in client.get(f"/document/{other.slipped}/page/3").text


def hostile(table: pa.Table) -> pa.Table:
    columns = [
        pa.array([HOSTILE if value else value for value in table.column(field.name).to_pylist()], field.type)
        if pa.types.is_string(field.type) and field.name not in KEPT
        else table.column(field.name)
        for field in table.schema
    ]
    return pa.table(columns, schema=table.schema)
