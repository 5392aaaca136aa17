"""``fisc sources`` and ``fisc sources check``: what is shown, and the exit status that a script can rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from declared import source, toml
from rude_server import RudeServer, reply, rude_server
from typer.testing import CliRunner, Result

from fisc.flows.checking import gaps_of
from fisc.flows.cli import app
from fisc.flows.cli.console import UsageError
from fisc.flows.sources import read_source
from fisc.warehouse.ledger import Link

TITLES = ("教育局2025年部门预算", "民政局2025年部门预算", "政府采购意向公开2025年")


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with rude_server() as server:
        items = "".join(
            f'<li><a href="{n}.pdf">{title}</a><span>2025-02-0{n}</span></li>'
            for n, title in enumerate(TITLES, 1)
        )
        server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
        yield server


@pytest.fixture
def folder(server: RudeServer, tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    more = '[politeness]\ndelay_s = 0.0\nattempts = 1\n[[ignore]]\ntitle = "采购意向"\nreason = "no budget"\n'
    text = toml(f"{server.address}/list/index.html", top='title = "海港"\nallow_private = true', more=more)
    (folder / "haigang.toml").write_text(text, encoding="utf-8")
    return folder


def add(folder: Path, more: str) -> None:
    with (folder / "haigang.toml").open("a", encoding="utf-8") as file:
        file.write(more)


def run(*words: str, folder: Path) -> Result:
    return CliRunner().invoke(app, ["sources", *words, "--source-dir", str(folder)])


def test_the_declared_sources_are_listed(folder: Path) -> None:
    shown = run(folder=folder)
    assert shown.exit_code == 0
    assert "haigang" in shown.output
    assert "海港" in shown.output
    (described,) = json.loads(run("--json", folder=folder).output)
    assert described["hosts"] == ["127.0.0.1"]
    assert described["schedule"] == "0 2 * * *"


def test_a_source_that_is_right_is_shown_and_ends_with_0(folder: Path, server: RudeServer) -> None:
    done = run("check", "haigang", folder=folder)
    assert done.exit_code == 0, done.output
    for words in ("2 documents on 1 list pages", "教育局", "2025-02-01", "budget", "pdf", "All is well"):
        assert words in done.output
    line = (folder / "haigang.toml").read_text(encoding="utf-8").splitlines().index("[[ignore]]") + 1
    assert f"ignored: 1 (no budget, line {line} of the file)" in done.output
    assert not any(path.endswith(".pdf") for path in server.paths()), "a dry run takes no document"
    assert not (folder.parent / "home" / "ledger.sqlite").exists(), "a dry run writes nothing down"


def test_all_of_it_as_json(folder: Path) -> None:
    told = json.loads(run("check", "haigang", "--json", folder=folder).output)
    assert [(link["kind"], link["department"], link["stage"]) for link in told["links"]] == [
        ("pdf", "教育局", "budget"), ("pdf", "民政局", "budget"),
    ]  # fmt: skip
    assert told["ignored"][0]["reason"] == "no budget"
    assert told["missing"] == told["problems"] == []


def test_what_is_missing_ends_with_1(folder: Path) -> None:
    add(
        folder,
        '[expected]\ndepartments = ["教育局", "民政局", "财政局"]\nyears = [2025]\nstages = { budget = "02-20" }\n',
    )
    done = run("check", "haigang", folder=folder)
    assert done.exit_code == 1
    assert "missing: 财政局, 2025 budget" in done.output


def test_a_list_that_fails_ends_with_1_and_says_what_to_do(folder: Path, server: RudeServer) -> None:
    server.answers["/list/index.html"] = reply(b"", "404 Not Found")
    done = run("check", "haigang", folder=folder)
    assert done.exit_code == 1
    assert "http_404" in done.output
    assert "→" in done.output


def test_a_file_that_is_wrong_is_wrong_usage(folder: Path) -> None:
    add(folder, "[expected]\ndepartmets = 3\n")
    done = run("check", "haigang", folder=folder)
    assert isinstance(done.exception, UsageError)
    assert "did you mean departments?" in str(done.exception)


def test_pages_beside_the_lists_are_opened_up_to_a_limit(folder: Path, server: RudeServer) -> None:
    items = "".join(f'<li><a href="t2025020{n}_1.html">局{n} 2025年部门预算</a></li>' for n in range(1, 6))
    server.answers["/list/index.html"] = reply(f'<ul class="list">{items}</ul>'.encode())
    for n in range(1, 6):
        server.answers[f"/list/t2025020{n}_1.html"] = reply(f'<html><a href="{n}.pdf">附件</a>'.encode())
    told = json.loads(run("check", "haigang", "--limit", "2", "--json", folder=folder).output)
    assert [link["kind"] for link in told["links"]] == ["pdf", "pdf", "unopened", "unopened", "unopened"]
    everything = json.loads(run("check", "haigang", "--limit", "0", "--json", folder=folder).output)
    assert [link["kind"] for link in everything["links"]] == ["pdf"] * 5


GAPS = [
    ("departments = 3", [(2025, "budget", None, 2, 3), (2025, "final_accounts", None, 0, 3)], date(2026, 12, 31)),
    ("departments = 3", [(2025, "budget", None, 2, 3)], date(2025, 12, 31)),
    ('departments = 3\nstages = { budget = "02-20" }', [], date(2025, 2, 19)),
    ('departments = 3\nstages = { budget = "02-20" }', [(2025, "budget", None, 2, 3)], date(2025, 2, 20)),
    ('departments = 2\nstages = { budget = "02-20" }', [], date(2025, 2, 20)),
    (
        'departments = 2\nyears = "2024..2025"\nstages = { budget = "02-20" }',
        [(2024, "budget", None, 0, 2)], date(2025, 2, 20),
    ),
    ('departments = ["教育局", "水利局"]\nstages = { budget = "02-20" }', [(2025, "budget", "水利局", 0, 1)], date(2025, 3, 1)),
    ("", [], date(2030, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "missing", "today"), GAPS)
def test_what_is_missing_by_a_day(
    tmp_path: Path, expected: str, missing: list[tuple[object, ...]], today: date
) -> None:
    declared = source(tmp_path, toml(more=f"[expected]\n{expected}"))
    links = [
        Link(
            url=f"u{n}",
            source="haigang",
            title=title,
            department=f"市{title[:3]}",
            fiscal_year=2025,
            stage="budget",
        )
        for n, title in enumerate(TITLES[:2])
    ]
    found = [
        (gap.fiscal_year, gap.stage, gap.department, gap.found, gap.expected)
        for gap in gaps_of(declared.expected, links, today)
    ]
    assert found == missing


def test_a_host_that_only_answers_in_the_other_way_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fisc.flows.checking import check
    from fisc.flows.fetch import Got, Visitor
    from fisc.flows.net.failures import FetchError

    path = tmp_path / "haigang.toml"
    path.write_text(toml(), encoding="utf-8")

    def page(_: Visitor, url: str, *__: object, **___: object) -> Got:
        if url.startswith("https:"):
            raise FetchError(url, "tls_error", detail="handshake")
        return Got(url, b"<html>", {})

    monkeypatch.setattr(Visitor, "page", page)
    with Visitor(read_source(path)) as visitor:
        (problem,) = check(visitor.source, visitor, date(2025, 1, 1)).problems
    assert 'from = "https://portal.example/" to = "http://portal.example/"' in problem.mends
