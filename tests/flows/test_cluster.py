"""Past one machine: read on Dask or Ray, ledger in PostgreSQL, files on S3; the tables are those of one machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dying import die_once, refuse

from fisc.errors import DocumentError
from fisc.flows import walk
from fisc.flows.cluster import ClusterError, cluster
from fisc.flows.fetch import Visitor
from fisc.flows.isolation import Bounds
from fisc.flows.sources import read_source
from fisc.flows.workshop import open_workshop
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.store import bucket
from samples import demo
from samples.portal import Portal, serve, write_source

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("servers")]
KINDS = {"dask": "distributed", "ray": "ray"}


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with serve(demo.postings(departments=("306",), years=(2025,))) as portal:
        yield portal


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    pytest.importorskip(KINDS[request.param], reason="not installed (pip install 'fisc[scale]')")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return str(request.param)


def harvest(home: Home, portal: Portal, folder: Path) -> None:
    source = read_source(write_source(portal, folder))
    with (
        open_workshop(home, documents=2, sources=folder) as workshop,
        Ledger.open(home) as ledger,
        Visitor(source, home=home) as visitor,
    ):
        found, _ = walk.list_links(source, visitor, ledger, home)
        links = walk.agenda(ledger, source, [link.url for link in found.links])
        walk.fetch_and_read(workshop, ledger, visitor, links)
        assert walk.publish_all(workshop, ledger).published == 2


def test_the_tables_are_those_of_one_machine_byte_for_byte(
    kind: str,
    portal: Portal,
    tmp_path: Path,
    ledger_url: str,
    store_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1740000000")
    alone = Home(tmp_path / "alone")
    harvest(alone, portal, tmp_path / "sources")
    files = {
        f"warehouse/{file.relative_to(alone.warehouse)}": file.read_bytes()
        for file in alone.warehouse.rglob("*")
        if file.is_file()
    }
    monkeypatch.setenv("FISC_CLUSTER", kind)
    many = Home(tmp_path / "many", ledger_url, store_url)
    harvest(many, portal, tmp_path / "sources")
    store = bucket(many)
    assert len(files) > 10
    assert {key: store.read(key) for key in store.below("warehouse")} == files


def test_a_worker_that_dies_costs_nothing_and_a_document_only_itself(kind: str, tmp_path: Path) -> None:
    with cluster(kind, 1, Bounds()) as lanes:
        dying = lanes.submit(die_once, tmp_path / "mark", "Document a")
        refused = lanes.submit(refuse, tmp_path / "b.pdf", "Document b")
        assert dying.result(timeout=300) == "read"
        with pytest.raises(DocumentError, match=r"b\.pdf asks for a password") as caught:
            refused.result(timeout=300)
    assert caught.value.reason == "encrypted"


@pytest.mark.parametrize("address", ["dusk", "http://host:8786"])
def test_a_cluster_is_named_in_one_way(address: str) -> None:
    with pytest.raises(ClusterError, match="tcp://scheduler:8786"), cluster(address, 1, Bounds()):
        pass
