"""A small published warehouse of sample disclosures, made once for all that docs promise about it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fisc.analysis.comparing.run import compare_all
from fisc.extractors.document import extract
from fisc.flows.reading import disclosure_of
from fisc.schemas.identity import Hints
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Link
from fisc.warehouse.publish import publish
from fisc.warehouse.stage import stage
from samples import demo


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two departments, budgets and final accounts of two years, published and compared."""
    home = Home(tmp_path_factory.mktemp("docs") / "data")
    home.create()
    with Ledger.open(home) as ledger:
        for posting in demo.postings(departments=("306", "361"), years=(2024, 2025)):
            url = f"http://127.0.0.1/{hashlib.sha256(posting.content).hexdigest()}.pdf"
            ledger.discovered(Link(url=url, source="sample", title=posting.title))
            document_id = ledger.fetched(url, archive.put(home, posting.content))
            extracted = extract(posting.content, Hints(title=posting.title, source="sample", url=url))
            ledger.extracted(document_id, disclosure_of(extracted), "0")
            stage(home, document_id, extracted.tables)
            ledger.validated(document_id)
        publish(home, ledger)
    compare_all(home)
    return home


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return Path(__file__).resolve().parents[2]
