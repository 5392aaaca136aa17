"""The HTTP side of the portal: one thread a connection, answers and faults as the portal says."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from samples.serving.exchange import Answer, Request
from samples.serving.faults import Fault, Hang, Redirect, Short, Slow, Status


class Served(Protocol):
    """What is served: answers and faults by path, and the log of what was asked."""

    base_url: str
    log: list[Request]
    closing: Event

    def answer(self, path: str, query: str = "", body: bytes = b"", /) -> Answer | None: ...

    def take_fault(self, path: str) -> Fault | None: ...


class _Handler(BaseHTTPRequestHandler):
    """Answers GET, HEAD and POST for the server's portal."""

    protocol_version = "HTTP/1.1"
    server_version = "samples"
    server: Server

    def log_message(self, *_: object) -> None:
        """Nothing on standard error: the portal keeps its own log."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        path = unquote(asked.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.portal.take_fault(path)
        answer = self.server.portal.answer(path, asked.query, body)
        if isinstance(fault, Status):
            return self._status(path, fault)
        if isinstance(fault, Redirect):
            return self._redirect(path, fault)
        if answer is None:
            return self._status(path, Status(404))
        if isinstance(fault, Hang) and fault.after is None:
            self._note(path, 0)
            return self._hang()
        return self._send(path, answer, fault)

    do_HEAD = do_GET
    do_POST = do_GET

    def _note(self, path: str, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.portal.log.append(Request(time.monotonic(), self.command, path, status, headers))

    def _status(self, path: str, fault: Status) -> None:
        self._note(path, fault.code)
        body = f"<html><body><h1>{fault.code}</h1></body></html>".encode()
        self.send_response(fault.code)
        if fault.retry_after is not None:
            self.send_header("Retry-After", fault.retry_after)
        self._headed("text/html; charset=utf-8", len(body))
        self._write(body)

    def _redirect(self, path: str, fault: Redirect) -> None:
        self._note(path, fault.code)
        self.send_response(fault.code)
        self.send_header("Location", fault.location)
        self._headed("text/html", 0)

    def _headed(self, content_type: str, length: int) -> None:
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, path: str, answer: Answer, fault: Fault | None) -> None:
        unchanged = answer.unchanged({k.lower(): v for k, v in self.headers.items()})
        self._note(path, 304 if unchanged else 200)
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", answer.etag)
        self.send_header("Last-Modified", format_datetime(answer.modified, usegmt=True))
        if unchanged:
            self.end_headers()
            return
        self._headed(answer.content_type, len(answer.content))
        if self.command != "HEAD":
            self._body(answer.content, fault)

    def _body(self, content: bytes, fault: Fault | None) -> None:
        if isinstance(fault, Short):
            self._write(content[: max(0, len(content) - fault.missing)])
            self.close_connection = True
        elif isinstance(fault, Hang):
            self._write(content[: fault.after])
            self._hang()
        elif isinstance(fault, Slow):
            for start in range(0, len(content), fault.size):
                self._write(content[start : start + fault.size])
                self.server.portal.closing.wait(fault.pause_s)
        else:
            self._write(content)

    def _hang(self) -> None:
        """Say nothing more until the client has gone or the portal closes."""
        self.close_connection = True
        while not self.server.portal.closing.wait(0.05):
            try:
                if not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    return
            except BlockingIOError:
                continue
            except OSError:
                return

    def _write(self, content: bytes) -> None:
        if self.command == "HEAD":
            return
        try:
            self.wfile.write(content)
            self.wfile.flush()
        except ConnectionError:
            self.close_connection = True


@contextmanager
def serving(portal: Served, port: int = 0) -> Iterator[None]:
    """Serve on loopback while the context lasts; ``port`` 0 takes a free one."""
    server = Server(portal, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        portal.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Server(ThreadingHTTPServer):
    """One thread a connection; none of them keeps the process alive."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to talk about; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def __init__(self, portal: Served, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.portal = portal
        portal.base_url = f"http://127.0.0.1:{self.server_address[1]}"
