"""A page as it came, as text and as a tree: encodings as they are and not as they are said to be, lists that hide in scripts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

_META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "hz-gb-2312"})
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL | re.IGNORECASE)
_AROUND = re.compile(
    r"(?:^|[\s_-])(nav|navbar|menu|crumbs?|breadcrumbs?|position|location|footer|foot|copyright)(?:$|[\s_-])",
    re.I,
)
CLICKED = re.compile(
    r"""["']((?:https?:/)?/[^"'\s]{1,500}|[^"'\s]{1,300}\.(?:s?html?|jsp|aspx?|php|pdf|docx?|xlsx?|zip)(?:\?[^"'\s]*)?)["']"""
)
"""An address between quotation marks in a script that a click runs."""
_SILENT = "script, style, noscript, template"
HTML_STARTS = (
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<!--",
    b"<meta",
    b"<title",
    b"<div",
)


def text_of(content: bytes, headers: Mapping[str, str], encoding: str | None = None) -> str:
    """What a page says. ``encoding`` is what its source says; else the bytes decide before header and page do.

    Text in GBK is never valid UTF-8 by accident, while pages that name the wrong encoding are common.
    """
    if encoding is None:
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(content).removeprefix("\ufeff")
        except UnicodeDecodeError:
            encoding = _said(content, headers)
    try:
        return content.decode("gb18030" if encoding.lower() in _CHINESE else encoding, "replace")
    except LookupError:
        return content.decode("gb18030", "replace")


def tree_of(text: str) -> LexborHTMLParser:
    """A page as a tree. Records that a column page keeps in a script or in XML stand at its end as elements."""
    hidden = "".join(match[1] for match in _RECORD.finditer(text))
    return LexborHTMLParser(f"{_RECORD.sub('', text)}<ul>{hidden}</ul>" if hidden else text)


def is_html(content: bytes) -> bool:
    """Whether bytes begin as a web page does."""
    head = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(HTML_STARTS) or (head.startswith(b"<?xml") and b"<html" in head)


def is_saved_by_office(content: bytes) -> bool:
    """Whether a web page is what an Office program saved: many files named .xls and .doc are."""
    return (
        b"urn:schemas-microsoft-com:office" in content[:8192]
        or b'<meta name="generator" content="microsoft' in content[:8192].lower()
    )


def words(node: LexborNode | None) -> str:
    """The text of an element in one line."""
    return " ".join(node.text(deep=True, separator=" ").split()) if node is not None else ""


def plain(markup: str) -> str:
    """The words of a piece of markup, such as a title with the found words in bold."""
    return (
        " ".join(LexborHTMLParser(markup).text().split())
        if "<" in markup or "&" in markup
        else " ".join(markup.split())
    )


def base_of(page: LexborHTMLParser, url: str) -> str:
    """What the links of a page are relative to: its own address, unless it says another one."""
    base = page.css_first("base[href]")
    said = (base.attributes.get("href") or "").strip() if base is not None else ""
    try:
        joined = urljoin(url, said)
    except ValueError:
        return url
    return joined if joined.startswith(("http://", "https://")) else url


def visible(page: LexborHTMLParser) -> str:
    """What a reader sees of a page, without its scripts."""
    for node in page.css(_SILENT):
        node.decompose()
    return " ".join((page.body.text(deep=True, separator=" ") if page.body else "").split())


def _said(content: bytes, headers: Mapping[str, str]) -> str:
    """The encoding that header or page name; GBK where they name none or one that it cannot be."""
    in_header = _CHARSET.search(headers.get("content-type", ""))
    in_page = _META_CHARSET.search(content[:4096])
    name = (in_header and in_header[1]) or (in_page and in_page[1].decode("ascii", "replace")) or "gb18030"
    return "gb18030" if name.lower().replace("_", "-") in ("utf-8", "utf8") and _is_gbk(content) else name


def _is_gbk(content: bytes) -> bool:
    """Whether bytes that are not UTF-8 are better read as GBK than as UTF-8 with slips."""
    return content.decode("gb18030", "replace").count("\ufffd") < content.decode("utf-8", "replace").count(
        "\ufffd"
    )


def is_around(node: LexborNode) -> bool:
    """Whether a link stands in what is around every page: menus, the way here, the foot."""
    around: LexborNode | None = node
    while around is not None and around.tag != "body":
        said = f"{around.attributes.get('class') or ''} {around.attributes.get('id') or ''}"
        if around.tag in ("nav", "header", "footer") or _AROUND.search(said):
            return True
        around = around.parent
    return False
