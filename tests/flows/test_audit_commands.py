"""``fisc extract --html`` and ``--unaccounted``, and ``fisc show --unaccounted``, on printed disclosures."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import made_up
import pymupdf
import pytest

from fisc.flows import walk
from fisc.flows.cli import main
from fisc.flows.reading import read_document
from fisc.flows.workshop import Silent, Workshop
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Link
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure

Fisc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fisc(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fisc:
    monkeypatch.setenv("FISC_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fisc", *map(str, words)])
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    return run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disclosure of which every number is accounted for."""
    layout = layouts.load("guangxi")
    file = tmp_path_factory.mktemp("files") / "whole.pdf"
    file.write_bytes(print_disclosure(make_disclosure(1, "306", 2025, layout.stage), layout).content)
    return file


@pytest.fixture(scope="module")
def file(whole: Path) -> Path:
    """The same with one number more."""
    with pymupdf.open(whole) as document:
        last = document[-1]
        last.insert_text((72, last.rect.height - 90), "附页另见登记簿8866。", fontname="china-s", fontsize=10)
        document.save(whole.with_name("more.pdf"))
    return whole.with_name("more.pdf")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, file: Path) -> Home:
    """A home in which that disclosure is published."""
    home = Home(tmp_path_factory.mktemp("home")).create()
    with Ledger.open(home) as ledger:
        url = "https://portal.example/more.pdf"
        ledger.discovered(Link(url, "haigang", title="2025年部门预算", fiscal_year=2025, stage="budget"))
        ledger.fetched(url, archive.put(home, file.read_bytes()))
        workshop = Workshop(home, made_up.Here(), Silent(), read_document)  # type: ignore[arg-type]
        walk.read_documents(workshop, ledger, ledger.select())
        walk.publish_all(workshop, ledger)
    return home


def test_the_page_of_one_file(fisc: Fisc, file: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "page.html"
    status, said, _ = fisc("extract", file, "--html", target)
    assert status == 0
    assert str(target) in said
    page = target.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<svg ") == len(pymupdf.open(file))
    assert "more.pdf" in page


def test_the_pages_of_several_files_stand_in_a_folder(fisc: Fisc, file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"<html>404</html>")
    status, said, wrong = fisc("extract", broken, file, "--html", tmp_path / "pages")
    assert status == 1
    assert "broken.pdf" in wrong
    (page,) = (tmp_path / "pages").iterdir()
    assert str(page) in said
    assert page.suffix == ".html"


def test_a_page_goes_into_a_folder_that_is_there(fisc: Fisc, file: Path, tmp_path: Path) -> None:
    assert fisc("extract", file, "--html", tmp_path)[0] == 0
    (page,) = tmp_path.iterdir()
    assert page.name in fisc("extract", file, "--html", tmp_path)[1]


def test_a_page_that_cannot_be_written_is_one_sentence(fisc: Fisc, file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    status, _, wrong = fisc("extract", file, "--html", blocked / "page.html")
    assert status == 1
    assert "cannot be used" in wrong


@pytest.mark.parametrize(
    "options",
    [("--json", "--html", "x"), ("--parquet", "x", "--html", "x"), ("--unaccounted", "--html", "x")],
)
def test_what_cannot_be_meant_together_is_refused(fisc: Fisc, file: Path, options: tuple[str, ...]) -> None:
    status, _, wrong = fisc("extract", file, *options)
    assert status == 2
    assert "Choose one of" in wrong


def test_extract_lists_the_numbers_that_remain(fisc: Fisc, file: Path) -> None:
    status, said, _ = fisc("extract", file, "--unaccounted")
    assert status == 0
    (line,) = [line for line in said.splitlines() if line.split()[:1] == ["8866"]]
    assert line.split()[1] == str(len(pymupdf.open(file)))
    assert "附页另见登记簿8866" in line
    assert "accounted for" in said


def test_extract_lists_them_as_json(fisc: Fisc, file: Path) -> None:
    answer = json.loads(fisc("extract", file, "--unaccounted", "--json")[1])
    (number,) = answer["unaccounted"]
    assert (number["number"], number["page"]) == ("8866", len(pymupdf.open(file)))
    assert 72 < number["x0"] < number["x1"]
    height = pymupdf.open(file)[-1].rect.height
    assert height - 110 < number["y0"] < number["y1"] < height - 80
    assert "附页另见登记簿" in number["message"]
    assert "tables" not in answer


def test_a_document_without_such_numbers_says_so(fisc: Fisc, whole: Path) -> None:
    _, said, _ = fisc("extract", whole, "--unaccounted")
    told = [line for line in said.splitlines() if "accounted for" in line]
    first, last = told[0].split(" of ")
    assert last.startswith(first)


def test_the_overview_counts_them_and_says_how_to_list_them(fisc: Fisc, file: Path) -> None:
    _, said, _ = fisc("extract", file)
    assert "see --unaccounted" in said
    assert "number.unaccounted" not in said


def test_show_lists_them_from_what_is_published(fisc: Fisc, home: Home) -> None:
    status, said, _ = fisc("show", "more.pdf", "--unaccounted")
    assert status == 0
    assert "8866" in said
    assert "History" not in said
    (number,) = json.loads(fisc("show", "more.pdf", "--unaccounted", "--json")[1])
    assert number["number"] == "8866"


def test_findings_name_them_too(fisc: Fisc, home: Home) -> None:
    (finding,) = json.loads(fisc("findings", "--rule", "number.unaccounted", "--json")[1])
    assert (finding["severity"], finding["quote"]) == ("info", "8866")


def test_a_table_that_is_printed_empty_is_told_from_one_that_is_not_there(fisc: Fisc, tmp_path: Path) -> None:
    layout = layouts.load("hebei")
    file = tmp_path / "hebei.pdf"
    file.write_bytes(print_disclosure(make_disclosure(1, "306", 2025, layout.stage), layout).content)
    status, out, _ = fisc("extract", file)
    assert status == 0
    assert re.search(r"^state_capital +国有资本经营预算（财政拨款）支出表 +0 *$", out, re.MULTILINE)
    assert re.search(r"^expenditure .*? [1-9]\d* ", out, re.MULTILINE)
    assert "raw_table" not in out
