"""Every reason for which something fails is declared, and nothing is declared that never happens."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import fisc
from fisc.reasons import LONGEST_WAIT, WAITS, Reason, reason, reasons

RAISED_BY = {"DocumentError": 0, "FetchError": 1, "Trouble": 1}
NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
BY_STATUS = {name for name in reasons() if name.startswith("http_")}


def used_reasons() -> dict[str, str]:
    """Every reason that stands in the code as a word, and the file that it stands in."""
    found = {}
    for path in Path(fisc.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "id", None)
            if isinstance(call, ast.Call) and name in RAISED_BY and len(call.args) > RAISED_BY[name]:
                said = call.args[RAISED_BY[name]]
                if isinstance(said, ast.Constant):
                    found[said.value] = path.name
    return found


def test_every_reason_in_the_code_is_declared() -> None:
    used = used_reasons()
    assert {"timeout", "not_a_pdf", "crashed"} <= set(used)
    assert {name: file for name, file in used.items() if name not in reasons()} == {}


@pytest.mark.parametrize("each", reasons().values(), ids=lambda r: r.name)
def test_a_declaration_says_what_it_means_and_what_mends_it(each: Reason) -> None:
    assert each.of in ("link", "document", "run")
    assert each.heals in ("soon", "slowly", "never")
    assert bool(each.says) == (each.of == "link")
    for words in (each.means, each.mends):
        assert words
        assert not words.endswith(".")


def test_a_status_without_a_declaration_falls_under_its_class() -> None:
    assert reason("http_418").heals == "slowly"
    assert reason("http_599").heals == "soon"
    assert reason("nobody_knows_this").name == "run_failed"


def test_pauses_grow_up_to_a_limit() -> None:
    soon = [reason("timeout").next_try(n, NOW) for n in (1, 2, 3, 9, 10_000)]
    assert [at and at - NOW for at in soon] == [
        *(timedelta(hours=h) for h in (1, 2, 4)),
        *[WAITS["soon"][1]] * 2,
    ]
    slowly = reason("http_404").next_try(50, NOW)
    assert slowly == NOW + LONGEST_WAIT
    assert reason("too_large").next_try(1, NOW) is None


def test_a_document_is_tried_so_many_times_by_itself() -> None:
    declared = reason("timed_out")
    assert declared.tries == 2
    assert [declared.next_try(n, NOW) is None for n in (1, 2, 3)] == [False, False, True]
