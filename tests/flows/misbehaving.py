"""Functions that misbehave as a reader of documents might; importable by the processes that run them."""

from __future__ import annotations

import os
import signal
import time

from fisc.errors import DocumentError


def double(number: int) -> int:
    return 2 * number


def own_pid(_: object) -> int:
    return os.getpid()


def exit_at_once(code: int) -> None:
    os._exit(code)


def fall(_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(seconds: float) -> None:
    time.sleep(seconds)


def spin(seconds: float) -> int:
    """Hold the interpreter busy, as a parser in an endless loop does."""
    end, turns = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        turns += 1
    return turns


def swell(megabytes: int) -> int:
    held = [bytearray(b"x" * 1_000_000) for _ in range(megabytes)]
    time.sleep(5)
    return len(held)


def exhaust(_: object) -> None:
    raise MemoryError


def refuse(reason: str) -> None:
    raise DocumentError(reason, "It says so.")
