"""What stands before every page of the desk: only this machine's browser, only this desk's own forms and files.

A page of another site can make a browser ask a local server. So a name other than loopback's own is refused (a DNS
name may be made to lead here), a form is taken only with the desk's own token and from the desk's own pages, and the
answers allow a browser to load nothing but the desk's own files.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MOST_BYTES = 64 * 1024
"""Of a form; reasons are sentences."""
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Refused(Exception):
    """A form that is not the desk's own, or is too large."""


class Guard:
    """Refuses requests that do not come from a page of this desk, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in LOOPBACK} | (set(LOOPBACK) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        app = PlainTextResponse(refusal, 403) if refusal else self._app
        await app(scope, receive, guarded)

    def _refusal(self, method: str, headers: Headers) -> str | None:
        host = headers.get("host", "").lower()
        if headers.getlist("host") != [headers.get("host")] or host not in self._hosts:
            return "This desk answers to loopback names only, such as 127.0.0.1 with its port."
        if method in ("GET", "HEAD"):
            return None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if (origin is not None and urlsplit(origin).netloc.lower() != host) or site not in (
            None,
            "same-origin",
        ):
            return "Forms are taken from the pages of this desk only."
        return None


class Token:
    """A secret of this run of the desk, in each of its forms."""

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(24)

    async def form(self, request: Request) -> Mapping[str, str]:
        """The fields of a form. Raises :class:`Refused` where it does not carry the token."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise Refused("The form is too large.")
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
        if not hmac.compare_digest(form.get("token", "").encode(), self.value.encode()):
            raise Refused("The form is of an earlier run of the desk; open the page again.")
        return form
