"""What a file is, by its bytes: names and headers of portals say anything."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO

from fisc.errors import DocumentError
from fisc.flows.portal.pages import is_html

PDF = "pdf"
ZIP = "zip"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"Founder CEB", "ceb"),
    (b"MIME-Version:", "mht"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("PowerPoint Document", "ppt"), ("Book", "xls"))
_PACKED = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("OFD.xml", "ofd"), ("Doc_0/", "ofd"))
_SAID = {
    "doc": "a Word document (doc, or of WPS)", "docx": "a Word document (docx)", "xls": "an Excel workbook (xls, or of WPS)",
    "xlsx": "an Excel workbook (xlsx)", "ppt": "a presentation (ppt)", "pptx": "a presentation (pptx)", "ofd": "an OFD document",
    "rar": "a RAR archive", "7z": "a 7z archive", "gz": "a gzip archive", "rtf": "a Word document (rtf)", "ceb": "a CEB document",
    "png": "a picture (png)", "jpg": "a picture (jpg)", "tif": "a picture (tif)", "gif": "a picture (gif)", "bmp": "a picture (bmp)",
    "mht": "a saved web page (mht)", "html": "a web page whose text is the disclosure", "ole": "an old Office document", "office": "an Office document",
}  # fmt: skip


def format_of(content: bytes) -> str:
    """``pdf``, ``zip``, ``docx``, … or ``unknown``."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside(content)
    if content.startswith(_OLE):
        found = (kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in content)
        return next(found, "ole")
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    # Only now: an archive that stores a PDF as it is begins with its mark, too.
    if b"%PDF-" in content[:1024]:
        return PDF
    return "html" if is_html(content) else "unknown"


def refuse_unsupported(name: str, content: bytes) -> None:
    """Raises :class:`DocumentError` ``unsupported_format`` for what is a document, but not one that fisc can read."""
    said = _SAID.get(format_of(content))
    if said is not None:
        raise DocumentError(
            "unsupported_format",
            f"{name} is {said}, which fisc keeps but cannot read yet; look for a PDF of the same disclosure.",
        )


def _inside(content: bytes) -> str:
    """An Office or OFD document is a ZIP with parts of known names in it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return _by_parts(packed.namelist()[:2_000])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ZIP


def _by_parts(names: Iterable[str]) -> str:
    names = list(names)
    for start, kind in _PACKED:
        if any(name.startswith(start) for name in names):
            return kind if kind == "ofd" or "[Content_Types].xml" in names else ZIP
    return "office" if "[Content_Types].xml" in names else ZIP
