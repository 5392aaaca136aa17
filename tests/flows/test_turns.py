"""Turns at a host are kept over processes, also where one of them is killed."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from fisc.flows.net.manners import Pace

ASK = """
import sys, time
from pathlib import Path
from fisc.flows.net.manners import Pace
pace = Pace(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
for _ in range(int(sys.argv[4])):
    with pace.turn("portal.example:80"):
        begun = time.time()
        time.sleep(float(sys.argv[5]))
        print(begun, time.time(), flush=True)
"""


def asked_by(
    processes: int, book: Path, delay_s: float, places: int, times: int, lasts_s: float
) -> list[list[float]]:
    """When each request of several processes began and ended, in order."""
    given = [str(book), str(delay_s), str(places), str(times), str(lasts_s)]
    running = [
        subprocess.Popen([sys.executable, "-c", ASK, *given], stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    said = [line for process in running for line in process.communicate(timeout=120)[0].splitlines()]
    return sorted([float(word) for word in line.split()] for line in said)


def test_the_distance_holds_over_processes(tmp_path: Path) -> None:
    """On a clock that stands still, each process is told how long to wait for its turns: all turns are different."""
    script = """
import sys
from pathlib import Path
from fisc.flows.net.manners import Pace
pace = Pace(Path(sys.argv[1]), 2.0, 3, clock=lambda: 1000.0, sleep=lambda seconds: print(seconds))
for _ in range(4):
    with pace.turn("portal.example:80"):
        pass
"""
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    waited = [float(said) for process in running for said in process.communicate(timeout=120)[0].split()]
    assert sorted(waited) == [2.0 * n for n in range(1, 12)]


def test_no_more_at_once_than_there_are_places(tmp_path: Path) -> None:
    asked = asked_by(3, tmp_path, 0.0, 1, 2, 0.1)
    assert all(ended <= begun for (_, ended), (begun, _) in pairwise(asked))


def test_the_distance_counts_from_the_end_of_a_request(tmp_path: Path) -> None:
    """However busy the machine is, the portal sees at least the distance: a turn that came late moves the next one."""
    asked = asked_by(3, tmp_path, 0.1, 1, 2, 0.02)
    assert all(begun >= ended + 0.1 for (_, ended), (begun, _) in pairwise(asked))


def test_a_killed_process_frees_its_place(tmp_path: Path) -> None:
    given = [str(tmp_path), "0", "1", "1", "60"]
    stuck = subprocess.Popen([sys.executable, "-c", ASK, *given], stdout=subprocess.PIPE)
    place = tmp_path / "portal.example%3A80.turn"
    while not place.exists() or not place.read_bytes():
        time.sleep(0.05)
    stuck.kill()
    stuck.wait()
    with Pace(tmp_path, 0.0).turn("portal.example:80"):
        pass


def test_a_turn_book_that_is_damaged_is_begun_anew(tmp_path: Path) -> None:
    slept: list[float] = []
    (tmp_path / "h.turn").write_bytes(b"rubbish")
    with Pace(tmp_path, 1.0, sleep=slept.append).turn("h"):
        pass
    assert slept == []


def test_a_clock_that_was_wrong_does_not_stop_a_portal_for_years(tmp_path: Path) -> None:
    slept: list[float] = []
    (tmp_path / "h.turn").write_bytes(b"9999999999.0")
    with Pace(tmp_path, 1.0, clock=lambda: 1000.0, sleep=slept.append).turn("h"):
        pass
    assert slept == []
