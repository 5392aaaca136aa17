"""Staging: one immutable file a document, whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from made import disclosure, tables

from fisc.errors import DocumentError
from fisc.warehouse.home import Home
from fisc.warehouse.stage import stage, staged

ID = "0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).create()


def test_tables_come_back_as_they_were_staged_also_empty_ones(home: Home) -> None:
    given = tables(ID, disclosure())
    stage(home, ID, given)
    back = staged(home, ID)
    assert sorted(back) == sorted(given)
    assert all(back[name].equals(given[name]) for name in given)


def test_the_same_tables_give_the_same_bytes(home: Home) -> None:
    given = tables(ID, disclosure())
    first = (home.root / stage(home, ID, given)).read_bytes()
    assert (home.root / stage(home, ID, dict(reversed(given.items())))).read_bytes() == first


def test_staging_again_replaces_all_tables(home: Home) -> None:
    stage(home, ID, tables(ID, disclosure()))
    stage(home, ID, {"glossary": tables(ID, disclosure(), amount="2.00")["glossary"]})
    assert list(staged(home, ID)) == ["glossary"]


def test_a_half_written_file_is_ignored(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables(ID, disclosure())
    stage(home, ID, before)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        stage(home, ID, tables(ID, disclosure(), amount="2.00"))
    assert staged(home, ID)["expenditure"].equals(before["expenditure"])


def test_nothing_staged_is_told(home: Home) -> None:
    with pytest.raises(DocumentError) as told:
        staged(home, ID)
    assert told.value.reason == "not_staged"


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_damaged_file_is_told(home: Home, damage: str) -> None:
    file = home.root / stage(home, ID, tables(ID, disclosure()))
    content = bytearray(file.read_bytes())
    content[300] ^= 1
    file.write_bytes(file.read_bytes()[:-100] if damage == "cut" else content)
    with pytest.raises(DocumentError) as told:
        staged(home, ID)
    assert told.value.reason == "staged_damaged"


def test_only_a_document_id_names_a_file(home: Home) -> None:
    with pytest.raises(ValueError, match="16 hex digits"):
        staged(home, "../../x")
