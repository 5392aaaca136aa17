"""What documents say in words, as data: one TOML file a subject, loaded once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def patterns(name: str) -> dict[str, Any]:
    """The patterns of ``name`` (``sections``, ``numbers``, ``terms``, ``cues``, ``partitions``, ``says``, ``forms``, ``performance``)."""
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
