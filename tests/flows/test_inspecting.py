"""The sheet as text, Excel and HTML: the same findings in each, and nothing of a document as formula or markup."""

from __future__ import annotations

import json
import os
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from fisc.extractors.document import Hints, extract
from fisc.flows.cli import app
from fisc.flows.inspection.excel import write_workbook
from fisc.flows.inspection.gathering import of_document
from fisc.flows.inspection.html import inspection_page
from fisc.schemas.inspection import Sheet, inspect
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure
from samples.slips import plant

HOSTILE = '=HYPERLINK("http://x","y")<script>alert(1)</script>\x00'
DOCUMENTS = os.environ.get("FISC_DOCUMENTS")


@pytest.fixture(scope="module")
def content() -> bytes:
    layout = layouts.load("hebei")
    disclosure, _ = plant(make_disclosure(1, "306", 2025, layout.stage), layout, "digit")
    return print_disclosure(disclosure, layout).content


@pytest.fixture(scope="module")
def sheet(content: bytes) -> Sheet:
    return inspect(of_document(extract(content, Hints()).tables, {}))


def hostile(sheet: Sheet) -> Sheet:
    document = dict(sheet.document) | {"department": HOSTILE}
    lines = []
    for line in sheet.lines:
        findings = tuple(dict(f) | {"message": HOSTILE, "quote": HOSTILE} for f in line.findings)
        lines.append(type(line)(line.item, line.verdict, line.zh, line.en, findings))
    return Sheet(document, tuple(lines))


def test_the_workbook_holds_every_item_and_finding(sheet: Sheet, tmp_path: Path) -> None:
    write_workbook([sheet], tmp_path / "sheet.xlsx")
    book = openpyxl.load_workbook(tmp_path / "sheet.xlsx")
    assert book.sheetnames == ["检查表 Sheet", "发现 Findings"]
    assert book.worksheets[0].max_row == 1 + len(sheet.lines)
    findings = [finding for line in sheet.lines for finding in line.findings]
    assert findings
    assert [row[4].value for row in list(book.worksheets[1])[1:]] == [f["message"] for f in findings]


def test_nothing_of_a_document_is_a_formula_or_markup(sheet: Sheet, tmp_path: Path) -> None:
    write_workbook([hostile(sheet), hostile(sheet)], tmp_path / "sheet.xlsx")
    cells = [cell for page in openpyxl.load_workbook(tmp_path / "sheet.xlsx") for row in page for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
    page = inspection_page([hostile(sheet), hostile(sheet)])
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_file_is_inspected_without_a_warehouse(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "budget.pdf"
    file.write_bytes(content)
    out = [str(tmp_path / name) for name in ("a.xlsx", "a.html")]
    done = CliRunner().invoke(app, ["inspect", str(file), "--excel", out[0], "--html", out[1]])
    assert done.exit_code == 0, done.output
    assert all(Path(each).stat().st_size > 1000 for each in out)
    told = CliRunner().invoke(app, ["inspect", str(file), "--json"])
    said = json.loads(told.stdout)
    assert [item["item"] for item in said["items"]][:3] == ["on_time", "cover", "contents"]
    assert any(item["verdict"] == "fails" and item["findings"] for item in said["items"])


@pytest.mark.parametrize(
    "words", [[], ["x", "--region", "13"], ["--region", "abc"], ["--year", "2025", "--stage", "plan"]]
)
def test_what_cannot_be_meant_is_refused(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FISC_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["inspect", *words])
    assert done.exit_code != 0
    assert str(done.exception).endswith(".")


@pytest.mark.skipif(DOCUMENTS is None, reason="FISC_DOCUMENTS names no folder of documents")
def test_a_document_that_a_finance_bureau_inspected_fails_where_it_said() -> None:
    """Its notes blame the explanation and the project notes, and found the nine tables in order."""
    notes = sorted(Path(str(DOCUMENTS)).glob("**/*.inspection.md"))
    if not notes:
        pytest.skip("no document there has a bureau's own notes")
    file = notes[0].with_name(notes[0].name.replace(".inspection.md", ".pdf"))
    tables: dict[str, pa.Table] = dict(extract(file.read_bytes(), Hints()).tables)
    sheet = inspect(of_document(tables, {}))
    verdicts = {line.item.id: line.verdict for line in sheet.lines}
    assert verdicts["explanation"] == "fails"
    assert {line.verdict for line in sheet.lines if line.item.required} == {"meets"}
    assert verdicts["cover"] == verdicts["contents"] == verdicts["glossary"] == "meets"
