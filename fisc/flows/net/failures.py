"""Why a link could not be fetched: one line a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from fisc.errors import FiscError

AT_ONCE = timedelta(0)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kind:
    """``retry``: ask again within the run. ``again``: due again after that time; None: only when asked for."""

    says: str
    retry: bool
    again: timedelta | None


KINDS = MappingProxyType(
    {
        "timeout": Kind("did not finish within {limit}", retry=True, again=AT_ONCE),
        "host_down": Kind("was not asked, as its portal stopped answering", retry=False, again=AT_ONCE),
        "unknown_host": Kind("has a host name that nobody knows", retry=True, again=AT_ONCE),
        "connection_failed": Kind("cannot be reached ({detail})", retry=True, again=AT_ONCE),
        "connection_lost": Kind("broke off the connection ({detail})", retry=True, again=AT_ONCE),
        "truncated_body": Kind("sent less than it announced ({detail})", retry=True, again=AT_ONCE),
        "tls_error": Kind("has no safe connection to offer ({detail})", retry=False, again=A_WEEK),
        "bad_response": Kind("answered something that is not HTTP ({detail})", retry=True, again=AT_ONCE),
        "bad_encoding": Kind("sent a body that does not unpack ({detail})", retry=False, again=A_WEEK),
        "bad_address": Kind("is not an http or https address", retry=False, again=None),
        "private_address": Kind(
            "leads to {detail}, an address that is not public and that its source does not allow",
            retry=False,
            again=None,
        ),
        "redirect_loop": Kind("redirects in a circle or more than {limit} times", retry=False, again=A_WEEK),
        "bad_redirect": Kind("redirects without saying where to", retry=False, again=A_WEEK),
        "too_large": Kind("is larger than the {limit} that its source allows", retry=False, again=None),
        "not_a_document": Kind(
            "answered a web page where a document was listed", retry=False, again=A_WEEK
        ),
        "empty_file": Kind("answered a file of zero bytes", retry=True, again=AT_ONCE),
        "robots_disallowed": Kind("is closed to robots by its robots.txt", retry=False, again=A_WEEK),
        "robots_unreachable": Kind(
            "cannot be read, so the portal is left alone ({detail})", retry=True, again=AT_ONCE
        ),
    }
)  # fmt: skip
"""Every reason but ``http_NNN``, in the words of the sentence that follows the address."""

STATUSES = MappingProxyType(
    {
        401: "wants a password",
        403: "is forbidden",
        404: "was not found",
        408: "answered that the request took too long",
        410: "is gone for good",
        429: "answered that it is asked too often",
        500: "answered that the server failed",
        502: "answered that the server behind it failed",
        503: "answered that the server is busy",
        504: "answered that the server behind it is too slow",
    }
)


class FetchError(FiscError):
    """A link that could not be fetched.

    ``reason`` is a key of :data:`KINDS` or ``http_NNN``; ``wait_s`` is how long the portal asked to be left
    alone (Retry-After).
    """

    def __init__(self, url: str, reason: str, *, wait_s: float | None = None, **facts: str) -> None:
        self.url, self.reason, self.wait_s = url, reason, wait_s
        self.kind = KINDS[reason] if reason in KINDS else _status_kind(int(reason.removeprefix("http_")))
        advice = {
            AT_ONCE: "it is asked again by the next harvest",
            A_WEEK: "look at it in a browser; it is asked again in a week, or now by fisc rerun --failed",
            None: "see its source file; fisc rerun --failed asks again",
        }[self.kind.again]
        self.sentence = f"{url} {self.kind.says.format(**facts)}; {advice}."
        super().__init__(self.sentence)


def _status_kind(status: int) -> Kind:
    says = STATUSES.get(status, "was answered")
    passing = status >= 500 or status in (408, 425, 429)
    return Kind(f"{says} (HTTP {status})", retry=passing, again=AT_ONCE if passing else A_WEEK)
