"""A server on loopback that answers each path with whatever bytes a test wants, as slowly as it wants."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Say = Callable[[socket.socket], None]


def reply(body: bytes = b"%PDF-1.7 fine", status: str = "200 OK", **headers: str) -> Say:
    """A well-formed answer; ``_`` in a header's name stands for a dash."""
    fields = {
        "Content-Length": str(len(body)),
        "Connection": "close",
        **{n.replace("_", "-"): v for n, v in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return lambda peer: peer.sendall(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)


def raw(answer: bytes) -> Say:
    """Exactly these bytes, then the connection is closed."""
    return lambda peer: peer.sendall(answer)


def redirect(location: str) -> Say:
    return reply(b"", "302 Found", Location=location)


def packed(body: bytes) -> Say:
    return reply(gzip.compress(body), Content_Encoding="gzip")


@dataclass(slots=True)
class RudeServer:
    """``answers`` by path; a list is used up one by one, its last answer stays. ``asked`` are the requests."""

    address: str = ""
    answers: dict[str, Say | list[Say]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def url(self, path: str) -> str:
        return self.address + path

    def nothing(self, peer: socket.socket) -> None:
        """Say nothing at all until the test ends."""
        self.ending.wait(20)

    def drip(self, answer: bytes, pause_s: float = 0.02) -> Say:
        """A byte at a time."""

        def say(peer: socket.socket) -> None:
            for n in range(len(answer)):
                if self.ending.wait(pause_s):
                    return
                peer.sendall(answer[n : n + 1])

        return say

    def serve(self, peer: socket.socket) -> None:
        with peer:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = peer.recv(65536)
                if not piece:
                    return
                request += piece
                if request[0] == 0x16:
                    peer.sendall(b"no TLS here")
                    return
            head, *lines = request.decode("latin-1").split("\r\n")
            path = head.split(" ")[1]
            headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
            self.asked.append((path, headers))
            answer = self.answers.get(path, reply(b"", "404 Not Found"))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            try:
                answer(peer)
            except OSError:
                return


@contextmanager
def rude_server() -> Iterator[RudeServer]:
    server = RudeServer()
    listening = socket.create_server(("127.0.0.1", 0))
    server.address = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def accept() -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=server.serve, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        server.ending.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
