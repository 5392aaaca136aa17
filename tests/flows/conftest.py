"""Every test of the flows has a home of its own: turns at hosts are kept there."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISC_HOME", str(tmp_path / "home"))
