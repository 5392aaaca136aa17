"""Reading a declaration file: every key is taken by name and type, and what nobody took is an error."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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

    def wrong(self, key: str, problem: str) -> SourceError:
        """The complaint about one key, to be raised."""
        return SourceError(self.file, f"{self.name}.{key}".lstrip("."), problem)

    def text(self, key: str, default: str | None = None) -> str | None:
        """A text with its ``${VARIABLE:-default}`` put in; ``default`` where the key is absent."""
        value = self.values.pop(key, default)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "must be a text that is not empty")
        return self._expanded(key, value)

    def needed(self, key: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if value is None:
            raise self.wrong(key, "is missing")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts with at least one in it."""
        value = self.values.pop(key, None)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            raise self.wrong(key, "must be a list of at least one text")
        return tuple(self._expanded(key, v) for v in value)

    def number(self, key: str, default: float, least: float = 0.0) -> float:
        """A number of at least ``least``."""
        value = self.values.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
            raise self.wrong(key, f"must be a number of at least {least:g}")
        return float(value)

    def whole(self, key: str, default: int | None, least: int = 0) -> int | None:
        """A whole number of at least ``least``."""
        value = self.values.pop(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.wrong(key, f"must be a whole number of at least {least}")
        return value

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false where the key is absent."""
        value = self.values.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def pattern(self, key: str, default: str | None = None) -> re.Pattern[str] | None:
        """A regular expression."""
        value = self.values.pop(key, default)
        if value is None:
            return None
        try:
            return re.compile(value)
        except (re.error, TypeError) as error:
            raise self.wrong(key, f"must be a regular expression ({error})") from error

    def table(self, key: str) -> Declared:
        """A table inside this one; empty where the key is absent."""
        value = self.values.pop(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Declared(self.file, f"{self.name}.{key}".lstrip("."), value)

    def tables(self, key: str) -> list[Declared]:
        """A list of tables, written ``[[key]]``."""
        value = self.values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.wrong(key, "must be written as [[" + key + "]]")
        return [Declared(self.file, f"{self.name}.{key}[{n}]".lstrip("."), v) for n, v in enumerate(value, 1)]

    def finish(self) -> None:
        """Complain about a key that nobody took: a misspelt key must not be a silent default."""
        for key in self.values:
            raise self.wrong(key, "is not a key that fisc knows; see sources/example.toml for all of them")

    def _expanded(self, key: str, value: str, environment: Mapping[str, str] = os.environ) -> str:
        def put_in(match: re.Match[str]) -> str:
            found = environment.get(match["name"]) or match["default"]
            if found is None:
                raise self.wrong(key, f"needs the environment variable {match['name']}")
            return found

        return _VARIABLE.sub(put_in, value)
