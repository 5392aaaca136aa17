"""The sheet that finance bureaus fill in by hand for each disclosure, filled in from what was read and audited."""

from fisc.schemas.inspection.items import Item, items
from fisc.schemas.inspection.judging import (
    FAILS,
    UNKNOWN,
    VERDICTS,
    Evidence,
    Line,
    Sheet,
    inspect,
    open_findings,
    ranked,
)

__all__ = [
    "FAILS",
    "UNKNOWN",
    "VERDICTS",
    "Evidence",
    "Item",
    "Line",
    "Sheet",
    "inspect",
    "items",
    "open_findings",
    "ranked",
]
