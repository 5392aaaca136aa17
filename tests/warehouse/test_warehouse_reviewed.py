"""Decisions are files that people can read, keep and mend; a broken one stops the documents it is about, aloud."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.errors import DocumentError
from fisc.schemas.decisions import Correction, Decisions, Waiver
from fisc.warehouse.home import Home
from fisc.warehouse.reviewed import decide, decisions, reviewed_folder

CORRECTION = Correction(
    "3f2a" * 4,
    "expenditure",
    "total",
    "2060101 行政运行",
    7,
    "194.6g",
    Decimal("1946900.00"),
    "识别有误",
    "王审",
    "2026-11-26",
)
WAIVER = Waiver(
    "3f2a" * 4, "narrative.share", "支出说明", 13, "占60%", "59.5", "60", "四舍五入", "李审", "2026-11-26"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def test_what_is_decided_is_read_back(home: Home, tmp_path: Path) -> None:
    folder = reviewed_folder(tmp_path / "sources")
    assert decisions(folder, "wangxi") == Decisions()
    file = decide(home, folder, "wangxi", CORRECTION)
    decide(home, folder, "wangxi", WAIVER)
    blank = replace(CORRECTION, column="basic", value_yuan=None, occurrence=2)
    decide(home, folder, "wangxi", blank)
    assert file == tmp_path / "sources/reviewed/wangxi.toml"
    assert decisions(folder, "wangxi") == Decisions((CORRECTION, blank), (WAIVER,))
    assert decisions(folder, "other") == Decisions()


def test_the_last_decision_on_a_thing_stands_and_can_be_withdrawn(home: Home, tmp_path: Path) -> None:
    decide(home, tmp_path, "wangxi", CORRECTION)
    decide(home, tmp_path, "wangxi", other := replace(CORRECTION, value_yuan=Decimal("7.00"), name="赵审"))
    assert decisions(tmp_path, "wangxi").corrections == (other,)
    file = decide(home, tmp_path, "wangxi", other, withdrawn=True)
    assert decisions(tmp_path, "wangxi").corrections == ()
    assert len(tomllib.loads(file.read_text("utf-8"))["correction"]) == 3, "the history stays"


@given(text=st.text(max_size=60), reason=st.text(min_size=1, max_size=60).filter(str.strip))
@settings(max_examples=60, deadline=None)
def test_any_words_of_a_document_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, text: str, reason: str
) -> None:
    folder = tmp_path_factory.mktemp("words")
    waiver = replace(WAIVER, text=text, reason=reason)
    decide(Home(folder / "home").create(), folder, "wangxi", waiver)
    assert decisions(folder, "wangxi").waivers == (waiver,)


@pytest.mark.parametrize(
    "content",
    [
        b"[[waiver]\n",
        b"\xff\xfe",
        b"[[pardon]]\nname = 'x'\n",
        b"waiver = 3\n",
        b"[[waiver]]\ndocument_id = '3f2a3f2a3f2a3f2a'\n",
        b"[[waiver]]\ndocument_id='3f2a3f2a3f2a3f2a'\nrule='a.b'\nreason=' '\nname='x'\non='2026-01-01'\n",
        b"[[correction]]\ndocument_id='3f2a3f2a3f2a3f2a'\ntable='revenue'\ncolumn='total'\nline='x'\npage=1\n"
        b"text='1'\nreason='r'\nname='n'\non='2026-01-01'\nvalue_yuan='1.234'\n",
        b"[[waiver]]\ndocument_id='../../etc/passwd'\nrule='a.b'\nreason='r'\nname='x'\non='2026-01-01'\n",
    ],
)
def test_a_broken_file_is_one_sentence_that_names_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wangxi.toml").write_bytes(content)
    with pytest.raises(DocumentError) as refusal:
        decisions(tmp_path, "wangxi")
    assert refusal.value.reason == "reviewed_invalid"
    assert "wangxi.toml" in refusal.value.sentence


def test_a_source_is_no_path(home: Home, tmp_path: Path) -> None:
    assert decisions(tmp_path, "../wangxi") == Decisions()
    with pytest.raises(ValueError, match="no name of a source"):
        decide(home, tmp_path, "../wangxi", WAIVER)
