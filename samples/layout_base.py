"""A layout file that says only in what it differs from another one, its ``base``.

``[[table]]`` entries change the table of the base with the same ``name`` (by default its ``table``), or add one; ``tables``
names those that are printed, in order. ``[defaults]``, ``[style]`` and ``[[extra]]`` change what they name, any ``[[section]]``
takes the place of the whole narrative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Told = dict[str, Any]


def over(base: Mapping[str, Any], told: Mapping[str, Any]) -> Told:
    """What a layout file and its base say together."""
    tables = _over_tables(base["table"], told.get("table", ()))
    named = {_name(entry): entry for entry in tables}
    joined = {**base, **told, "table": [named[name] for name in told.get("tables", named)]}
    for part in ("defaults", "style"):
        joined[part] = {**base.get(part, {}), **told.get(part, {})}
    joined["extra"] = _over_tables(base.get("extra", ()), told.get("extra", ()))
    return joined


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name", entry["table"]))


def _over_tables(base: Sequence[Told], told: Sequence[Told]) -> list[Told]:
    """The tables of the base with their changes, then the new ones."""
    changes = {_name(entry): entry for entry in told}
    known = {_name(entry) for entry in base}
    changed = [_changed(entry, changes.get(_name(entry), {})) for entry in base]
    return [*changed, *(entry for entry in told if _name(entry) not in known)]


def _changed(entry: Told, change: Told) -> Told:
    """Columns told anew take the place of blocks, and blocks that of columns."""
    dropped = ("blocks", "columns") if {"blocks", "columns"} & set(change) else ()
    return {name: value for name, value in entry.items() if name not in dropped} | change
