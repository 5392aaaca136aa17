"""The bucket that several machines share: whole files, replaced on conditions."""

from __future__ import annotations

import pytest

from fisc.warehouse.home import Home
from fisc.warehouse.store import Bucket, Changed, StoreError, store

pytestmark = pytest.mark.xdist_group("servers")


@pytest.fixture
def bucket(store_url: str) -> Bucket:
    return Bucket(store_url)


def test_bytes_are_found_again_whole(bucket: Bucket) -> None:
    assert not bucket.exists("a/b")
    with pytest.raises(FileNotFoundError):
        bucket.read("a/b")
    for content in (b"one", b"", b"two"):
        bucket.write("a/b", content)
        assert (bucket.read("a/b"), bucket.holds("a/b", content)) == (content, True)
    assert not bucket.holds("a/b", b"one")
    assert list(bucket.below("a")) == ["a/b"]
    bucket.forget("a")
    assert bucket.below("a") == {}


def test_only_the_version_that_is_meant_is_replaced(bucket: Bucket) -> None:
    bucket.replace("a", None, b"one")
    first = bucket.mark("a")
    with pytest.raises(Changed):
        bucket.replace("a", None, b"two")
    bucket.replace("a", first, b"two")
    with pytest.raises(Changed):
        bucket.replace("a", first, b"three")
    with pytest.raises(Changed):
        bucket.replace("never there", first, b"three")
    assert bucket.read("a") == b"two"


def test_doing_it_again_is_no_change(bucket: Bucket) -> None:
    bucket.replace("a", None, b"one")
    bucket.replace("a", None, b"one")
    mark = bucket.mark("a")
    bucket.replace("a", mark, b"two")
    bucket.replace("a", mark, b"two")
    assert bucket.read("a") == b"two"


def test_only_the_version_that_is_meant_is_removed(bucket: Bucket) -> None:
    bucket.write("a", b"one")
    first = bucket.mark("a")
    bucket.write("a", b"two")
    with pytest.raises(Changed):
        bucket.remove("a", first)
    bucket.remove("a", bucket.mark("a"))
    bucket.remove("a", first)
    assert not bucket.exists("a")


def test_a_store_needs_a_ledger_that_is_shared(tmp_path: object) -> None:
    home = Home.from_environment({"FISC_HOME": str(tmp_path), "FISC_STORE": "s3://bucket/house"})
    with pytest.raises(StoreError, match="FISC_LEDGER"):
        store(home)


@pytest.mark.parametrize("url", ["bucket/house", "s3://", "file:///house"])
def test_a_store_is_on_s3(url: str) -> None:
    with pytest.raises(StoreError, match="s3://bucket/prefix"):
        Bucket(url)
