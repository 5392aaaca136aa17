"""How tables are to be read, beside their declarations: examples of columns, and where a sum would count twice."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

AMOUNT = "120000.00"
"""The example of a column of amounts that has none of its own."""


@dataclass(frozen=True, slots=True)
class Adding:
    """Why a sum over all rows of a table would count twice, and what to add up instead."""

    zh: str
    en: str


def adding(table: str) -> Adding | None:
    """What to know before adding up a table; None where every row stands for itself."""
    said = next((each for each in _data()["adding"].values() if table in each["tables"]), None)
    return Adding(said["zh"], said["en"]) if said else None


def example(table: str, column: str, amounts: bool = False) -> Any:
    """A value as the column holds it (amounts as text); None where there is none."""
    own, shared = _data()["example"].get(table, {}), _data()["examples"]
    return own.get(column, shared.get(column, AMOUNT if amounts else None))


def tables_with_words() -> set[str]:
    """Every table that anything is said of here."""
    return {name for each in _data()["adding"].values() for name in each["tables"]} | set(_data()["example"])


@cache
def _data() -> dict[str, Any]:
    text = files("fisc.schemas.tables").joinpath("reading.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
