"""The documents that the benchmarks read, and the amounts that are known to stand in their tables."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from fisc.extractors.reading import read_pages
from fisc.schemas.numbers import UNITS, figure
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import expected_rows, print_disclosure

Amounts = Counter[Decimal]
"""Amounts in yuan and how often each stands in a document's tables."""


@dataclass(frozen=True, slots=True)
class Known:
    """A document on disk, and the amounts of its tables where somebody wrote them down."""

    path: Path
    amounts: Amounts = field(default_factory=Counter)


def born_digital(folder: Path) -> Iterator[Known]:
    """One sample disclosure a layout, printed into ``folder``, and the documents of ``FISC_DOCUMENTS``; no scans."""
    for name in layouts.names():
        layout = layouts.load(name)
        disclosure = make_disclosure(1, "306", 2025, layout.stage)
        path = folder / f"{name}.pdf"
        path.write_bytes(print_disclosure(disclosure, layout).content)
        yield Known(path, _amounts(expected_rows(disclosure, layout)))
    for path in sorted(Path(os.environ.get("FISC_DOCUMENTS", folder / "none")).rglob("*.pdf")):
        if not any(page.scanned for page in read_pages(path.read_bytes())):
            truth = path.with_suffix(".truth.json")
            said = json.loads(truth.read_text("utf-8"))["tables"] if truth.exists() else {}
            yield Known(path, _amounts(said))


MANY = 1000
"""Yuan: smaller figures are as often counts and ordinals as amounts."""
_AMOUNT = re.compile(r"-?\d+\.\d{2}")


def _amounts(tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Amounts:
    """Amounts of rows: they have two decimals, in memory and written down."""
    values = (value for rows in tables.values() for row in rows for value in row.values())
    texts = (f"{value:.2f}" if isinstance(value, Decimal) else str(value) for value in values)
    found = (Decimal(text) for text in texts if _AMOUNT.fullmatch(text))
    return Counter(value.normalize() for value in found if abs(value) >= MANY)


def found_share(texts: Iterable[str], amounts: Amounts) -> float | None:
    """The share of known amounts that stand whole in a cell, in any money unit; None where none are known."""
    if not amounts:
        return None
    cells = Counter(value.normalize() for text in texts if (value := _value(text)) is not None)
    found = 0
    for amount, count in amounts.items():
        printed = sum(cells[(amount / unit).normalize()] for unit in UNITS.values())
        found += min(count, printed)
    return found / sum(amounts.values())


def _value(text: str) -> Decimal | None:
    try:
        read = figure(text)
    except ValueError:
        return None
    return read.value if read else None
