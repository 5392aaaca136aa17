"""What can go wrong at a portal, one dataclass each: what it does is said once, where it happens is the portal's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with an error status; after ``times`` answers (``None``: never) all is well again."""

    code: int
    times: int | None = None
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Hang:
    """Say nothing until the portal closes; ``after`` bytes of the body come first where it is given."""

    after: int | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Short:
    """Send ``missing`` bytes fewer than Content-Length promises and close the connection."""

    missing: int = 1000
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Redirect to ``location``: to itself for a loop, to another host, to a private address."""

    location: str
    code: int = 302


@dataclass(frozen=True, slots=True)
class Slow:
    """Send the body in pieces of ``size`` bytes, ``pause_s`` seconds apart."""

    size: int = 1000
    pause_s: float = 0.05


Fault = Status | Hang | Short | Redirect | Slow
