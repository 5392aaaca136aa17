"""What somebody holds who works on a partition alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Held:
    """Of leases, their owner and the fence of each name. File locks need neither: they end with their process."""

    owner: str | None = None
    fences: Mapping[str, int] = field(default_factory=dict)
