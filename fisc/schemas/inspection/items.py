"""The items of the inspection sheet, read from ``sheet.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fisc.schemas.contract import MODELS


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the sheet; what its words mean stands at the head of ``sheet.toml``."""

    id: str
    zh: str
    en: str
    headings: tuple[re.Pattern[str], ...] = ()
    closed: bool = False
    tables: tuple[str, ...] = ()
    required: bool = False
    rules: tuple[str, ...] = ()
    check: str | None = None
    without: str | None = None

    def heads(self, heading: str) -> bool:
        """Whether a heading begins this part of the text."""
        return any(pattern.search(heading) for pattern in self.headings)

    def takes(self, rule: str) -> int:
        """How much of a rule's name this item claims; 0: nothing of it."""
        claimed = [len(each) for each in self.rules if rule == each or rule.startswith(f"{each}.")]
        return max(claimed, default=0)


@cache
def items() -> tuple[Item, ...]:
    """The sheet from top to bottom."""
    said = tomllib.loads((files(__package__) / "sheet.toml").read_text("utf-8"))
    return tuple(_item(entry) for entry in said["item"])


def _item(entry: dict[str, Any]) -> Item:
    titled = MODELS[entry["tables"][0]].to_schema() if "zh" not in entry else None
    words = {"zh": titled.title or "", "en": titled.name.replace("_", " ").capitalize()} if titled else {}
    plain = {name: entry[name] for name in entry if name not in ("headings", "tables", "rules")}
    return Item(
        **(words | plain),
        headings=tuple(re.compile(pattern) for pattern in entry.get("headings", ())),
        tables=tuple(entry.get("tables", ())),
        rules=tuple(entry.get("rules", ())),
    )


def item_of_table(where: str) -> Item | None:
    """The item of the table that a finding names, by its published name or by its title."""
    return next((item for item in items() if _names(item).intersection(where.split("、"))), None)


@cache
def _names(item: Item) -> frozenset[str]:
    titles = (
        title for table in item.tables for title in (MODELS[table].to_schema().title or table).split(" / ")
    )
    return frozenset((*item.tables, *titles))


def item_of_rule(rule: str) -> Item | None:
    """The item that claims the most of a rule's name."""
    best = max(items(), key=lambda item: item.takes(rule))
    return best if best.takes(rule) else None
