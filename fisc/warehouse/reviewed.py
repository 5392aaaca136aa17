"""Corrections and waivers as files beside the sources: ``reviewed/<source>.toml``, written by people or by the desk.

They are data to be reviewed like code: one entry a decision, appended in the order in which they were made. A later
entry on the same thing takes the place of an earlier one; an entry with ``withdrawn = true`` takes it back.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from fisc.errors import DocumentError
from fisc.schemas.decisions import NO_DECISIONS, Correction, Decisions, Waiver
from fisc.schemas.numbers import LARGEST_YUAN
from fisc.warehouse import durable
from fisc.warehouse.home import Home
from fisc.warehouse.locks import locked

D = TypeVar("D", Correction, Waiver)

KINDS: dict[str, type[Any]] = {"correction": Correction, "waiver": Waiver}
SOURCE = re.compile(r"[a-z0-9][a-z0-9-]*")
DOCUMENT = re.compile(r"[0-9a-f]{16}")
OPTIONAL = {"page": None, "occurrence": 1, "expected": "", "actual": "", "where": "", "text": ""}
HEAD = """\
# What people decided about the documents of this source; see docs/auditor.md. Applied at the next run of a document.
"""


def reviewed_folder(sources: Path) -> Path:
    """Where decisions lie, beside the source files."""
    return sources / "reviewed"


def decisions(folder: Path, source: str | None) -> Decisions:
    """All decisions about the documents of a source, the last one on each thing.

    Raises :class:`DocumentError` with reason ``reviewed_invalid`` where the file cannot be read: a document is not
    published without a correction that was made for it.
    """
    file = _path(folder, source)
    try:
        status = file.stat() if file else None
    except FileNotFoundError:
        return NO_DECISIONS
    if file is None or status is None:
        return NO_DECISIONS
    return _read(file, status.st_mtime_ns, status.st_size)


def decide(
    home: Home, folder: Path, source: str, decision: Correction | Waiver, withdrawn: bool = False
) -> Path:
    """Append a decision to the file of its source; returns the file. Raises as :func:`decisions` does."""
    file = _path(folder, source)
    if file is None:
        raise ValueError(f"{source!r} is no name of a source.")
    with locked(home, [f"reviewed-{source}"]):
        decisions(folder, source)
        before = file.read_text("utf-8") if file.exists() else HEAD
        _write(file, f"{before.rstrip()}\n\n{_entry(decision, withdrawn)}")
    return file


def _write(file: Path, text: str) -> None:
    """Replace a file whole; the folder of sources may lie on another filesystem than the home."""
    temporary = file.with_name(f".{file.name}.new")
    durable.make_folder(file.parent.absolute())
    temporary.write_text(text, "utf-8")
    durable.sync(temporary)
    os.replace(temporary, file)  # noqa: PTH105 - as everywhere where a file is replaced whole
    durable.sync(file.parent)


def _path(folder: Path, source: str | None) -> Path | None:
    return folder / f"{source}.toml" if source and SOURCE.fullmatch(source) else None


@lru_cache(maxsize=16)
def _read(file: Path, changed_ns: int, size: int) -> Decisions:  # noqa: ARG001 - what makes a file another one
    try:
        said = tomllib.loads(file.read_text("utf-8"))
        if strange := sorted(set(said) - set(KINDS)):
            raise ValueError(f"it has {strange[0]} where only [[correction]] and [[waiver]] may stand")
        return Decisions(_last(said, "correction", Correction), _last(said, "waiver", Waiver))
    except (OSError, ValueError, TypeError, InvalidOperation) as error:
        raise DocumentError(
            "reviewed_invalid",
            f"The corrections and waivers in {file} cannot be read ({error}); mend the file, then run its documents "
            "again with fisc rerun --failed.",
        ) from error


def _last(said: Mapping[str, Any], kind: str, of: type[D]) -> tuple[D, ...]:
    standing: dict[Any, D] = {}
    for number, entry in enumerate(_entries(said, kind), 1):
        withdrawn = entry.pop("withdrawn", False)
        try:
            decision = of(**_fields(of, entry))
        except (KeyError, ValueError, TypeError, InvalidOperation) as error:
            raise ValueError(f"{kind} {number}: {error}") from error
        standing.pop(decision.key, None)
        if not withdrawn:
            standing[decision.key] = decision
    return tuple(standing.values())


def _entries(said: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    listed = said.get(kind, [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ValueError(f"{kind} must be written [[{kind}]]")
    yield from (dict(entry) for entry in listed)


def _fields(of: type[Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(of)}
    if strange := sorted(set(entry) - names):
        raise ValueError(f"{strange[0]} is no word of it")
    values = {name: OPTIONAL[name] for name in names & set(OPTIONAL)} | dict(entry)
    for name in sorted(names - set(values) - {"value_yuan"}):
        raise ValueError(f"{name} is missing")
    for name in ("reason", "name"):
        if not str(values[name]).strip():
            raise ValueError(f"{name} is empty")
    if not DOCUMENT.fullmatch(str(values["document_id"])):
        raise ValueError("document_id must be 16 hex digits")
    return values | _yuan(values) if of is Correction else values


def _yuan(values: Mapping[str, Any]) -> dict[str, Any]:
    """The corrected amount; without one the page prints nothing there."""
    said = values.get("value_yuan")
    if said is None:
        return {"value_yuan": None}
    value = Decimal(str(said))
    if not value.is_finite() or abs(value) >= LARGEST_YUAN or value != value.quantize(Decimal("0.01")):
        raise ValueError(f"value_yuan {said} is no amount in whole fen")
    return {"value_yuan": value.quantize(Decimal("0.01"))}


def _entry(decision: Correction | Waiver, withdrawn: bool) -> str:
    kind = "correction" if isinstance(decision, Correction) else "waiver"
    lines = [f"[[{kind}]]"]
    for field in fields(decision):
        value = getattr(decision, field.name)
        if value is not None and not (field.name in OPTIONAL and value == OPTIONAL[field.name]):
            lines.append(f"{field.name:<11} = {_toml(value)}")
    if withdrawn:
        lines.append(f"{'withdrawn':<11} = true")
    return "\n".join(lines) + "\n"


def _toml(value: str | int | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    # A JSON string is a TOML string, but for one character that TOML wants escaped, and lone surrogates.
    text = json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")
    return text.encode("utf-8", "replace").decode("utf-8")
