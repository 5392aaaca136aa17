"""Connections that go to public addresses only and that end in time.

The address that was checked is the address that is connected to: a name that resolves to something else a moment
later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from hashlib import sha256
from typing import Any

import httpcore
import httpx

from fisc.flows.source.places import Certificate

Place = tuple[str, int]
"""A host as written in an address, and a port."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class NotPublic(Exception):
    """The host resolves to an address that is not public; holds that address."""


class UnknownHost(Exception):
    """The host does not resolve."""


class OtherCertificate(Exception):
    """A host shows another certificate than the one that its source names; holds its SHA-256."""


class OutOfTime(Exception):
    """The whole exchange took longer than was allowed, however busy the server seemed."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Everything that this thread sends and receives inside ends within so many seconds."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when written inside an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class GuardedTransport(httpx.BaseTransport):
    """HTTP for one source; ``private`` are the places that may be private, ``certificates`` the exceptions that it
    makes. No proxies, HTTP/1.1."""

    def __init__(
        self, private: Iterable[Place] = (), connections: int = 1, certificates: Iterable[Certificate] = ()
    ) -> None:
        excepted = {certificate.host: certificate for certificate in certificates}
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(),
            max_connections=None,
            max_keepalive_connections=connections,
            keepalive_expiry=5.0,
            network_backend=_GuardedBackend(frozenset(private), excepted),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


@cache
def _lenient(signed: bool, legacy: bool) -> ssl.SSLContext:
    """``signed`` False: whoever signed it, as its SHA-256 is compared; ``legacy``: TLS 1.0 and its weak ciphers, too."""
    context = httpx.create_ssl_context()
    if not signed:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if legacy:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _GuardedBackend(httpcore.NetworkBackend):
    def __init__(self, private: frozenset[Place], excepted: Mapping[str, Certificate]) -> None:
        self._private = private
        self._excepted = excepted
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = UnknownHost(host)
        for address in self._allowed(host, port):
            try:
                stream = self._plain.connect_tcp(
                    address, port, _remaining(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, self._excepted)
        raise failed

    def _allowed(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise UnknownHost(host) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if (host, port) in self._private:
            return addresses
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise NotPublic(addresses[0])
        return public


class _TimedStream(httpcore.NetworkStream):
    """A connection on which each wait is cut at the end of the whole exchange."""

    def __init__(self, stream: httpcore.NetworkStream, excepted: Mapping[str, Certificate]) -> None:
        self._stream = stream
        self._excepted = excepted

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        excepted = self._excepted.get((server_hostname or "").lower())
        if excepted is not None:
            ssl_context = _lenient(signed=excepted.sha256 is None, legacy=excepted.legacy)
        stream = self._stream.start_tls(ssl_context, server_hostname, _remaining(timeout))
        if excepted is not None and excepted.sha256 is not None:
            shown = sha256(stream.get_extra_info("ssl_object").getpeercert(True)).hexdigest()
            if shown != excepted.sha256:
                stream.close()
                raise OtherCertificate(shown)
        return _TimedStream(stream, self._excepted)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _remaining(timeout: float | None) -> float | None:
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise OutOfTime
    return left if timeout is None else min(timeout, left)
