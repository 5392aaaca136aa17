"""The notebook runs from its first cell to its last, over documents that it was not written for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fisc.warehouse.home import Home

ROOT = Path(__file__).resolve().parents[2]
CELLS = json.loads((ROOT / "docs/story.ipynb").read_text(encoding="utf-8"))["cells"]


def test_the_story_runs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vl_convert", reason="the extra plot is not installed")
    monkeypatch.chdir(home.root.parent)
    monkeypatch.delenv("FISC_HOME", raising=False)
    names: dict[str, object] = {}
    for cell in CELLS:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert names["over"].height, "without an overrun there is no story"  # type: ignore[attr-defined]


def test_it_reads_like_a_story() -> None:
    kinds = [cell["cell_type"] for cell in CELLS]
    assert kinds[0] == "markdown"
    assert kinds.count("markdown") >= kinds.count("code") // 2
    assert all(cell["outputs"] for cell in CELLS[3:] if cell["cell_type"] == "code")
