"""The archive keeps every file once, whole, for ever."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from fisc.errors import DocumentError
from fisc.warehouse import archive, durable
from fisc.warehouse.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def test_bytes_are_stored_under_their_hash_and_read_back(home: Home) -> None:
    name = archive.put(home, b"%PDF-1.7")
    assert name == sha256(b"%PDF-1.7").hexdigest()
    assert archive.path(home, name) == home.archive / name[:2] / name[2:4] / name
    assert archive.get(home, name) == b"%PDF-1.7"


def test_the_same_bytes_are_stored_once_and_not_written_again(home: Home) -> None:
    file = archive.path(home, archive.put(home, b"twice"))
    before = file.stat()
    archive.put(home, b"twice")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [each for each in home.archive.rglob("*") if each.is_file()] == [file]


def test_an_empty_file_is_a_file(home: Home) -> None:
    assert archive.get(home, archive.put(home, b"")) == b""


def test_a_damaged_file_is_told_and_healed_by_the_same_bytes(home: Home) -> None:
    name = archive.put(home, b"as published")
    archive.path(home, name).write_bytes(b"as publishee")
    with pytest.raises(DocumentError, match=name[:16]) as told:
        archive.get(home, name)
    assert told.value.reason == "archive_damaged"
    assert archive.put(home, b"as published") == name
    assert archive.get(home, name) == b"as published"


def test_a_missing_file_is_told(home: Home) -> None:
    with pytest.raises(DocumentError) as told:
        archive.get(home, "0" * 64)
    assert told.value.reason == "archive_missing"
    assert pickle.loads(pickle.dumps(told.value)).reason == "archive_missing"


@pytest.mark.parametrize("name", ["../../etc/passwd", "AB" * 32, "0" * 63, ""])
def test_only_a_hash_names_a_file(home: Home, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        archive.path(home, name)


def test_a_write_that_is_cut_off_leaves_no_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", cut_off)
    with pytest.raises(KeyboardInterrupt):
        archive.put(home, b"half")
    monkeypatch.undo()
    assert not [each for each in home.archive.rglob("*") if each.is_file()]
    assert archive.get(home, archive.put(home, b"half")) == b"half"


def test_what_a_killed_process_left_is_swept_after_a_day(home: Home) -> None:
    left, busy = home.work / "temporary" / "1-dead", home.work / "temporary" / "2-busy"
    left.parent.mkdir()
    left.write_bytes(b"half")
    busy.write_bytes(b"half")
    os.utime(left, (0, 0))
    durable.remove_abandoned(home)
    assert not left.exists()
    assert busy.exists()


def test_the_home_is_named_by_the_environment(tmp_path: Path) -> None:
    assert Home.from_environment({}).root == Path("data")
    home = Home.from_environment({"FISC_HOME": str(tmp_path)})
    assert home.ledger == tmp_path / "ledger.sqlite"
    assert home.work.parent == home.warehouse.parent == tmp_path


def test_importing_the_home_is_cheap() -> None:
    heavy = "polars", "pyarrow", "duckdb", "pandera", "sqlite3"
    code = "import sys, fisc.warehouse.home, fisc.warehouse.read; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not set(heavy) & set(loaded)


def test_a_file_has_its_size_and_a_missing_one_none(home: Home) -> None:
    assert archive.size(home, archive.put(home, b"12345")) == 5
    assert archive.size(home, "0" * 64) == 0
