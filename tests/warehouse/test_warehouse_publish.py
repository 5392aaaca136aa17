"""Publishing: one file a table and partition, whose bytes depend on the published documents alone."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import arrive, bytes_below, disclosure, fetch, opened, restage, rows, tables

from fisc.warehouse import fold, journal
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.locks import locked
from fisc.warehouse.plan import Partition
from fisc.warehouse.publish import publish
from fisc.warehouse.stage import stage

PART = "year=2025/kind=budget/prov=13"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[tuple[Home, Ledger]]:
    with opened(tmp_path) as at:
        yield at


def published(home: Home, table: str = "expenditure", partition: str = PART) -> list[tuple[object, ...]]:
    """document_id, row and total of what is published."""
    file = home.warehouse / table / partition / "part.parquet"
    names = ["document_id", "row", "total"]
    read = pq.ParquetFile(file).read(names)
    return list(zip(*(read.column(name).to_pylist() for name in names), strict=True))


def documents(home: Home, table: str = "expenditure", partition: str = PART) -> set[object]:
    return {row[0] for row in published(home, table, partition)}


def test_rows_stand_in_the_file_of_their_year_stage_and_province_in_order(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    a = arrive(home, ledger, "1", "a", disclosure("卫生局"))
    b = arrive(home, ledger, "2", "b", disclosure("教育局", region_code="130301"))
    c = arrive(home, ledger, "3", "c", disclosure("教育局", region_code="310101", stage="final_accounts"))
    summary = publish(home, ledger)
    assert summary.published == tuple(sorted([a, b, c]))
    assert (summary.rows, summary.failed, summary.errors) == (12, (), ())
    far = "year=2025/kind=final_accounts/prov=31"
    assert summary.partitions == (PART, far)
    assert [row[:2] for row in published(home)] == [(b, 1), (b, 2), (b, 3), (a, 1), (a, 2), (a, 3)]
    assert documents(home, partition=far) == {c}
    assert {ledger.document(each).state for each in (a, b, c)} == {"published"}


def test_the_data_root_holds_tables_and_their_description_only(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    arrive(home, ledger, "1", "a")
    publish(home, ledger)
    assert set(bytes_below(home.warehouse)) == {
        "datapackage.json",
        f"expenditure/{PART}/part.parquet",
        f"glossary/{PART}/part.parquet",
    }
    assert not list((home.work / "journals").iterdir())
    assert not list((home.work / "folds").iterdir())


def test_files_are_written_as_measured(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    arrive(home, ledger, "1", "a")
    publish(home, ledger)
    parquet = pq.ParquetFile(home.warehouse / "expenditure" / PART / "part.parquet")
    total = parquet.schema_arrow.get_field_index("total")
    column = parquet.metadata.row_group(0).column(total)
    assert (column.compression, column.physical_type) == ("ZSTD", "INT64")
    assert "RLE_DICTIONARY" in column.encodings
    assert parquet.schema_arrow.field("total").type == pa.decimal128(18, 2)
    assert parquet.schema_arrow.field("total").metadata[b"unit"] == b"CNY"


def test_a_region_without_a_code_has_a_partition_of_its_own(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    document_id = arrive(home, ledger, "1", "a", disclosure(region_code=None))
    other = arrive(home, ledger, "2", "b", disclosure("审计局", region_code=None))
    publish(home, ledger)
    assert documents(home, partition="year=2025/kind=budget/prov=00") == {document_id, other}


def test_publishing_nothing_changes_no_byte(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    publish(home, ledger)
    assert bytes_below(home.warehouse) == {}
    arrive(home, ledger, "1", "a")
    publish(home, ledger)
    files = {file: file.stat().st_mtime_ns for file in home.warehouse.rglob("*")}
    assert publish(home, ledger).published == ()
    assert {file: file.stat().st_mtime_ns for file in home.warehouse.rglob("*")} == files


def test_replacing_a_document_replaces_exactly_its_rows(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    names = ("教育局", "财政局", "卫生局")
    first, middle, last = (arrive(home, ledger, name, name, disclosure(name)) for name in names)
    publish(home, ledger)
    before = published(home)
    ledger.extracted(middle, disclosure("财政局"), "2")
    restage(home, ledger, middle, tables(middle, disclosure("财政局"), count=1, amount="7.00"))
    publish(home, ledger)
    after = published(home)
    assert [row for row in after if row[0] != middle] == [row for row in before if row[0] != middle]
    assert [(row[1], str(row[2])) for row in after if row[0] == middle] == [(1, "7.00")]
    assert {first, middle, last} == documents(home)


def test_the_same_rows_again_give_the_same_bytes(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    document_id = arrive(home, ledger, "1", "a")
    arrive(home, ledger, "2", "b", disclosure("教育局"))
    publish(home, ledger)
    before = bytes_below(home.warehouse)
    ledger.extracted(document_id, disclosure(), "1")
    restage(home, ledger, document_id, tables(document_id, disclosure()))
    assert publish(home, ledger).published == (document_id,)
    assert bytes_below(home.warehouse) == before


def test_a_document_read_as_another_year_moves_and_its_empty_file_goes(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    document_id = arrive(home, ledger, "1", "a")
    publish(home, ledger)
    right = disclosure(fiscal_year=2024)
    ledger.extracted(document_id, right, "2")
    restage(home, ledger, document_id, tables(document_id, right))
    publish(home, ledger)
    moved = "year=2024/kind=budget/prov=13"
    files = {"datapackage.json", f"expenditure/{moved}/part.parquet", f"glossary/{moved}/part.parquet"}
    assert set(bytes_below(home.warehouse)) == files
    assert ledger.document(document_id).published_in == moved


def test_rows_stay_while_a_document_fails_to_be_read_again(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    document_id = arrive(home, ledger, "1", "a")
    publish(home, ledger)
    before = bytes_below(home.warehouse)
    ledger.document_failed(document_id, "timed_out", "It took too long.")
    publish(home, ledger)
    assert bytes_below(home.warehouse) == before


def test_the_same_link_with_other_bytes_supersedes(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    old = arrive(home, ledger, "1", "old")
    publish(home, ledger)
    new = arrive(home, ledger, "1", "new", amount="11.00")
    assert documents(home) == {old}
    summary = publish(home, ledger)
    assert (summary.published, summary.superseded) == ((new,), (old,))
    assert documents(home) == {new}
    document = ledger.document(old)
    assert (document.state, document.superseded_by, document.published_in) == ("superseded", new, None)
    assert ledger.events(old)[-1].detail == new


def test_nothing_is_superseded_by_what_cannot_be_published(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    old = arrive(home, ledger, "1", "old")
    new = arrive(home, ledger, "1", "new")
    stage(home, new, {"expenditure": rows("expenditure", old, disclosure(), 1, is_total=False)})
    summary = publish(home, ledger)
    assert (summary.published, summary.failed, summary.superseded) == ((old,), (new,), ())
    assert documents(home) == {old}


def test_what_was_never_published_is_superseded_without_being_published(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    old, new = arrive(home, ledger, "1", "old"), arrive(home, ledger, "1", "new")
    summary = publish(home, ledger)
    assert (summary.published, summary.superseded) == ((new,), (old,))


def test_another_link_with_other_bytes_leaves_both(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    narrative, sheets = arrive(home, ledger, "1", "narrative"), arrive(home, ledger, "2", "tables")
    assert publish(home, ledger).superseded == ()
    assert documents(home) == {narrative, sheets}


def test_a_link_that_is_used_again_for_another_year_leaves_both(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    old = arrive(home, ledger, "latest.pdf", "2024", disclosure(fiscal_year=2024))
    publish(home, ledger)
    new = arrive(home, ledger, "latest.pdf", "2025")
    assert publish(home, ledger).superseded == ()
    assert documents(home) == {new}
    assert documents(home, partition="year=2024/kind=budget/prov=13") == {old}


def test_a_document_stays_as_long_as_some_link_gives_it(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    old = arrive(home, ledger, "1", "old")
    fetch(home, ledger, "mirror", "old")
    publish(home, ledger)
    new = arrive(home, ledger, "1", "new")
    publish(home, ledger)
    assert documents(home) == {old, new}
    fetch(home, ledger, "mirror", "new")
    assert publish(home, ledger).superseded == (old,)
    assert documents(home) == {new}


def test_bytes_that_come_back_are_published_again(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    old = arrive(home, ledger, "1", "old")
    publish(home, ledger)
    new = arrive(home, ledger, "1", "new")
    publish(home, ledger)
    assert fetch(home, ledger, "1", "old") == old
    assert ledger.document(old).state == "fetched"
    assert publish(home, ledger).superseded == ()
    assert arrive(home, ledger, "1", "old") == old
    summary = publish(home, ledger)
    assert (summary.published, summary.superseded) == ((old,), (new,))
    assert documents(home) == {old}


def _double(document_id: str) -> pa.Table:
    table = rows("expenditure", document_id, disclosure(), 1, is_total=False)
    return table.set_column(
        table.schema.get_field_index("total"), "total", table.column("total").cast("float64")
    )


WRONG = {
    "double where decimal": lambda me: {"expenditure": _double(me)},
    "is not declared": lambda me: {
        "spending": rows("glossary", me, disclosure(), 1, term="x", definition="y")
    },
    "row": lambda me: {"glossary": tables(me, disclosure())["glossary"].drop_columns(["row"])},
    "has rows without is_total": lambda me: {
        "expenditure": pa.table(
            rows("expenditure", me, disclosure(), 1).columns, schema=fold.file_schema("expenditure")
        )
    },
    "says document_id": lambda me: tables("f" * 16, disclosure()),
    "says fiscal_year 2024": lambda me: tables(me, disclosure(fiscal_year=2024)),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_staged_tables_that_do_not_fit_fail_their_document_alone(at: tuple[Home, Ledger], wrong: str) -> None:
    home, ledger = at
    bad, good = arrive(home, ledger, "1", "bad"), arrive(home, ledger, "2", "good")
    stage(home, bad, WRONG[wrong](bad))
    summary = publish(home, ledger)
    assert (summary.failed, summary.published) == ((bad,), (good,))
    (failure,) = ledger.failures("staged_invalid")
    assert failure.subject == bad
    assert wrong in failure.sentence
    assert f"fisc rerun {bad}" in failure.sentence
    assert documents(home) == {good}


def test_damaged_and_missing_staging_fail_their_documents_alone(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    names = ("damaged", "missing", "good")
    damaged, missing, good = (arrive(home, ledger, name, name, disclosure(name)) for name in names)
    (home.root / stage(home, damaged, {})).write_bytes(b"PK")
    (home.root / stage(home, missing, {})).unlink()
    assert set(publish(home, ledger).failed) == {damaged, missing}
    assert {failure.reason for failure in ledger.failures()} == {"staged_damaged", "not_staged"}
    assert documents(home) == {good}


def test_a_partition_that_cannot_be_read_does_not_stop_the_others(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    arrive(home, ledger, "1", "a")
    publish(home, ledger)
    file = home.warehouse / "expenditure" / PART / "part.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:-8])
    stuck = arrive(home, ledger, "2", "b", disclosure("教育局"))
    free = arrive(home, ledger, "3", "c", disclosure(region_code="310101"))
    summary = publish(home, ledger)
    assert summary.published == (free,)
    (error,) = summary.errors
    assert str(file) in str(error)
    assert ledger.document(stuck).state == "validated"
    file.write_bytes(whole)
    assert publish(home, ledger).published == (stuck,)


def test_rows_written_before_a_column_was_declared_are_kept(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    old = arrive(home, ledger, "1", "a")
    publish(home, ledger)
    file = home.warehouse / "expenditure" / PART / "part.parquet"
    pq.write_table(pq.ParquetFile(file).read().drop_columns(["is_total", "page"]), file)
    new = arrive(home, ledger, "2", "b", disclosure("教育局"))
    publish(home, ledger)
    assert documents(home) == {old, new}
    assert pq.read_schema(file).names == fold.file_schema("expenditure").names


def test_rows_that_the_ledger_lost_in_a_power_cut_are_not_doubled(tmp_path: Path) -> None:
    with opened(tmp_path) as (home, ledger):
        arrive(home, ledger, "1", "a")
    before = home.ledger.read_bytes()
    with opened(tmp_path) as (home, ledger):
        publish(home, ledger)
        expected = bytes_below(home.warehouse)
    home.ledger.write_bytes(before)
    with opened(tmp_path) as (home, ledger):
        assert len(publish(home, ledger).published) == 1
    assert bytes_below(home.warehouse) == expected


def test_a_publisher_waits_for_another_in_the_same_partition(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    document_id = arrive(home, ledger, "1", "a")

    def publish_too() -> None:
        with Ledger.open(home) as mine:
            publish(home, mine)

    other = threading.Thread(target=publish_too)
    with locked(home, [Partition.of(disclosure()).slug]):
        other.start()
        other.join(0.3)
        assert ledger.document(document_id).state == "validated"
        assert "expenditure" not in {each.name for each in home.warehouse.iterdir()}
    other.join(20)
    assert ledger.document(document_id).state == "published"


def test_publishing_from_two_threads_at_once_gives_the_same_bytes(tmp_path: Path) -> None:
    def publish_all(root: Path, threads: int) -> tuple[dict[str, str], list[str]]:
        def run() -> None:
            with opened(root) as (home, ledger):
                publish(home, ledger, batch_bytes=1)

        with opened(root) as (home, ledger):
            of = [disclosure(str(n), fiscal_year=2020 + n % 3) for n in range(9)]
            ids = [arrive(home, ledger, each.department, each.department, each) for each in of]
            running = [threading.Thread(target=run) for _ in range(threads)]
            for each in running:
                each.start()
            for each in running:
                each.join(60)
            steps = [event.to_state for each in ids for event in ledger.events(each)]
        return bytes_below(home.warehouse), steps

    assert publish_all(tmp_path / "one", 1) == publish_all(tmp_path / "two", 2)


def test_recovery_leaves_the_files_of_a_publisher_at_work(at: tuple[Home, Ledger]) -> None:
    home, ledger = at
    slug = Partition.of(disclosure()).slug
    file = journal.begin(home, (slug,)) / "1.parquet"
    file.write_bytes(b"half")
    with locked(home, [slug]):
        journal.recover(home, ledger)
        assert file.exists()
    journal.recover(home, ledger)
    assert not file.exists()


def test_the_next_publication_finishes_one_that_was_cut_off_at_its_very_end(
    at: tuple[Home, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ledger = at
    old = arrive(home, ledger, "1", "old")
    publish(home, ledger)
    new = arrive(home, ledger, "1", "new")
    unlink = os.unlink

    def cut_off(path: Path, **named: Any) -> None:
        if str(path).endswith(".json"):
            raise KeyboardInterrupt
        unlink(path, **named)

    monkeypatch.setattr(os, "unlink", cut_off)
    with pytest.raises(KeyboardInterrupt):
        publish(home, ledger)
    monkeypatch.undo()
    assert list((home.work / "journals").iterdir())
    publish(home, ledger)
    assert not list((home.work / "journals").iterdir())
    assert [ledger.document(each).state for each in (old, new)] == ["superseded", "published"]
    assert documents(home) == {new}


def test_partitions_are_named_and_read_back() -> None:
    partition = Partition.of(disclosure())
    assert (str(partition), partition.slug) == (PART, "2025-budget-13")
    assert Partition.parse(PART) == partition
    with pytest.raises(ValueError, match="not the path"):
        Partition.parse("year=2025/kind=../prov=13")


ARRIVAL = st.tuples(
    st.sampled_from(["教育局", "财政局", "𠮷局", "A局"]),
    st.sampled_from(["130302", "130301", None, "310101"]),
    st.integers(1, 9),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrivals=st.lists(ARRIVAL, min_size=1, max_size=8),
    data=st.data(),
)
def test_the_bytes_do_not_depend_on_order_nor_batches(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    arrivals: list[tuple[str, str | None, int]],
    data: st.DataObject,
) -> None:
    monkeypatch.setattr(fold, "ROW_GROUP", 7)
    order = data.draw(st.permutations(range(len(arrivals))))
    cuts = data.draw(st.sets(st.sampled_from(order)))
    once, piecemeal = (tmp_path_factory.mktemp(name) for name in ("once", "piecemeal"))
    with opened(once) as (home, ledger):
        for number in range(len(arrivals)):
            _arrive(home, ledger, number, arrivals)
        publish(home, ledger)
        expected = bytes_below(home.warehouse)
    with opened(piecemeal) as (home, ledger):
        for number in order:
            _arrive(home, ledger, number, arrivals)
            if number in cuts:
                publish(home, ledger, batch_bytes=1)
        publish(home, ledger, batch_bytes=1)
        assert bytes_below(home.warehouse) == expected
        for file in home.warehouse.rglob("expenditure/**/part.parquet"):
            _assert_in_order(file)


def _arrive(home: Home, ledger: Ledger, number: int, arrivals: list[tuple[str, str | None, int]]) -> None:
    department, region_code, count = arrivals[number]
    of = disclosure(department, region_code=region_code)
    arrive(home, ledger, str(number), str(number), of, count=count)


def _assert_in_order(file: Path) -> None:
    parquet = pq.ParquetFile(file)
    read = parquet.read(["region_code", "department", "document_id", "row"])
    keys = [tuple(value or "" for value in row.values()) for row in read.to_pylist()]
    assert keys == sorted(keys)
    sizes = [parquet.metadata.row_group(number).num_rows for number in range(parquet.num_row_groups)]
    assert sizes[:-1] == [7] * (len(sizes) - 1)
