"""A disclosure in several files: one disclosure by identity, every file published, each row leads to its own file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_up
import pyarrow.dataset as ds
import pytest
from declared import loopback
from rude_server import RudeServer, rude_server
from test_walk import night, put

from fisc.flows.sources import Source
from fisc.flows.workshop import Silent, Workshop
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from samples import layout as layouts
from samples.disclosure import Disclosure, make_disclosure
from samples.press import expected_rows, print_apart, print_disclosure

LAYOUT = layouts.load("tianjin")
APART = make_disclosure(1, "306", 2025, LAYOUT.stage)
BY_TABLE = make_disclosure(3, "318", 2025, LAYOUT.stage)
IDENTITY = ("region_code", "department", "level", "fiscal_year", "stage")


def one_file_a_table(disclosure: Disclosure) -> dict[str, bytes]:
    sheets = [
        replace(LAYOUT, forms=(form,), order=("cover", "tables"), narrative=()) for form in LAYOUT.forms
    ]
    return {sheet.forms[0].table: print_disclosure(disclosure, sheet).content for sheet in sheets}


def in_two_files(disclosure: Disclosure) -> dict[str, bytes]:
    told, listed = print_apart(disclosure, LAYOUT)
    return {"told": told.content, "listed": listed.content}


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with rude_server() as server:
        yield server


@pytest.fixture
def source(server: RudeServer, tmp_path: Path) -> Source:
    return loopback(tmp_path, server.address, "attempts = 1")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(Home(tmp_path / "home").create(), made_up.Here(), Silent())  # type: ignore[arg-type]


def rows_of(home: Home, table: str, disclosure: Disclosure) -> list[dict[str, Any]]:
    if not (home.warehouse / table).exists():  # nobody has a row of it
        return []
    rows = ds.dataset(home.warehouse / table, partitioning="hive").to_table().to_pylist()
    return sorted((r for r in rows if r["department"] == disclosure.name), key=lambda r: r["row"])


def states(home: Home) -> list[str]:
    with Ledger.open(home) as ledger:
        return sorted(
            d.state for state in ("published", "superseded", "failed") for d in ledger.documents_in(state)
        )


def test_every_file_of_a_disclosure_is_published_and_is_one_disclosure(
    server: RudeServer, workshop: Workshop, source: Source
) -> None:
    files = in_two_files(APART) | one_file_a_table(BY_TABLE)
    put(server, files)
    done = night(workshop, source)
    assert (done.published, done.failures) == (len(files), 0)
    assert states(workshop.home) == ["published"] * len(files)
    for disclosure, count in ((APART, 2), (BY_TABLE, len(LAYOUT.forms))):
        documents = rows_of(workshop.home, "document", disclosure)
        assert len(documents) == count
        assert len({tuple(row[name] for name in IDENTITY) for row in documents}) == 1
        for table, printed in expected_rows(disclosure, replace(LAYOUT, narrative=())).items():
            rows = rows_of(workshop.home, table, disclosure)
            assert len(rows) == len(printed)
            assert len({row["document_id"] for row in rows}) <= 1
            assert {row["document_id"] for row in rows} <= {row["document_id"] for row in documents}


def test_a_new_file_of_the_tables_leaves_the_narrative_where_it_is(
    server: RudeServer, workshop: Workshop, source: Source
) -> None:
    put(server, in_two_files(APART))
    night(workshop, source)
    narrative = rows_of(workshop.home, "section", APART)
    again = print_apart(APART, replace(LAYOUT, caption=("部门：{department}", "金额单位：{unit}")))[1]
    put(server, in_two_files(APART) | {"listed": again.content})
    done = night(workshop, source)
    assert done.published == 1
    assert states(workshop.home) == ["published", "published", "superseded"]
    assert rows_of(workshop.home, "section", APART) == narrative
    rows = rows_of(workshop.home, "expenditure", APART)
    assert len(rows) == len(expected_rows(APART, LAYOUT)["expenditure"])
