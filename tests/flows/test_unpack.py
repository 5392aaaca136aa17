"""Archives: every file is a document of its own; what is hidden, broken or endless is refused and said."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.errors import DocumentError
from fisc.flows.formats import format_of, refuse_unsupported
from fisc.flows.unpack import MB, Allowance, archive_url, member_url, refuse_archive, unpack
from samples.kinds import zipped

PDF = b"%PDF-1.7 fine"


def paths(content: bytes) -> list[str]:
    return [member.path for member in unpack(content).members]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_in_either_encoding_that_nobody_declared(encoding: str) -> None:
    files = {"教育局/2025年部门预算.pdf": PDF, "民政局.pdf": PDF}
    assert paths(zipped(files, encoding)) == list(files)


def test_names_that_say_that_they_are_utf_8() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("预算.pdf", PDF)
    assert paths(packed.getvalue()) == ["预算.pdf"]


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12))
def test_any_chinese_name_comes_back_from_gbk_or_is_told(name: str) -> None:
    """Two characters of GBK can be three of UTF-8 only where all bytes fit, which names of departments never do."""
    try:
        name.encode("gb18030").decode("utf-8")
    except UnicodeDecodeError:
        assert paths(zipped({f"{name}.pdf": PDF})) == [f"{name}.pdf"]


def test_archives_in_archives_and_the_rubbish_of_systems() -> None:
    inner = zipped({"b.pdf": PDF + b"b"})
    content = zipped(
        {"__MACOSX/._a.pdf": b"x", "a/Thumbs.db": b"x", "a/~$表.docx": b"x", "a.pdf": PDF, "下/内.zip": inner}
    )
    unpacked = unpack(content)
    assert [(m.path, m.name) for m in unpacked.members] == [("a.pdf", "a.pdf"), ("下/内.zip!/b.pdf", "b.pdf")]
    assert unpacked.refused == []


def test_a_member_cannot_climb() -> None:
    assert paths(zipped({"../../etc/passwd": PDF, "C:\\x\\y.pdf": PDF})) == ["etc/passwd", "C:/x/y.pdf"]


def test_an_office_document_is_no_archive() -> None:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
    assert format_of(zipped(parts, "utf-8")) == "docx"
    assert (
        format_of(zipped({**parts, "xl/workbook.xml": b""} | {"word/document.xml": b""}, "utf-8")) == "docx"
    )
    assert format_of(zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b""}, "utf-8")) == "xlsx"
    assert format_of(zipped({"OFD.xml": b"", "Doc_0/Document.xml": b""}, "utf-8")) == "ofd"
    assert format_of(zipped({"word/预算.pdf": PDF})) == "zip"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"), (b"junk before\n%PDF-1.4", "pdf"), (b"Rar!\x1a\x07\x01\x00", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100 + "WordDocument".encode("utf-16-le"), "doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100 + "Workbook".encode("utf-16-le"), "xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"\xef\xbb\xbf\n<!DOCTYPE HTML>", "html"), (b"{\\rtf1", "rtf"),
        (b"\xff\xd8\xff\xe0", "jpg"), (b"hello", "unknown"), (b"PK\x03\x04 cut", "zip"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_bytes(content: bytes, kind: str) -> None:
    assert format_of(content) == kind
    if kind not in ("pdf", "zip", "unknown"):
        with pytest.raises(DocumentError, match="keeps but cannot read") as caught:
            refuse_unsupported("Document 1", content)
        assert caught.value.reason == "unsupported_format"
    else:
        refuse_unsupported("Document 1", content)


def bomb(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", PDF)
        archive.writestr("bomb.pdf", b"\0" * size)
    return packed.getvalue()


def test_a_bomb_is_refused_and_its_neighbours_are_taken() -> None:
    unpacked = unpack(bomb(40 * MB))
    assert [m.path for m in unpacked.members] == ["a.pdf"]
    ((reason, said),) = unpacked.refused
    assert reason == "archive_bomb"
    assert "bomb.pdf" in said


def test_a_bomb_that_lies_about_its_size_is_refused_too() -> None:
    content = bytearray(bomb(40 * MB))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    unpacked = unpack(bytes(content))
    assert [reason for reason, _ in unpacked.refused] in (["archive_bomb"], ["archive_broken"])


def test_archives_nested_without_end_are_refused() -> None:
    content = zipped({"a.pdf": PDF})
    for _ in range(6):
        content = zipped({"in.zip": content, "a.pdf": PDF})
    unpacked = unpack(content)
    assert len(unpacked.members) == 4
    assert [reason for reason, _ in unpacked.refused] == ["archive_bomb"]


def test_too_many_files_are_refused() -> None:
    content = zipped({f"{n}.pdf": PDF for n in range(8)})
    unpacked = unpack(content, Allowance(members=5))
    assert (len(unpacked.members), [reason for reason, _ in unpacked.refused]) == (5, ["archive_bomb"])


def test_a_password_is_said_with_the_file_that_wants_it() -> None:
    content = bytearray(zipped({"a.pdf": PDF, "b.pdf": PDF}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rfind(mark) + place] |= 1
    unpacked = unpack(bytes(content))
    assert [m.path for m in unpacked.members] == ["a.pdf"]
    assert unpacked.refused == [("encrypted", "wants a password for b.pdf")]
    with pytest.raises(DocumentError, match=r"wants a password for b\.pdf") as caught:
        refuse_archive("Document 1", bytes(content))
    assert caught.value.reason == "encrypted"


@pytest.mark.parametrize("cut", [10, 40, 60])
def test_a_cut_archive_is_broken(cut: int) -> None:
    unpacked = unpack(zipped({"a.pdf": PDF * 5})[:cut])
    assert [reason for reason, _ in unpacked.refused] == ["archive_broken"]


def test_a_damaged_member_costs_itself_only() -> None:
    content = zipped({"a.pdf": PDF, "b.pdf": b"%PDF other"}).replace(b"%PDF other", b"%PDF 0ther")
    unpacked = unpack(content)
    assert [m.path for m in unpacked.members] == ["a.pdf"]
    assert [reason for reason, _ in unpacked.refused] == ["archive_broken"]


def test_an_empty_archive_is_said_to_be_empty() -> None:
    assert [reason for reason, _ in unpack(zipped({})).refused] == ["archive_empty"]


@given(st.binary(max_size=200))
def test_whatever_comes_unpack_says_something(rubbish: bytes) -> None:
    unpacked = unpack(b"PK\x03\x04" + rubbish)
    assert unpacked.members or unpacked.refused


def test_the_address_of_a_member_leads_back_to_its_archive() -> None:
    url = member_url("https://h/a.zip?v=1", "下/内.zip!/预 算#1.pdf")
    assert url == "https://h/a.zip?v=1#%E4%B8%8B/%E5%86%85.zip!/%E9%A2%84%20%E7%AE%97%231.pdf"
    assert archive_url(url) == "https://h/a.zip?v=1"
