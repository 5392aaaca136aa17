"""Why a link could not be fetched: a reason of ``fisc/reasons.toml`` and the facts of the case."""

from __future__ import annotations

from fisc.errors import FiscError
from fisc.reasons import Heals, Reason, reason

ADVICE: dict[Heals, str] = {
    "soon": "it is asked again by the next harvest",
    "slowly": "look at it in a browser; it is asked again in a week, or now by fisc rerun --failed",
    "never": "see its source file; fisc rerun --failed asks again",
}


class FetchError(FiscError):
    """A link that could not be fetched.

    ``reason`` is one of ``fisc/reasons.toml``, or ``http_NNN``; ``what`` says it without what comes of it; ``wait_s`` is how long the portal asked to be left
    alone (Retry-After).
    """

    def __init__(self, url: str, reason_name: str, *, wait_s: float | None = None, **facts: str) -> None:
        self.url, self.reason, self.wait_s = url, reason_name, wait_s
        self.kind: Reason = reason(reason_name)
        says = self.kind.says.format(status=reason_name.removeprefix("http_"), **facts)
        self.what = f"{url} {says}."
        self.sentence = f"{url} {says}; {ADVICE[self.kind.heals]}."
        super().__init__(self.sentence)
