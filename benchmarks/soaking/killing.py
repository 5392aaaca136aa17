"""Kills during the nights: a worker, the whole program, the program while it publishes; and what memory it held."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fisc.flows.isolation import rss

KINDS = ("worker", "program", "publication")
LOOK_EVERY_S = 0.005
PATIENCE_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Kill:
    """Whom to kill, after so many requests of the night."""

    kind: str
    after: int


@dataclass(slots=True)
class Night:
    """What happened in one night. ``memory`` are bytes of (the program, its largest lane), twice a second."""

    kills: list[str] = field(default_factory=list)
    starts: int = 0
    seconds: float = 0.0
    memory: list[tuple[int, int]] = field(default_factory=list)


def drawn(draw: random.Random, count: int, requests: int, night: int) -> list[Kill]:
    """So many kills over a night of so many requests, of every kind in turn; each night begins with another one."""
    kills = [Kill(KINDS[(night + n) % len(KINDS)], draw.randrange(max(1, requests))) for n in range(count)]
    return sorted(kills, key=lambda kill: kill.after)


class NightWatch:
    """Runs one night's program again and again until it ends by itself, killing it as drawn."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], home: Path, draw: random.Random
    ) -> None:
        self._command, self._environment, self._home, self._draw = command, environment, home, draw

    def run(self, kills: list[Kill], requests: Callable[[], int]) -> Night:
        """Until the program ends with 0 or 1 (something failed); ``requests`` tells how many the portal has had."""
        night, begin, waiting = Night(), time.monotonic(), list(kills)
        extra = ["--again"]
        while True:
            night.starts += 1
            program = subprocess.Popen([*self._command, *extra], env=dict(self._environment))  # noqa: S603
            status = self._watch(program, waiting, night, requests)
            if status == 0:
                night.seconds = time.monotonic() - begin
                return night
            if status != -signal.SIGKILL:
                raise SystemExit(f"The night ended with status {status}; see the lines above.")
            extra = []

    def _watch(
        self,
        program: subprocess.Popen[bytes],
        waiting: list[Kill],
        night: Night,
        requests: Callable[[], int],
    ) -> int:
        looked, end = 0.0, time.monotonic() + PATIENCE_S
        while program.poll() is None:
            now = time.monotonic()
            if now > end:
                program.kill()
                raise SystemExit("The night does not end.")
            if now > looked + 0.5:
                looked = now
                lanes = [rss(pid) for pid in children(program.pid)]
                night.memory.append((rss(program.pid), max(lanes, default=0)))
            due = [kill for kill in waiting if requests() >= kill.after]
            for kill in due:
                if program.poll() is None and self._strike(program, kill, night):
                    waiting.remove(kill)
            time.sleep(LOOK_EVERY_S)
        return program.returncode

    def _strike(self, program: subprocess.Popen[bytes], kill: Kill, night: Night) -> bool:
        """Kill whom is meant; False where it is not there to be killed yet."""
        if kill.kind == "worker":
            lanes = children(program.pid)
            if not lanes:
                return False
            with suppress(ProcessLookupError):
                os.kill(self._draw.choice(lanes), signal.SIGKILL)
        elif kill.kind == "publication" and not self._publishing():
            return False
        else:
            time.sleep(self._draw.random() * 0.1)
            program.kill()
        night.kills.append(kill.kind)
        return True

    def _publishing(self) -> bool:
        return any((self._home / "work" / "folds").glob("*"))


def children(pid: int) -> list[int]:
    """The lanes of a program: its children that Python's spawn started, but for the resource tracker."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [p for p in Path(f"/proc/{pid}/task").iterdir() if p.name != str(pid)]
        for thread in threads:
            with suppress(OSError):
                told += (thread / "children").read_text().split()
        return [int(child) for child in told if _is_lane(int(child))]
    return []


def _is_lane(pid: int) -> bool:
    with suppress(OSError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
