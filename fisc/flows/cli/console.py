"""How fisc speaks: tables and sentences for people, one JSON value for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fisc.errors import FiscError

PIPED_WIDTH = 160
"""Columns where nobody looks: wide enough that a line stays a line for grep."""

STATE_STYLES = {"published": "green", "failed": "bold red", "superseded": "dim", "discovered": "yellow"}
SEVERITY_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}
PROOF_STYLES = {"proven": "green", "refuted": "bold red", "unchecked": "yellow"}


class UsageError(FiscError):
    """Something that was asked for in a way that cannot be meant; exit status 2."""


def out() -> Console:
    """Where answers go."""
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and errors go."""
    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """One JSON value on standard output; amounts are numbers, days and moments are ISO 8601."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def grid(
    columns: Sequence[str | tuple[str, str]], rows: Iterable[Sequence[Any]], title: str | None = None
) -> Table:
    """A table without lines; a column given as ``(name, "right")`` is set flush right."""
    table = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0)
    )
    for column in columns:
        name, justify = (column, "left") if isinstance(column, str) else column
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(each if isinstance(each, Text) else Text(shown(each)) for each in row))
    return table


def shown(value: Any) -> str:
    """A value as a person reads it: thousands apart in amounts, nothing for what is not there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        # Amounts have two decimals and keep them; a count or a share has four, to be kept only where they say something.
        return f"{value:,f}" if exponent == -2 else f"{value.normalize():,f}"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    return str(value)


def count(number: int) -> str:
    """A count with its thousands apart."""
    return f"{number:,}"


def styled(word: str, styles: dict[str, str]) -> Text:
    """A word in the colour that it has everywhere."""
    return Text(word, style=styles.get(word, ""))
