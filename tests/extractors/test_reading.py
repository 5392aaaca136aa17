"""Files that are no documents are refused in one sentence; words glued over a rule are parted at it."""

from __future__ import annotations

import pymupdf
import pytest

from fisc.errors import DocumentError
from fisc.extractors.reading import MOST_PAGES, read_pages


def pdf(pages: int = 1, **save: object) -> bytes:
    document = pymupdf.open()
    for _ in range(pages):
        document.new_page(width=300, height=300).insert_text((20, 50), "1")
    return bytes(document.tobytes(**save))


def huge() -> bytes:
    document = pymupdf.open()
    document.new_page(width=14_400, height=14_400)
    return bytes(document.tobytes())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "not_a_pdf"),
        (b"PK\x03\x04" + b"\0" * 100, "not_a_pdf"),
        (b"%PDF-1.7\n1 0 obj", "truncated"),
        (pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y"), "encrypted"),
        (huge(), "page_too_large"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_pages(content)
    assert refusal.value.reason == reason
    assert refusal.value.sentence.endswith(".")
    assert "\n" not in refusal.value.sentence


def test_a_file_cut_off_in_the_middle_is_truncated() -> None:
    content = pdf(30)
    with pytest.raises(DocumentError) as refusal:
        read_pages(content[: len(content) * 2 // 3])
    assert refusal.value.reason == "truncated"


def test_too_many_pages_are_refused_before_any_is_read() -> None:
    with pytest.raises(DocumentError) as refusal:
        read_pages(pdf(MOST_PAGES + 1))
    assert refusal.value.reason == "too_many_pages"


def words_over_rule(text: str, rule_at: int) -> list[str]:
    """The words read where ``text`` runs over a rule at its ``rule_at``-th character."""
    document = pymupdf.open()
    page = document.new_page(width=600, height=200)
    width = pymupdf.get_text_length(text[:rule_at], fontname="cour", fontsize=10)
    page.insert_text((50, 100), text, fontname="cour", fontsize=10)
    page.draw_line((50 + width, 80), (50 + width, 120))
    return [word.text for word in read_pages(document.tobytes())[0].words]


def test_two_amounts_glued_over_a_rule_are_two() -> None:
    assert words_over_rule("12.345,678.90", 5) == ["12.34", "5,678.90"]


def test_a_name_glued_to_an_amount_is_parted() -> None:
    assert words_over_rule("Total91,016.35", 5) == ["Total", "91,016.35"]


def test_an_amount_that_overflows_its_cell_stays_whole() -> None:
    assert words_over_rule("1,234,567.89", 8) == ["1,234,567.89"]
