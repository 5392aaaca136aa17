"""A small soak: every fate once or more, a few kills, and everything accounted for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_small_soak_finds_everything_as_it_must_be(tmp_path: Path) -> None:
    words = ["--documents", "30", "--kills", "3", "--document-seconds", "8", "--home", str(tmp_path)]
    soak = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert soak.returncode == 0, soak.stdout[-3000:] + soak.stderr[-1000:]
    assert "Everything is as it must be." in soak.stdout
