"""What an analyst types: answers, pictures and files, and one clear sentence where something cannot be meant."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from fisc.errors import FiscError
from fisc.flows.cli import app


@pytest.fixture(autouse=True)
def nothing_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISC_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def said(*words: str) -> str:
    """What is said where a command cannot be carried out."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code != 0
    return str(result.exception) if isinstance(result.exception, FiscError) else result.output


def test_an_answer_goes_to_a_file() -> None:
    done = CliRunner().invoke(app, ["sql", "SELECT '=1' AS a, 2 AS b", "--output", "out/answer.xlsx"])
    assert done.exit_code == 0, done.output
    page = openpyxl.load_workbook("out/answer.xlsx").worksheets[0]
    assert [cell.value for cell in page[2]] == ["=1", 2]


def test_no_rows_are_told_with_their_columns() -> None:
    done = CliRunner().invoke(app, ["sql", "SELECT department, rule FROM contradictions"])
    assert "No rows (department, rule)." in done.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("sql", "SELECT 1", "--json", "--csv"), "Choose one"),
        (("sql", "SELECT 1", "--output", "x.doc"), "end it in"),
        (("sql", "DROP VIEW document"), "Only queries that read"),
        (("plot", "pie"), "There is no picture pie"),
        (("plot", "years", "--stage", "draft"), "There is no stage draft"),
        (("export", "--output", "x.pdf"), "neither an .xlsx file nor a folder"),
        (("export",), "start with fisc harvest"),
        (("dictionary", "nothing"), "There is no table nothing"),
        (("dictionary", "--json", "--markdown"), "Choose one"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    assert sentence in said(*words)


def test_pictures_of_nothing_are_told_and_draw_nothing(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert", reason="the extra plot is not installed")
    assert "Nothing is published" in said("plot")
    assert not list(tmp_path.glob("**/*.png"))
