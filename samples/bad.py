"""Files that are not what they should be: each must cost one sentence and one row in the ledger, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace

import pymupdf

from samples import layout as layouts
from samples.disclosure import Disclosure, make_disclosure
from samples.layout import Layout
from samples.press import print_disclosure
from samples.printing.sheet import Cell, Sheet, header_cells, text_rows, with_text

RC4_128 = 3
"""MuPDF's number of an encryption that needs no random bytes, so that the file is always the same."""

FILE_ID = "11" * 16
DATED = {"creationDate": "D:20250101000000+08'00'"}


@dataclass(frozen=True, slots=True)
class BadFile:
    """A bad file: what is wrong with it (a stable name), its file name, its bytes."""

    what: str
    file_name: str
    content: bytes


def _good(department: str = "316") -> tuple[Disclosure, Layout]:
    return make_disclosure(7, department, 2025, "budget"), layouts.load("hebei")


def _printed() -> bytes:
    return print_disclosure(*_good()).content


def _saved(pdf: pymupdf.Document, **options: object) -> bytes:
    pdf.set_metadata(DATED)
    content: bytes = pdf.tobytes(garbage=3, deflate=True, no_new_id=True, **options)
    pdf.close()
    return content


def error_page() -> bytes:
    """An HTML error page where a PDF should be."""
    return (
        "<!DOCTYPE html><html><head><title>404</title></head><body>您访问的页面不存在</body></html>".encode()
    )


def word_file() -> bytes:
    """A Word file that was given the name of a PDF."""
    body = "<w:p><w:r><w:t>部门预算公开</w:t></w:r></w:p>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), text)
    return file.getvalue()


def zero_bytes() -> bytes:
    """Nothing at all."""
    return b""


def cut_off() -> bytes:
    """A PDF of which the second half is missing."""
    whole = _printed()
    return whole[: len(whole) // 2]


def encrypted() -> bytes:
    """A PDF that asks for a password; the second half of its ID, which MuPDF draws at random, is overwritten."""
    pdf = pymupdf.open(stream=_printed())
    pdf.xref_set_key(-1, "ID", f"[<{FILE_ID}><{FILE_ID}>]")
    pdf.set_metadata(DATED)
    content: bytes = pdf.tobytes(encryption=RC4_128, user_pw="open sesame", owner_pw="open sesame")
    pdf.close()
    return re.sub(rb"(/ID\[<\w{32}>)<\w{32}>", rb"\1<" + FILE_ID.encode() + b">", content)


def many_pages(pages: int = 5000) -> bytes:
    """Thousands of nearly empty pages in a small file."""
    pdf = pymupdf.open()
    for _ in range(pages):
        pdf.new_page(width=595, height=842)
    return _saved(pdf, use_objstms=1)


def huge_page() -> bytes:
    """A page of 200 × 200 inches."""
    pdf = pymupdf.open()
    page = pdf.new_page(width=14_400, height=14_400)
    page.insert_text((100, 200), "2025", fontsize=120)
    page.draw_rect(pymupdf.Rect(100, 300, 14_300, 14_300))
    return _saved(pdf)


def no_unicode_map() -> bytes:
    """A PDF whose Chinese cannot be read as text: its font tells no characters, only shapes."""
    pdf = pymupdf.open(stream=_printed())
    for xref in {font[0] for font in pdf[0].get_fonts() if font[2] == "Type0"}:
        pdf.xref_set_key(xref, "ToUnicode", "null")
    return _saved(pdf)


def no_table() -> bytes:
    """The narrative alone, with no table in it."""
    disclosure, layout = _good()
    kept = tuple(replace(s, text=tuple(t for t in s.text if t[0] != "@")) for s in layout.narrative)
    return print_disclosure(disclosure, replace(layout, order=("narrative",), narrative=kept)).content


def _visitors(_: Sheet) -> Sheet:
    heads, depth = header_cells(["序号", "公园名称", "游客人数/成人", "游客人数/儿童"])
    rows = [
        ["1", "东湖公园", "12038", "3391"],
        ["2", "西山公园", "8820", "2710"],
        ["3", "植物园", "4501", "1288"],
    ]
    cells: list[Cell] = [*heads, *text_rows(rows, depth, ())]
    return Sheet(tuple(cells), (5, 20, 10, 10), depth + len(rows), depth, "公园游客人数统计表")


def unknown_form() -> bytes:
    """A table that is none of the official forms, in the place of one of them."""
    disclosure, layout = _good()

    def edit(sheet: Sheet) -> Sheet:
        return _visitors(sheet) if sheet.title == layout.form("three_public").title else sheet

    return print_disclosure(disclosure, layout, edit).content


def unreadable_number() -> bytes:
    """A letter among the digits of an amount: 合计 of the expenditure table."""
    disclosure, layout = _good()

    def edit(sheet: Sheet) -> Sheet:
        return with_text(sheet, 0, 3, "3O8.l5") if sheet.title == layout.form("expenditure").title else sheet

    return print_disclosure(disclosure, layout, edit).content


def two_years() -> bytes:
    """The captions of the tables say last year, everything else this year."""
    disclosure, layout = _good()
    caption = tuple(text.replace("{year}", "{last_year}") for text in layout.caption)
    return print_disclosure(disclosure, replace(layout, caption=caption)).content


MAKERS: dict[str, Callable[[], bytes]] = {
    "error_page": error_page,
    "word_file": word_file,
    "zero_bytes": zero_bytes,
    "cut_off": cut_off,
    "encrypted": encrypted,
    "many_pages": many_pages,
    "huge_page": huge_page,
    "no_unicode_map": no_unicode_map,
    "no_table": no_table,
    "unknown_form": unknown_form,
    "unreadable_number": unreadable_number,
    "two_years": two_years,
}


def bad_file(what: str) -> BadFile:
    """One bad file by name (a key of :data:`MAKERS`)."""
    return BadFile(what, f"河北省望溪市档案馆2025年部门预算公开（{what}）.pdf", MAKERS[what]())


def bad_files() -> list[BadFile]:
    """All of them."""
    return [bad_file(what) for what in MAKERS]
