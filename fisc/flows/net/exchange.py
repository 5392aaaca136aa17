"""One question and one answer: a GET or POST with limits on time and size, and everything that can go wrong with it."""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from fisc.flows.net.connection import NotPublic, OtherCertificate, OutOfTime, UnknownHost, time_limit
from fisc.flows.net.failures import FetchError

SILENCE_S = 30.0
"""How long a server may send nothing at all."""

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may take: seconds from the first byte sent to the last received, and bytes unpacked."""

    seconds: float
    size: int

    @property
    def said_size(self) -> str:
        return f"{self.size / MB:g} MB"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a portal answered, redirects not followed; ``body`` is unpacked."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What the portal said of a file when it gave it last, for asking whether it changed."""

    etag: str | None
    last_modified: str | None

    @property
    def headers(self) -> dict[str, str]:
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


NOTHING_SEEN = Seen(None, None)


def exchange(
    client: httpx.Client, url: str, headers: Mapping[str, str], limits: Limits, body: bytes | None = None
) -> Answer:
    """Ask for one address, with a POST where there is a body. Raises :class:`FetchError`, also for a status of 400 and more."""
    silence = httpx.Timeout(min(SILENCE_S, limits.seconds))
    with _failures(url, limits), time_limit(limits.seconds):
        method = "GET" if body is None else "POST"
        request = client.build_request(method, url, headers=dict(headers), content=body, timeout=silence)
        response = client.send(request, stream=True)
        try:
            if response.status_code >= 400:
                raise FetchError(url, f"http_{response.status_code}", wait_s=_retry_after(response.headers))
            body = b"" if response.status_code in (204, 304) else _body(url, response, limits)
        finally:
            response.close()
    return Answer(url, response.status_code, response.headers, body)


def _body(url: str, response: httpx.Response, limits: Limits) -> bytes:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    body = bytearray()
    for piece in _unpacked(url, response.iter_raw(), encoding, limits.size + 1):
        body += piece
        if len(body) > limits.size:
            raise FetchError(url, "too_large", limit=limits.said_size)
    return bytes(body)


def _unpacked(url: str, received: Iterable[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """The body as it was before packing, never more than ``most`` bytes at a time: a bomb stays small."""
    if encoding in ("", "identity"):
        yield from received
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(url, "bad_encoding", detail=f"packed as {encoding}")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    for piece in received:
        while piece:
            yield unpacker.decompress(piece, most)
            piece = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise FetchError(url, "truncated_body", detail="its packed body ends early")


@contextmanager
def _failures(url: str, limits: Limits) -> Iterator[None]:
    """Everything a connection can raise, as a :class:`FetchError`."""
    try:
        yield
    except (OutOfTime, httpcore.TimeoutException) as error:
        raise FetchError(url, "timeout", limit=f"{limits.seconds:g} s") from error
    except NotPublic as error:
        raise FetchError(url, "private_address", detail=str(error)) from error
    except OtherCertificate as error:
        raise FetchError(url, "other_certificate", detail=str(error)) from error
    except UnknownHost as error:
        raise FetchError(url, "unknown_host") from error
    except httpcore.ConnectError as error:
        reason = "tls_error" if _has_cause(error, ssl.SSLError) else "connection_failed"
        raise FetchError(url, reason, detail=str(error) or "refused") from error
    except httpcore.NetworkError as error:
        raise FetchError(url, "connection_lost", detail=str(error) or "closed") from error
    except httpx.RemoteProtocolError as error:
        # httpx reads the address of a redirect even where it is not to follow it.
        raise FetchError(url, "bad_redirect") from error
    except httpcore.RemoteProtocolError as error:
        raise FetchError(url, _protocol_reason(str(error)), detail=str(error)) from error
    except zlib.error as error:
        raise FetchError(url, "bad_encoding", detail=str(error)) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol) as error:
        raise FetchError(url, "bad_address") from error


def _protocol_reason(said: str) -> str:
    if "without sending complete message body" in said or "incomplete chunked read" in said:
        return "truncated_body"
    return "connection_lost" if "without sending a response" in said else "bad_response"


def _has_cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds to wait by the Retry-After header, which holds seconds or a date; None where it says nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, until.timestamp() - time.time())
