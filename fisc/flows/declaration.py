"""Reading a declaration file: every key is taken by name and type, and what nobody took is an error."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fisc.errors import FiscError

_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z0-9_]+)(?::-(?P<default>[^}]*))?\}")


class SourceError(FiscError):
    """A source file that says something fisc cannot use; names the file and the key."""

    reason = "source_broken"

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key} {problem}." if key else f"{file} {problem}.")
        self.file, self.key, self.problem = file, key, problem


@dataclass(frozen=True, slots=True)
class Declared:
    """One table of a declaration. Keys leave it as they are taken; :meth:`finish` complains about the rest."""

    file: str
    name: str
    values: dict[str, Any]
    line: int | None = None
    taken: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Declared:
        """The whole file. Raises :class:`SourceError` where it cannot be read or is not TOML."""
        try:
            return cls(str(path), "", tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise SourceError(str(path), "", f"cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise SourceError(str(path), "", "is not UTF-8; save it as UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            raise SourceError(str(path), "", f"is not valid TOML ({error})") from error

    def pop(self, key: str, default: Any = None) -> Any:
        """The value of a key as TOML gives it, taken; ``default`` where it is absent."""
        self.taken.add(key)
        return self.values.pop(key, default)

    def has(self, key: str) -> bool:
        """Whether the key is there and was not taken yet."""
        return key in self.values

    def wrong(self, key: str, problem: str) -> SourceError:
        """The complaint about one key, to be raised."""
        return SourceError(self.file, f"{self.name}.{key}".lstrip("."), problem)

    def text(self, key: str, default: str | None = None) -> str | None:
        """A text with its ``${VARIABLE:-default}`` put in; ``default`` where the key is absent."""
        value = self.pop(key, default)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, f"must be a text that is not empty, and {value!r} is none")
        return self.expanded(key, value)

    def needed(self, key: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if value is None:
            raise self.wrong(key, "is missing")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts with at least one in it."""
        value = self.pop(key)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            raise self.wrong(key, "must be a list of at least one text")
        return tuple(self.expanded(key, v) for v in value)

    def choice(self, key: str, among: Sequence[str], default: str | None = None) -> str | None:
        """One of a few words."""
        value = self.text(key, default)
        if value is not None and value not in among:
            raise self.wrong(key, f"must be one of {', '.join(among)}, and {value!r} is none of them")
        return value

    def day(self, key: str) -> date | None:
        """A day, written 2025-02-03 with or without quotation marks."""
        value = self.pop(key)
        try:
            return date.fromisoformat(str(value)) if value is not None else None
        except ValueError as error:
            raise self.wrong(key, f"must be a day such as 2025-02-03, and {value!r} is none") from error

    def year(self, key: str) -> int | None:
        """A fiscal year."""
        value = self.whole(key, None)
        if value is not None and not 1990 <= value <= 2100:
            raise self.wrong(key, f"must be a year such as 2025, and {value} is none")
        return value

    def years(self, key: str) -> tuple[int, ...]:
        """A list of years, or a text such as ``"2019..2025"`` for all of them; none where the key is absent."""
        value = self.pop(key, [])
        span = re.fullmatch(r"((?:19|20)\d\d)\.\.((?:19|20)\d\d)", value) if isinstance(value, str) else None
        years = list(range(int(span[1]), int(span[2]) + 1)) if span else value
        if not isinstance(years, list) or not all(type(y) is int and 1990 <= y <= 2100 for y in years):
            raise self.wrong(
                key, 'must be a list of years such as [2024, 2025], or a text such as "2019..2025"'
            )
        return tuple(years)

    def pairs(self, key: str) -> dict[str, str]:
        """A table of texts, such as ``{ Referer = "https://…" }``; empty where the key is absent."""
        table = self.table(key)
        return {name: table.needed(name) for name in list(table.values)}

    def number(self, key: str, default: float, least: float = 0.0) -> float:
        """A number of at least ``least``."""
        value = self.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
            raise self.wrong(key, f"must be a number of at least {least:g}")
        return float(value)

    def whole(self, key: str, default: int | None, least: int = 0) -> int | None:
        """A whole number of at least ``least``."""
        value = self.pop(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.wrong(key, f"must be a whole number of at least {least}")
        return value

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false where the key is absent."""
        value = self.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def pattern(self, key: str, default: str | None = None) -> re.Pattern[str] | None:
        """A regular expression."""
        value = self.pop(key, default)
        if value is None:
            return None
        try:
            return re.compile(value)
        except (re.error, TypeError) as error:
            raise self.wrong(key, f"must be a regular expression ({error})") from error

    def table(self, key: str) -> Declared:
        """A table inside this one; empty where the key is absent."""
        value = self.pop(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Declared(self.file, f"{self.name}.{key}".lstrip("."), value)

    def tables(self, key: str) -> list[Declared]:
        """A list of tables, written ``[[key]]``; each knows the line of the file on which it begins."""
        value = self.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.wrong(key, f"must be written as [[{key}]]")
        lines = _lines_of(self.file, key)
        named = [f"{self.name}.{key}[{n}]".lstrip(".") for n in range(1, len(value) + 1)]
        return [
            Declared(self.file, name, v, lines[n] if len(lines) == len(value) else None)
            for n, (name, v) in enumerate(zip(named, value, strict=True))
        ]

    def finish(self) -> None:
        """Complain about a key that nobody took: a misspelt key must not be a silent default."""
        for key in self.values:
            near = get_close_matches(key, self.taken, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            known = ", ".join(sorted(self.taken))
            where = (
                f"here are {known}; those of the whole source stand above the first [table]"
                if self.name
                else f"are {known}"
            )
            raise self.wrong(key, f"is not a key that fisc knows here{meant} (the keys {where})")

    def expanded(self, key: str, value: str, environment: Mapping[str, str] = os.environ) -> str:
        """A text with its variables put in."""

        def put_in(match: re.Match[str]) -> str:
            found = environment.get(match["name"]) or match["default"]
            if found is None:
                raise self.wrong(key, f"needs the environment variable {match['name']}")
            return found

        return _VARIABLE.sub(put_in, value)


def _lines_of(file: str, key: str) -> list[int]:
    """The lines on which the tables of a list begin, from 1."""
    header = re.compile(rf"^\s*\[\[\s*{re.escape(key)}\s*\]\]")
    text = Path(file).read_text(encoding="utf-8")
    return [number for number, line in enumerate(text.splitlines(), 1) if header.match(line)]
