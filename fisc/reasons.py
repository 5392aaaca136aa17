"""Why things fail: the declarations of ``reasons.toml``, and when what failed is tried again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

Of = Literal["link", "document", "run"]
Heals = Literal["soon", "slowly", "never"]

WAITS: Mapping[Heals, tuple[timedelta, timedelta]] = {
    "soon": (timedelta(hours=1), timedelta(days=1)),
    "slowly": (timedelta(days=7), timedelta(days=28)),
}
"""The first pause before something is tried again, and the longest; each pause is twice the one before."""

LONGEST_WAIT = max(longest for _, longest in WAITS.values())
_STATUS = re.compile(r"http_([45])\d\d")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; the keys are explained in ``reasons.toml``."""

    name: str
    of: Of
    heals: Heals
    means: str
    mends: str
    says: str = ""
    tries: int | None = None
    retry: bool = False
    refetch: bool = False
    gone: bool = False
    command: str = ""

    def next_try(self, attempts: int, now: datetime) -> datetime | None:
        """When it is tried again after so many failures, the last of them ``now``; None: only when asked for."""
        if self.heals == "never" or (self.tries is not None and attempts > self.tries):
            return None
        first, longest = WAITS[self.heals]
        doublings = min(max(attempts, 1) - 1, 16)
        return now + min(first * (1 << doublings), longest)


@cache
def reasons() -> Mapping[str, Reason]:
    """All reasons that are declared, in the order of the file."""
    declared = tomllib.loads(files("fisc").joinpath("reasons.toml").read_text(encoding="utf-8"))
    return {name: Reason(name=name, **values) for name, values in declared.items()}


def reason(name: str) -> Reason:
    """The declaration of a reason; a status that has none of its own falls under ``http_4xx`` or ``http_5xx``.

    A name that nobody declared (an older or newer fisc wrote it) is tried again like a fault of our own.
    """
    found = reasons().get(name)
    if found is not None:
        return found
    status = _STATUS.fullmatch(name)
    return reasons()[f"http_{status[1]}xx" if status else "run_failed"]
