"""The pages of the portal: lists of links with dates, ten to a page, as content systems of governments make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Posting:
    """A file on the portal. ``path`` begins with a slash and is written as people read it, Chinese and all."""

    title: str
    path: str
    content: bytes
    posted_on: date
    content_type: str = "application/pdf"

    @property
    def href(self) -> str:
        return quote(self.path)


def page_path(folder: str, number: int) -> str:
    """``index.html`` for the first page (0), ``index_1.html`` for the second."""
    return f"{folder}/index.html" if number == 0 else f"{folder}/index_{number}.html"


def _entry(title: str, href: str, posted_on: date) -> str:
    said = escape(title, quote=True)
    return (
        f'<li><a href="{escape(href)}" title="{said}" target="_blank">{said}</a>'
        f"<span>{posted_on:%Y-%m-%d}</span></li>"
    )


def list_page(
    heading: str, postings: Sequence[Posting], folder: str, pages: int, extra: Sequence[str] = ()
) -> bytes:
    """One list page of so many. ``extra`` are addresses of further entries, e.g. of the page to itself."""
    items = [_entry(p.title, p.href, p.posted_on) for p in postings]
    items += [_entry("更多", href, date(2025, 1, 1)) for href in extra]
    nav = "".join(f'<a href="{quote(page_path(folder, n))}">{n + 1}</a>' for n in range(pages))
    text = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{escape(heading)}</title></head>
<body>
<div class="position">首页 &gt; 政务公开 &gt; {escape(heading)}</div>
<ul class="list">
{chr(10).join(items)}
</ul>
<div class="pages">共{pages}页 {nav}</div>
</body>
</html>
"""
    return text.encode()
