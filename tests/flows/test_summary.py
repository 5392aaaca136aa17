"""A run's numbers add up, and what a source owes is said when the day has come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from declared import source, toml

from fisc.flows.summary import Summary, Trouble, added_up, shortfalls
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Disclosure, Ledger, Link


def test_summaries_add_up() -> None:
    first, second = Summary(new=1, read=2), Summary(new=3, troubles=[Trouble("x", "http_500", "It failed.")])
    first.failed.update(["http_404", "http_404"])
    second.failed.update(["http_404", "timed_out"])
    total = added_up([first, second])
    assert (total.new, total.read, total.failures) == (4, 2, 5)
    assert total.as_json()["failed"] == {"http_404": 3, "timed_out": 1}
    assert total.as_json()["troubles"] == [{"subject": "x", "reason": "http_500", "sentence": "It failed."}]
    assert first.new == 1


@pytest.mark.parametrize(
    ("today", "published", "notes"),
    [
        (date(2025, 2, 19), 0, 0),
        (date(2025, 2, 20), 1, 1),
        (date(2025, 2, 20), 2, 0),
        (date(2025, 9, 15), 2, 1),
    ],
)
def test_what_is_owed(tmp_path: Path, today: date, published: int, notes: int) -> None:
    more = '[expected]\ndepartments = 2\nstages = { budget = "02-20", final_accounts = "09-15" }'
    declared = source(tmp_path, toml(more=more))
    with Ledger.open(Home(tmp_path / "home")) as ledger:
        for n in range(published):
            url, sha256 = f"https://portal.example/{n}.pdf", f"{n}" * 64
            ledger.discovered(Link(url, "haigang"))
            ledger.fetched(url, sha256)
            ledger.extracted(sha256[:16], Disclosure("130302", f"局{n}", "department", 2025, "budget"), "1")
        said = shortfalls(declared, ledger, today)
    assert len(said) == notes
    if published == 1:
        assert said == [
            "haigang: 1 of 2 departments published their 2025 budget by now; 2025-02-20 was the day."
        ]
