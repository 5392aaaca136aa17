"""The command line says what it is asked, in JSON where that is asked, and ends with the right status."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import made_up
import pyarrow.dataset as ds
import pytest
from declared import toml

from fisc.errors import DocumentError
from fisc.flows import walk
from fisc.flows.cli import app, main
from fisc.flows.net.failures import FetchError
from fisc.flows.workshop import Silent, Workshop
from fisc.warehouse import archive
from fisc.warehouse.backup import back_up
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, LedgerError, Link

COMMANDS = [command.callback.__name__ for command in app.registered_commands if command.callback]


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Fisc = Callable[..., Said]


@pytest.fixture
def fisc(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fisc:
    monkeypatch.setenv("FISC_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["fisc", *words])
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two published documents, one that cannot be read, one link that is dead, one run with a trouble."""
    home = Home(tmp_path_factory.mktemp("home")).create()
    workshop = Workshop(home, made_up.Here(), Silent(), made_up.read)  # type: ignore[arg-type]
    files = {
        "a.pdf": made_up.content("教育局", "1234567.50"),
        "b.pdf": made_up.content("民政局", "7.00"),
        "c.pdf": b"broken x 2025 budget 1",
    }
    with Ledger.open(home) as ledger:
        run = ledger.run_started("harvest haigang")
        for name, content in files.items():
            url = f"https://portal.example/{name}"
            ledger.discovered(
                Link(url, "haigang", title=f"{name} 2025年部门预算", fiscal_year=2025, stage="budget")
            )
            ledger.fetched(url, archive.put(home, content))
        dead = FetchError("https://portal.example/d.pdf", "http_404")
        ledger.discovered(Link(dead.url, "haigang", title="d 2025年部门预算"))
        ledger.link_failed(dead.url, dead.reason, dead.sentence)
        walk.read_documents(workshop, ledger, ledger.select())
        walk.publish_all(workshop, ledger)
        trouble = {
            "subject": "https://portal.example/",
            "reason": "http_500",
            "sentence": "The list page failed.",
        }
        ledger.run_finished(run, {"troubles": [trouble], "failed": {"http_404": 1}})
    return home


def document_id(home: Home, words: str) -> str:
    with Ledger.open(home) as ledger:
        return ledger.find(words)[0].document_id


def test_all_commands_of_the_design_are_there() -> None:
    assert {
        "harvest", "extract", "status", "failures", "rerun", "findings", "show", "tables", "dictionary", "sql",
    } <= set(COMMANDS)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_teaches_with_an_example(fisc: Fisc, command: str) -> None:
    said = fisc(command, "--help")
    assert said.status == 0
    assert f"Example: fisc {command}" in said.out


def test_status(fisc: Fisc, home: Home) -> None:
    said = fisc("status", "--json").json
    counts = {(each["of"], each["state"]): each["count"] for each in said["counts"]}
    assert counts[("document", "published")] == 2
    assert counts[("document", "failed")] == 1
    assert counts[("link", "failed")] == 1
    assert said["home"] == str(home.root)
    plain = fisc("status")
    assert plain.status == 0
    assert "haigang" in plain.out
    assert "1 failed" in plain.out or "2 failed" in plain.out


def test_coverage_is_told_by_source_year_and_stage(fisc: Fisc, tmp_path: Path) -> None:
    more = 'departments = ["教育局", "审计局"]\nyears = [2025]\nstages = { budget = "02-20" }'
    (tmp_path / "haigang.toml").write_text(toml(more=f"[expected]\n{more}"), encoding="utf-8")
    said = fisc("status", "--coverage", "--source-dir", str(tmp_path), "--json").json["coverage"]["haigang"]
    states = {
        p["department"]: p["state"]
        for p in said["places"]
        if (p["fiscal_year"], p["stage"]) == (2025, "budget")
    }
    assert states == {"教育局": "published", "民政局": "published", "审计局": "missing"}
    plain = fisc("status", "--coverage", "--source-dir", str(tmp_path)).out
    (line,) = [line for line in plain.splitlines() if "2025-02-20" in line]
    assert line.split() == ["haigang", "2025", "budget", "2025-02-20", "3", "2", "1", "1", "审计局"]


def test_status_of_an_empty_home(fisc: Fisc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISC_HOME", str(tmp_path / "new"))
    assert "start with fisc harvest" in fisc("status").out.replace("\n", " ")
    assert fisc("failures").out.strip() == "Nothing failed."
    assert fisc("findings").out.strip() == "No findings."
    assert fisc("findings", "--json").json == []


def test_failures(fisc: Fisc) -> None:
    said = fisc("failures", "--json").json
    assert [each["reason"] for each in said] == ["http_500", "encrypted", "http_404"]
    assert [each["reason"] for each in fisc("failures", "--reason", "http_404", "--json").json] == [
        "http_404"
    ]
    plain = fisc("failures").out
    for words in ("The list page failed.", "d 2025年部门预算", "was not found (HTTP 404)", "once since"):
        assert words in plain


def test_failures_are_grouped_with_the_command_that_mends_them(fisc: Fisc) -> None:
    plain = fisc("failures").out
    for words in (
        "http_404  1 link: the link is dead",
        "fisc rerun --failed --reason http_404",
        "Tried again by itself",
        "encrypted  1 document: the file wants a password",
        "Not tried again by itself.",
        "fisc harvest haigang",
    ):
        assert words in plain
    said = {each["reason"]: each for each in fisc("failures", "--json").json}
    assert said["http_404"]["heals"] == "slowly"
    assert said["http_404"]["command"] == "fisc rerun --failed --reason http_404"
    assert fisc("failures", "--reason", "nothing").out == "Nothing failed for nothing.\n"


@pytest.mark.parametrize("words", [(), ("--failed", "--outdated"), ("--dry-run",)])
def test_rerun_wants_to_know_what(fisc: Fisc, words: tuple[str, ...]) -> None:
    said = fisc("rerun", *words)
    assert (said.status, said.out) == (2, "")
    assert said.err.count("\n") == 1


def test_a_damaged_ledger_is_one_sentence_and_its_copy_takes_its_place(
    fisc: Fisc, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Home(tmp_path / "damaged").create()
    monkeypatch.setenv("FISC_HOME", str(other.root))
    copy = back_up(home, date(2026, 3, 1))
    assert copy is not None
    other.ledger.write_bytes(b"no database at all, and long enough to be taken for one" * 100)
    said = fisc("status")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"The ledger {other.ledger} is damaged (")
    assert said.err.count("\n") == 1
    other.ledger.write_bytes(copy.read_bytes())
    assert "haigang" in fisc("status").out


def test_copies_of_the_ledger_are_one_a_day_and_the_last_seven_are_kept(home: Home) -> None:
    for day in range(1, 10):
        assert back_up(home, date(2026, 4, day)) == back_up(home, date(2026, 4, day))
    assert [file.name for file in sorted(home.backup.iterdir())] == [
        f"ledger-2026-04-{day:02}.sqlite" for day in range(3, 10)
    ]


def test_a_damaged_ledger_is_not_copied_over_a_sound_one(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    home.ledger.write_bytes(b"x" * 9999)
    with pytest.raises(LedgerError, match=r"could not be copied|is damaged"):
        back_up(home, date(2026, 4, 1))
    assert not list(home.backup.iterdir())


def test_a_folder_of_sources_that_is_not_there_is_one_sentence(fisc: Fisc, tmp_path: Path) -> None:
    said = fisc("harvest", "--source-dir", str(tmp_path / "none"))
    assert (said.status, said.out) == (1, "")
    assert "is not a folder" in said.err
    assert said.err.count("\n") == 1


def test_show(fisc: Fisc, home: Home) -> None:
    wanted = document_id(home, "教育局")
    for words in (wanted, wanted[:6], "教育局", "portal.example/a.pdf"):
        said = fisc("show", words, "--json").json
        assert said["document"]["document_id"] == wanted
    assert said["tables"]["expenditure"][0]["total"] == 1234567.5
    assert said["links"][0]["url"] == "https://portal.example/a.pdf"
    plain = fisc("show", "教育局").out
    for words in ("教育局, department", "2025 budget", "published", "expenditure", "a.pdf"):
        assert words in plain


def test_show_a_document_that_failed_says_why(fisc: Fisc) -> None:
    plain = fisc("show", "c.pdf").out
    assert "is encrypted" in plain
    assert "failed" in plain


def test_show_wants_one_document(fisc: Fisc) -> None:
    several = fisc("show", "portal.example")
    assert several.status == 2
    assert "3 documents answer" in several.err
    none = fisc("show", "水利局")
    assert none.status == 1
    assert none.err.startswith("No document answers to '水利局'")


def test_tables(fisc: Fisc) -> None:
    rows = {each["table"]: each["rows"] for each in fisc("tables", "--json").json}
    assert (rows["expenditure"], rows["revenue"]) == (2, 0)
    assert "支出总表" in fisc("tables").out


def test_dictionary(fisc: Fisc) -> None:
    columns = {each["column"]: each for each in fisc("dictionary", "expenditure", "--json").json}
    assert columns["total"]["unit"] == "CNY"
    assert columns["total"]["type"] == "decimal128(18, 2)"
    assert columns["is_total"]["zh"] == "是否合计"
    assert "document" in fisc("dictionary", "--json").json
    assert "项目支出" in fisc("dictionary", "expenditure").out
    wrong = fisc("dictionary", "expenses")
    assert wrong.status == 2
    assert wrong.err.startswith("There is no table expenses")


def test_sql(fisc: Fisc) -> None:
    query = "SELECT department, total FROM expenditure ORDER BY total"
    assert fisc("sql", query, "--json").json == [
        {"department": "民政局", "total": 7}, {"department": "教育局", "total": 1234567.5},
    ]  # fmt: skip
    assert list(csv.reader(io.StringIO(fisc("sql", query, "--csv").out))) == [
        ["department", "total"], ["民政局", "7.00"], ["教育局", "1234567.50"],
    ]  # fmt: skip
    assert "1,234,567.50" in fisc("sql", query).out
    wrong = fisc("sql", "SELECT nothing FROM nowhere")
    assert wrong.status == 2
    assert wrong.err.startswith("The query does not work")
    assert wrong.err.count("\n") == 1


def test_findings_refuses_a_severity_that_is_none(fisc: Fisc) -> None:
    assert fisc("findings", "--severity", "grave").status == 2


def test_wrong_usage(fisc: Fisc) -> None:
    assert fisc("harvets").status == 2
    assert fisc("rerun").status == 2
    assert fisc("sql", "SELECT 1", "--json", "--csv").status == 2


def test_a_source_that_is_none_is_one_sentence(fisc: Fisc, tmp_path: Path) -> None:
    said = fisc("harvest", "nowhere", "--source-dir", str(tmp_path))
    assert (said.status, said.out) == (1, "")
    assert said.err == f"{tmp_path} has no source nowhere; it has none.\n"


def test_an_environment_that_makes_no_sense_is_one_sentence(
    fisc: Fisc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FISC_WORKERS", "many")
    said = fisc("rerun", "教育局")
    assert said.status == 1
    assert said.err.startswith("FISC_WORKERS is 'many'")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("fisc.extractors.document.extract", made_up.extract)
    path = tmp_path / "a.pdf"
    path.write_bytes(made_up.content("教育局", "12.50"))
    return path


def test_extract_says_what_is_in_a_file(fisc: Fisc, file: Path) -> None:
    said = fisc("extract", str(file))
    assert said.status == 0
    assert "教育局, department" in said.out
    assert "No findings." in said.out


def test_extract_as_json(fisc: Fisc, file: Path) -> None:
    said = fisc("extract", str(file), "--json").json
    assert said["identity"]["department"] == "教育局"
    assert said["tables"]["expenditure"][0]["total"] == 12.5


def test_extract_as_parquet(fisc: Fisc, file: Path, tmp_path: Path) -> None:
    said = fisc("extract", str(file), "--parquet", str(tmp_path / "out"))
    assert said.status == 0
    rows = ds.dataset(tmp_path / "out" / "expenditure", partitioning="hive").to_table().to_pylist()
    assert [(row["department"], str(row["total"])) for row in rows] == [("教育局", "12.50")]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"broken x 2025 budget 1", "encrypted"), (b"rubbish", "internal_error")]
)
def test_extract_names_a_file_that_cannot_be_read(
    fisc: Fisc, file: Path, content: bytes, reason: str
) -> None:
    file.write_bytes(content)
    said = fisc("extract", str(file), "--json")
    assert said.status == 1
    assert said.json["error"]["reason"] == reason
    assert said.err.startswith(f"{file}: ")


def test_extract_a_file_that_is_not_there(fisc: Fisc, tmp_path: Path) -> None:
    said = fisc("extract", str(tmp_path / "none.pdf"))
    assert said.status == 1
    assert said.err == f"{tmp_path / 'none.pdf'}: The file cannot be opened: No such file or directory.\n"


def test_extract_several_files_each_on_its_own(fisc: Fisc, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.pdf" for n in range(2)]
    for path in paths:
        path.write_bytes(b"this is no PDF")
    said = fisc("extract", *map(str, paths), "--json")
    assert said.status == 1
    assert [each["file"] for each in said.json] == [str(path) for path in paths]


def test_a_fault_of_ours_names_its_place() -> None:
    with pytest.raises(DocumentError, match=r"ValueError at made_up\.py:\d+"):
        made_up.read_with(made_up.extract, _job_of_rubbish())


def _job_of_rubbish() -> made_up.Job:
    import tempfile

    home = Home(Path(tempfile.mkdtemp())).create()
    return made_up.Job(home, archive.put(home, b"rubbish"), {})


@pytest.mark.parametrize(
    "words", [["--help"], ["status"], ["failures"], ["show", "教育局"], ["sql", "SELECT 1"]]
)
def test_what_needs_no_prefect_does_not_import_it(home: Home, words: list[str]) -> None:
    code = f"""
import sys
from fisc.flows.cli import main
sys.argv = ["fisc", *{words!r}]
try:
    main()
except SystemExit:
    pass
sys.exit("prefect" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"FISC_HOME": str(home.root)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_damaged_published_file_is_one_sentence_and_what_a_run_did_is_told(
    fisc: Fisc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FISC_HOME", str(tmp_path))
    damaged = Home(tmp_path).create().warehouse / "expenditure/year=2025/kind=budget/prov=13/part.parquet"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"x\n")
    listed = fisc("tables")
    assert (listed.status, listed.out) == (1, "")
    assert listed.err.startswith("What is published in expenditure cannot be counted")
    assert "fisc rerun --year Y --force" in listed.err
    rerun = fisc("rerun", "--failed")
    assert rerun.status == 1
    assert "nothing to do" in rerun.out
    assert "What is published in expenditure cannot be counted" in rerun.err
