"""A page that moves: the old address is asked in the same night, and no disclosure stands twice without a word."""

from __future__ import annotations

from decimal import Decimal

import made_up
from rude_server import RudeServer
from test_walk import (  # noqa: F401
    FAILURES,
    NAMES,
    _one_clock,
    amounts,
    files_of,
    findings,
    night,
    put,
    server,
    source,
    workshop,
)  # fmt: skip

from fisc.flows import walk
from fisc.flows.comparing import compare_published
from fisc.flows.fetch import Visitor
from fisc.flows.moved import old_addresses, twice
from fisc.flows.rerun import named, read_again
from fisc.flows.sources import Source
from fisc.flows.workshop import Workshop
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.ledger.database import utc_now

AFTER = {name: made_up.content(*words) for name, words in NAMES.items() if name != "a"}


def moves(server: RudeServer, amount: str) -> None:  # noqa: F811
    """The list names the education office's file at another address, with this amount."""
    put(server, {**AFTER, "moved": made_up.content("教育局", amount)})


def standing(workshop: Workshop, department: str) -> dict[str, str]:  # noqa: F811
    with Ledger.open(workshop.home) as ledger:
        return {document.document_id: document.state for document in named(ledger, [department])}


def test_the_new_file_replaces_the_old_one_and_says_what_changed(
    workshop: Workshop, source: Source, server: RudeServer  # noqa: F811
) -> None:  # fmt: skip
    night(workshop, source)
    began = utc_now()
    moves(server, "13.00")
    server.answers["/list/a.pdf"] = FAILURES["http_404"]
    done = night(workshop, source)
    assert (done.published, done.superseded) == (1, 0)
    with Ledger.open(workshop.home) as ledger, Visitor(source, sleep=lambda _: None) as visitor:
        links = old_addresses(ledger, source.name, began)
        assert [link.url.rpartition("/")[2] for link in links] == ["a.pdf"]
        walk.fetch_and_read(workshop, ledger, visitor, links)
        assert twice(ledger, source.name, began) == []
        done = walk.publish_all(workshop, ledger)
        compare_published(workshop)
        assert old_addresses(ledger, source.name, began) == []
    assert (done.published, done.superseded, len(done.replaced)) == (1, 1, 1)
    assert amounts(workshop.home)["教育局"] == "13.00"
    assert sorted(standing(workshop, "教育局").values()) == ["published", "superseded"]
    (finding,) = findings(workshop.home)
    assert (finding["rule"], finding["expected"], finding["actual"]) == (
        "disclosure.changed", Decimal("12.50"), Decimal("13.00"),
    )  # fmt: skip
    before = files_of(workshop.home)
    with Ledger.open(workshop.home) as ledger:
        again = read_again(workshop, ledger, named(ledger, [done.replaced[0].document_id]))
    assert (again.published, again.replaced) == (1, [])
    assert files_of(workshop.home) == before


def test_an_old_address_that_still_answers_leaves_both_and_is_told(
    workshop: Workshop, source: Source, server: RudeServer  # noqa: F811
) -> None:  # fmt: skip
    night(workshop, source)
    began = utc_now()
    moves(server, "13.00")
    night(workshop, source)
    with Ledger.open(workshop.home) as ledger, Visitor(source, sleep=lambda _: None) as visitor:
        walk.fetch_and_read(workshop, ledger, visitor, old_addresses(ledger, source.name, began))
        assert walk.publish_all(workshop, ledger).superseded == 0
        (sentence,) = twice(ledger, source.name, began)
        assert twice(ledger, source.name, utc_now()) == []
    assert sentence.startswith("教育局 has its 2025 budget in two files, ")
    assert sorted(standing(workshop, "教育局").values()) == ["published", "published"]
    assert all(document_id in sentence for document_id in standing(workshop, "教育局"))


def test_an_address_that_was_dead_for_a_while_is_published_again(
    workshop: Workshop, source: Source, server: RudeServer  # noqa: F811
) -> None:  # fmt: skip
    night(workshop, source)
    alive = server.answers["/list/a.pdf"]
    moves(server, "13.00")
    server.answers["/list/a.pdf"] = FAILURES["http_404"]
    began = utc_now()
    night(workshop, source)
    with Ledger.open(workshop.home) as ledger, Visitor(source, sleep=lambda _: None) as visitor:
        (link,) = old_addresses(ledger, source.name, began)
        walk.fetch_and_read(workshop, ledger, visitor, [link])
        assert walk.publish_all(workshop, ledger).superseded == 1
        server.answers["/list/a.pdf"] = alive
        walk.fetch_and_read(workshop, ledger, visitor, [ledger.link(link.url)])
        assert walk.publish_all(workshop, ledger).published == 1
    assert sorted(standing(workshop, "教育局").values()) == ["published", "published"]
