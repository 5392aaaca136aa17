"""What passes between a client and the portal: requests as they came, answers as they stand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: when (seconds of a monotonic clock), what was asked, what was answered."""

    at: float
    method: str
    path: str
    status: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal has at a path."""

    content: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:20]}"'

    def unchanged(self, headers: dict[str, str]) -> bool:
        """Whether a conditional request is answered with 304."""
        if "if-none-match" in headers:
            return headers["if-none-match"] == self.etag
        since = headers.get("if-modified-since")
        return since is not None and self.modified <= parsedate_to_datetime(since)
