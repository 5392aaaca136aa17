"""Portals of every kind, made up: the same postings shown as content systems of governments show them.

with serve_kind("column", postings) as site:
    …  # its first address is site.start
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import escape
from io import BytesIO
from threading import Event, Lock
from urllib.parse import parse_qs, quote
from zipfile import ZipFile, ZipInfo

from samples.serving.exchange import Answer, Request
from samples.serving.faults import Fault
from samples.serving.pages import Posting
from samples.serving.server import serving

PAGE = 4
"""Entries a page: few, so that a handful of documents have pages to turn."""
Asked = Callable[[str, bytes], bytes | None]
"""What answers a query and a body; None for 404."""


@dataclass(slots=True)
class Site:
    """A portal as addresses and what stands there. ``start`` is the path of its first list."""

    start: str
    pages: dict[str, bytes | Asked] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    base_url: str = ""
    log: list[Request] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    closing: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    @property
    def address(self) -> str:
        """Where its first list is."""
        return self.base_url + self.start

    def answer(self, path: str, query: str = "", body: bytes = b"") -> Answer | None:
        """What stands at a path; nothing for 404."""
        there = self.pages.get(f"{path}?{query}") if query else None
        there = there if there is not None else self.pages.get(path)
        content = there(query, body) if callable(there) else there
        if content is None:
            return None
        kind = self.types.get(path) or _type(path)
        return Answer(
            content.replace(b"{base}", self.base_url.encode()), kind, datetime(2025, 3, 1, tzinfo=UTC)
        )

    def take_fault(self, path: str) -> Fault | None:
        """The fault to show at a path."""
        return self.faults.get(path)


def _type(path: str) -> str:
    ends = {".pdf": "application/pdf", ".zip": "application/zip", ".json": "application/json"}
    return next((kind for end, kind in ends.items() if path.endswith(end)), "text/html")


def page(title: str, body: str, encoding: str = "utf-8", declared: bool = True) -> bytes:
    """A page with the menu and the foot that stand around everything on a portal."""
    said = f'<meta charset="{encoding}">' if declared else ""
    menu = '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/ysgk/">部门预算</a></div>'
    foot = '<div class="footer"><a href="/about.html">网站地图</a> 望溪市人民政府主办 备案号123456</div>'
    text = f"<!DOCTYPE html><html><head>{said}<title>{title}</title></head><body>{menu}{body}{foot}</body></html>"
    return text.encode("gb18030" if encoding.startswith("gb") else encoding)


def _chunks(postings: Sequence[Posting]) -> list[Sequence[Posting]]:
    return [postings[n : n + PAGE] for n in range(0, len(postings), PAGE)]


def _items(entries: Sequence[tuple[str, str, date]], tag: str = "li") -> str:
    return "".join(
        f'<{tag}><a href="{escape(href)}" target="_blank">{escape(title)}</a><span>{day}</span></{tag}>'
        for title, href, day in entries
    )


def _files(site: Site, postings: Sequence[Posting]) -> Site:
    site.pages |= {posting.path: posting.content for posting in postings}
    return site


def create_page_script(postings: Sequence[Posting]) -> Site:
    """A static list in GBK whose further pages only a script names: index_1.html and on."""
    site = _files(Site("/zwgk/yjsgk/"), postings)
    chunks = _chunks(postings)
    for number, chunk in enumerate(chunks):
        items = _items([(p.title, p.href, p.posted_on) for p in chunk])
        script = f'<script>createPageHTML({len(chunks)}, {number}, "index", "html");</script>'
        name = "index.html" if number == 0 else f"index_{number}.html"
        site.pages[f"/zwgk/yjsgk/{name}"] = page("预决算公开", f"<ul>{items}</ul>{script}", "gb2312")
    site.pages["/zwgk/yjsgk/"] = site.pages["/zwgk/yjsgk/index.html"]
    return site


def query_pages(postings: Sequence[Posting]) -> Site:
    """A list in GBK that nobody declares, turned by ``?page=2`` and a link 下一页."""
    site = _files(Site("/list.jsp"), postings)
    chunks = _chunks(postings)
    for number, chunk in enumerate(chunks, 1):
        rows = "".join(
            f"<tr><td>{number}</td><td><a href='{p.href}'>{escape(p.title)}</a></td><td>{p.posted_on:%Y年%m月%d日}</td></tr>"
            for p in chunk
        )
        after = f'<a href="?page={number + 1}">下一页</a>' if number < len(chunks) else ""
        content = page("公开", f"<table>{rows}</table>共{len(chunks)}页 {after}", "gbk", declared=False)
        site.pages[f"/list.jsp?page={number}"] = content
    site.pages["/list.jsp"] = site.pages["/list.jsp?page=1"]
    return site


def column(postings: Sequence[Posting]) -> Site:
    """Column pages: /col/colN/ keeps its list in a script as XML, articles are /art/Y/M/D/, files hang below them."""
    site = _files(Site("/col/col1229/index.html"), postings)
    records = []
    for number, p in enumerate(postings, 1):
        day = p.posted_on
        path = f"/art/{day.year}/{day.month}/{day.day}/art_1229_{5000 + number}.html"
        records.append(
            f"<record><![CDATA[<li><a href='{path}' title='{escape(p.title)}'>{escape(p.title[:12])}…</a>"
            f"<b>{day}</b></li>]]></record>"
        )
        meta = f'<meta name="ArticleTitle" content="{escape(p.title)}"><meta name="PubDate" content="{day} 09:00">'
        body = f'{meta}<h1>{escape(p.title)}</h1><div id="zoom"><p>现予公开。</p><p><a href="{p.href}">附件：{escape(p.title)}.pdf</a></p></div>'
        site.pages[path] = page(p.title, body)
    data = (
        f'<script type="text/xml"><datastore><recordset>{"".join(records)}</recordset></datastore></script>'
    )
    site.pages["/col/col1229/index.html"] = page("部门预决算", f'<div id="1229">{data}</div>')
    return site


def trs(postings: Sequence[Posting]) -> Site:
    """TRS style: articles t20230927_567087.html with their files P0….pdf beside, pages named by a link 下一页."""
    site = Site("/zfxxgk/fdzdgknr/ysjs/index.html")
    chunks = _chunks(postings)
    for number, chunk in enumerate(chunks):
        entries = []
        for place, p in enumerate(chunk):
            folder = f"/zfxxgk/fdzdgknr/ysjs/{p.posted_on:%Y%m}"
            name = f"{p.posted_on:%Y%m%d}_{567000 + number * PAGE + place}"
            file = f"P0{p.posted_on:%Y%m%d}{300 + number * PAGE + place}.pdf"
            site.pages[f"{folder}/{file}"] = p.content
            body = f'<h1>{escape(p.title)}</h1><div class="TRS_Editor"><p>附件：</p></div><a appendix="true" href="./{file}">{escape(p.title)}.pdf</a>'
            site.pages[f"{folder}/t{name}.html"] = page(p.title, body)
            entries.append((p.title, f"./{p.posted_on:%Y%m}/t{name}.html", p.posted_on))
        ahead = f'<a href="index_{number + 1}.html">下一页&gt;</a>' if number + 1 < len(chunks) else ""
        path = (
            "/zfxxgk/fdzdgknr/ysjs/index.html"
            if number == 0
            else f"/zfxxgk/fdzdgknr/ysjs/index_{number}.html"
        )
        site.pages[path] = page("预算决算", f'<ul class="xxgk_list">{_items(entries)}</ul>{ahead}')
    return site


def json_get(postings: Sequence[Posting]) -> Site:
    """A page made by JavaScript; its data come from a JSON list, the files from a JSON detail of each entry."""
    site = _files(Site("/portal/"), postings)
    site.pages["/portal/"] = (
        b"<!DOCTYPE html><html><head><title>app</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>"
    )

    def rows(query: str, _: bytes) -> bytes:
        number = int(parse_qs(query).get("page", ["1"])[0])
        shown = postings[(number - 1) * PAGE : number * PAGE]
        found = [
            {
                "id": postings.index(p) + 1,
                "bt": f"<em>{p.title}</em>",
                "fbsj": int(
                    datetime(p.posted_on.year, p.posted_on.month, p.posted_on.day, 4, tzinfo=UTC).timestamp()
                    * 1000
                ),
            }
            for p in shown
        ]
        return json.dumps({"code": 200, "data": {"total": len(postings), "rows": found}}).encode()

    def detail(query: str, _: bytes) -> bytes:
        p = postings[int(parse_qs(query)["id"][0]) - 1]
        return json.dumps({"data": {"files": [{"name": f"{p.title}.pdf", "path": p.path}]}}).encode()

    site.pages |= {"/api/list": rows, "/api/detail": detail}
    site.types |= {"/api/list": "application/json", "/api/detail": "application/json"}
    return site


def json_post(postings: Sequence[Posting]) -> Site:
    """A JSON list that is asked for with a POST, a page at a time, and names the files itself."""
    site = _files(Site("/api/open/query"), postings)

    def rows(_: str, body: bytes) -> bytes | None:
        try:
            asked = json.loads(body)
        except ValueError:
            return None
        begin = int(asked["offset"])
        found = [
            {
                "title": p.title,
                "dept": {"name": p.title.split("20")[0]},
                "date": f"{p.posted_on} 10:00:00",
                "url": p.path,
            }
            for p in postings[begin : begin + int(asked["size"])]
        ]
        return json.dumps({"result": {"count": len(postings), "list": found}}).encode()

    site.pages["/api/open/query"] = rows
    site.types["/api/open/query"] = "application/json"
    return site


def attachments(postings: Sequence[Posting]) -> Site:
    """One page whose attachments are the files, some of them behind scripts and viewers."""
    site = _files(Site("/content/post_1669527.html"), postings)
    ways = (
        '<p><a href="{href}">{title}.pdf</a></p>',
        "<p><a href=\"javascript:downFile('{href}')\">{title}.pdf</a></p>",
        '<iframe src="/pdfjs/web/viewer.html?file={href}" title="{title}"></iframe>',
        '<p><span onclick="window.open(\'{href}\')" title="{title}">查看</span></p>',
    )
    body = "".join(ways[n % 4].format(href=p.href, title=escape(p.title)) for n, p in enumerate(postings))
    site.pages["/content/post_1669527.html"] = page("2025年部门预算公开汇总", f"<h1>公开汇总</h1>{body}")
    return site


def departments(postings: Sequence[Posting]) -> Site:
    """A page of departments, each with a page of its own; the titles there say neither department nor stage."""
    site = _files(Site("/bm/index.html"), postings)
    by_name: dict[str, list[Posting]] = {}
    for p in postings:
        by_name.setdefault(p.title.split("20")[0], []).append(p)
    for number, (_, own) in enumerate(by_name.items(), 1):
        groups = []
        for said, mark in (("部门预算", "预算"), ("部门决算", "决算")):
            entries = [
                (f"{p.title.split('年')[0][-4:]}年度", p.href, p.posted_on) for p in own if mark in p.title
            ]
            groups.append(f"<h3>{said}</h3><ul>{_items(entries)}</ul>")
        site.pages[f"/bm/{number}/"] = page("部门", "".join(groups))
    links = "".join(f'<li><a href="{n}/">{escape(name)}</a></li>' for n, name in enumerate(by_name, 1))
    site.pages["/bm/index.html"] = page("部门", f'<ul id="depts">{links}</ul>')
    return site


def archives(postings: Sequence[Posting]) -> Site:
    """A list of one ZIP a year; the names inside are in GBK, and a ZIP lies in the ZIP."""
    site = Site("/ysgk/index.html")
    entries = []
    for year in sorted({p.posted_on.year for p in postings}):
        own = [p for p in postings if p.posted_on.year == year]
        inner = zipped({f"{p.title}.pdf": p.content for p in own[1:]})
        site.pages[f"/ysgk/{year}.zip"] = zipped(
            {f"{own[0].title}.pdf": own[0].content, "其他部门.zip": inner}
        )
        entries.append((f"{year}年公开的部门预决算", f"{year}.zip", date(year, 3, 1)))
    site.pages["/ysgk/index.html"] = page("预决算", f"<ul>{_items(entries)}</ul>")
    return site


def zipped(files: Mapping[str, bytes], encoding: str = "gb18030") -> bytes:
    """A ZIP as programs in China write it: names in GBK, and nothing that says so."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            # zipfile writes a name that is not ASCII as UTF-8; the bytes of GBK go in by way of cp437.
            archive.writestr(_Plain(name.encode(encoding).decode("cp437")), content)
    return packed.getvalue()


class _Plain(ZipInfo):
    """A member whose name is written in cp437, as old programs do."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


KINDS: Mapping[str, Callable[[Sequence[Posting]], Site]] = {
    "create-page-script": create_page_script,
    "query-pages": query_pages,
    "column": column,
    "trs": trs,
    "json-get": json_get,
    "json-post": json_post,
    "attachments": attachments,
    "departments": departments,
    "archives": archives,
}


@contextmanager
def serve_kind(kind: str, postings: Sequence[Posting], port: int = 0) -> Iterator[Site]:
    """Serve postings as one kind of portal on loopback while the context lasts; ``port`` 0 takes a free one."""
    site = KINDS[kind](ordered(postings))
    with serving(site, port):
        yield site


def ordered(postings: Sequence[Posting]) -> list[Posting]:
    """Newest first, as portals show them."""
    return sorted(postings, key=lambda p: (p.posted_on, quote(p.path)), reverse=True)
