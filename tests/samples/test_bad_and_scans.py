"""Bad files are bad in the way they say; scans are pictures of what was printed."""

from dataclasses import replace

import cv2
import numpy as np
import pymupdf
import pytest

from samples import bad, scan
from samples import layout as layouts
from samples.binding import WAYS
from samples.blemishes import BLEMISHES
from samples.disclosure import make_disclosure
from samples.press import print_disclosure

QUICK = sorted(bad.MAKERS.keys() - {"many_pages"})


@pytest.mark.parametrize("what", QUICK)
def test_bad_files_are_the_same_every_time(what: str) -> None:
    assert bad.bad_file(what) == bad.bad_file(what)


def opened(what: str) -> pymupdf.Document:
    return pymupdf.open(stream=bad.MAKERS[what](), filetype="pdf")


def text_of(what: str) -> str:
    with opened(what) as pdf:
        return "".join("".join(pdf[n].get_text().split()) for n in range(pdf.page_count))


def test_not_pdfs() -> None:
    assert bad.error_page().startswith(b"<!DOCTYPE html")
    assert bad.word_file().startswith(b"PK\x03\x04")
    assert bad.zero_bytes() == b""
    assert b"%%EOF" not in bad.cut_off()


def test_pdfs_that_are_too_much() -> None:
    assert opened("encrypted").needs_pass
    small = bad.many_pages(300)
    assert pymupdf.open(stream=small).page_count == 300
    assert len(small) < 10_000
    assert opened("huge_page")[0].rect.width == 200 * 72


def test_pdfs_that_say_something_wrong() -> None:
    assert "部门预算" not in text_of("no_unicode_map")
    assert "公园游客人数统计表" in text_of("unknown_form")
    assert "3O8.l5" in text_of("unreadable_number")
    assert "预算年度：2024" in text_of("two_years")
    assert "2025年部门预算信息公开情况说明" in text_of("two_years")
    assert not scan.table_pages(bad.no_table())


@pytest.fixture(scope="module")
def tables() -> bytes:
    layout = replace(layouts.load("national_final"), order=("tables",))
    return print_disclosure(make_disclosure(1, "316", 2024, "final_accounts"), layout).content


def test_scanned_pages_are_pictures(tables: bytes) -> None:
    scanner = replace(scan.STAMPED, dpi=72)
    content = scan.scan(tables, scanner, pages=[0])
    assert content == scan.scan(tables, scanner, pages=[0])
    with pymupdf.open(stream=content) as pdf, pymupdf.open(stream=tables) as printed:
        assert pdf.page_count == printed.page_count
        assert pdf[0].get_text() == ""
        assert len(pdf[0].get_images()) == 1
        assert pdf[1].get_text() == printed[1].get_text()
        assert abs(pdf[0].rect.width - printed[0].rect.width) < 2


def test_scanners_differ(tables: bytes) -> None:
    with pymupdf.open(stream=tables) as pdf:
        clean = scan.scanned_image(pdf[0], replace(scan.CLEAN, dpi=72)).astype(int)
        grey = scan.scanned_image(pdf[0], replace(scan.FAINT, dpi=72, skew=0.0)).astype(int)
        turned = scan.scanned_image(pdf[0], replace(scan.CLEAN, dpi=72, turn=90))
        stamped = scan.scanned_image(pdf[0], replace(scan.CLEAN, dpi=72, stamp=1)).astype(int)
    assert clean.mean() - grey.mean() > 15
    assert turned.shape[:2] == clean.shape[1::-1]
    assert (stamped[..., 0] - stamped[..., 2]).max() > 100
    assert (clean[..., 0] - clean[..., 2]).max() == 0


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_is_bound_in_every_way_and_shows_the_same(tables: bytes, way: str) -> None:
    with pymupdf.open(stream=tables) as pdf:
        seen = scan.scanned_image(pdf[0], replace(scan.CLEAN, dpi=100))
    content = scan.scan(tables, replace(scan.CLEAN, dpi=100, bound=way), pages=[0])
    assert content == scan.scan(tables, replace(scan.CLEAN, dpi=100, bound=way), pages=[0])
    with pymupdf.open(stream=content) as pdf:
        pixels = pdf[0].get_pixmap(dpi=100)
        shown = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)
    height, width = min(seen.shape[0], shown.shape[0]), min(seen.shape[1], shown.shape[1])
    coarse = [
        cv2.resize(image[:height, :width], (40, 60), interpolation=cv2.INTER_AREA).astype(int)
        for image in (seen, shown)
    ]
    assert coarse[0].std() > 5
    assert np.corrcoef(coarse[0].ravel(), coarse[1].ravel())[0, 1] > 0.95


@pytest.mark.parametrize("kind", BLEMISHES)
def test_blemishes_lie_on_the_page_and_leave_most_of_it(tables: bytes, kind: str) -> None:
    with pymupdf.open(stream=tables) as pdf:
        clean, blemished = (
            scan.scanned_image(pdf[0], replace(scan.CLEAN, dpi=72, blemishes=kinds)).astype(int)
            for kinds in ((), (kind,))
        )
    changed = (np.abs(clean - blemished).max(axis=2) > 30).mean()
    assert 0.0001 < changed < 0.3
