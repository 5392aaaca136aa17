"""A crash, a hang or a blow-up in one document costs that document."""

from __future__ import annotations

import time
from collections.abc import Iterator

import misbehaving as m
import pytest

from fisc.errors import DocumentError
from fisc.flows.isolation import Bounds, Isolation


@pytest.fixture(scope="module")
def isolation() -> Iterator[Isolation]:
    with Isolation(2, Bounds(seconds=2.0, memory_mb=300)) as isolation:
        yield isolation


MISDEEDS = [
    (m.exit_at_once, 3, "crashed", "exit code 3"),
    (m.fall, None, "crashed", "SIGSEGV"),
    (m.hang, 60.0, "timed_out", "2 s"),
    (m.spin, 60.0, "timed_out", "2 s"),
    (m.swell, 600, "out_of_memory", "300 MB"),
    (m.exhaust, None, "out_of_memory", "300 MB"),
    (m.refuse, "encrypted", "encrypted", "It says so."),
]


@pytest.mark.parametrize(("deed", "job", "reason", "words"), MISDEEDS)
def test_a_misdeed_is_named_and_costs_nothing_else(
    isolation: Isolation, deed: object, job: object, reason: str, words: str
) -> None:
    before = isolation.submit(m.double, 4, "before")
    bad = isolation.submit(deed, job, "Document 0123")  # type: ignore[arg-type]
    after = [isolation.submit(m.double, number, "after") for number in range(3)]
    with pytest.raises(DocumentError) as caught:
        bad.result(timeout=60)
    assert caught.value.reason == reason
    assert words in caught.value.sentence
    assert [before.result(60), *(each.result(60) for each in after)] == [8, 0, 2, 4]


def test_the_sentence_of_a_lost_document_names_it(isolation: Isolation) -> None:
    with pytest.raises(DocumentError, match="Document 4711"):
        isolation.submit(m.exit_at_once, 1, "Document 4711").result(60)


def test_processes_are_kept_for_the_next_document(isolation: Isolation) -> None:
    pids = {isolation.submit(m.own_pid, None, "x").result(60) for _ in range(6)}
    assert len(pids) <= 2


def test_an_isolation_that_is_left_waits_for_nobody() -> None:
    with Isolation(1, Bounds(seconds=10_000.0)) as isolation:
        assert isolation.submit(m.double, 1, "x").result(60) == 2
        left = isolation.submit(m.hang, 10_000.0, "Document 0123")
        wait_until_taken(isolation)
    assert left.done()


def wait_until_taken(isolation: Isolation) -> None:
    end = time.monotonic() + 60
    while isolation._free.qsize():
        assert time.monotonic() < end
        time.sleep(0.01)
