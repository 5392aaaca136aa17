"""From what lists and articles say to links of the ledger. All of it are hints, to be checked against the documents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from fisc.flows.portal.address import day_of, file_name, moved
from fisc.flows.portal.articles import Leads
from fisc.flows.portal.entries import Entry
from fisc.flows.source.words import Given, Titles
from fisc.flows.sources import Source
from fisc.flows.titles import TitleSays, read_title
from fisc.flows.unpack import member_url
from fisc.warehouse.ledger import Link

_BEFORE_NAME = re.compile(r"^\s*(?:附件|附)?\s*[\d一二三四五六七八九十]*\s*[:：.、．)）]\s*")
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}\s*$")
_SAYS_NOTHING = re.compile(
    r"^(?:附件|下载|点击|查看|此处|这里|全文|原文|正文|阅读|pdf|文件|[\W\d_])*$", re.IGNORECASE
)
_CUT = re.compile(r"(?:…|\.\.\.)$")


def entry_link(source: Source, entry: Entry) -> Link:
    """The link of an entry that leads to its file, or whose page is the document."""
    return _link(source, entry, entry.url, entry.title, [entry.title], file_name(entry.url))


def file_link(source: Source, entry: Entry, leads: Leads, url: str, said: str) -> Link:
    """The link of a file beside an article; the words nearest to the file say most."""
    article = leads.title if leads.title and (_CUT.search(entry.title) or not entry.title) else entry.title
    own = _ENDING.sub("", _BEFORE_NAME.sub("", said)).strip()
    told = read_title(own, source.titles)
    if not own or _SAYS_NOTHING.match(own):
        title = article
    else:
        title = own if told.fiscal_year and told.stage else f"{article} {own}".strip()
    name = said if _ENDING.search(said) else file_name(url)
    link = _link(source, entry, url, title, [own, article, leads.title], name)
    return link if link.published_on else replace(link, published_on=leads.day)


def given_link(source: Source, given: Given) -> Link:
    """The link of a document that the source file names."""
    url = moved(given.url, source.moved)
    said = _said([given.title], source.titles)
    return Link(
        url=url,
        source=source.name,
        title=given.title,
        file_name=file_name(url),
        published_on=given.published_on or day_of(url),
        region_code=given.region or region_of(source, [given.department, given.title]),
        department=given.department or said.department or source.department,
        fiscal_year=given.fiscal_year or said.fiscal_year,
        stage=given.stage or said.stage,
    )


def path_link(source: Source, path: Path, root: Path) -> Link:
    """The link of a file of a folder: its name is its title, the folders that it lies in are the words around."""
    inside = [*reversed(path.relative_to(root).parts[:-1])]
    said = _said([path.stem, *inside], source.titles)
    return Link(
        url=path.absolute().as_uri(),
        source=source.name,
        title=path.stem,
        file_name=path.name,
        region_code=region_of(source, [said.department, path.stem, *inside]),
        department=said.department or source.department,
        fiscal_year=said.fiscal_year,
        stage=said.stage,
    )


def member_link(source: Source, link: Link, path: str) -> Link:
    """The link of a file out of an archive: its own name says most, then the folders around it, then its archive."""
    *around, name = path.replace("!/", "/").split("/")
    stem = _ENDING.sub("", name)
    own = _BEFORE_NAME.sub("", stem).strip()
    told = read_title(own, source.titles)
    said = _said([own, *reversed(around), link.title], source.titles)
    return replace(
        Link(url=member_url(link.url, path), source=source.name),
        title=own if told.fiscal_year and told.stage else " ".join(filter(None, (link.title, own))) or None,
        file_name=name,
        published_on=link.published_on,
        region_code=region_of(source, [own, *around], link.region_code),
        department=said.department or link.department,
        fiscal_year=said.fiscal_year or link.fiscal_year,
        stage=said.stage or link.stage,
    )


def region_of(source: Source, words: Iterable[str | None], start: str | None = None) -> str | None:
    """The code of the region that some words name, else that of their list, else that of the source."""
    for said in words:
        for name, code in source.titles.regions.items():
            if said and name in said:
                return code
    return start or source.region


def _link(
    source: Source, entry: Entry, url: str, title: str, words: list[str | None], name: str | None
) -> Link:
    start = entry.start
    said = _said(words, source.titles)
    above = _said([entry.heading], source.titles)
    department = (
        entry.department or said.department or start.department or above.department or source.department
    )
    return Link(
        url=url,
        source=source.name,
        title=title or None,
        file_name=name,
        published_on=entry.day or day_of(url),
        region_code=region_of(source, [department, title, entry.heading], start.region),
        department=department,
        fiscal_year=said.fiscal_year or above.fiscal_year or start.fiscal_year,
        stage=said.stage or above.stage or start.stage,
    )


def _said(words: Iterable[str | None], titles: Titles) -> TitleSays:
    """What several titles say, the first that says it."""
    told = [read_title(each, titles) for each in words if each]
    return TitleSays(
        next((t.fiscal_year for t in told if t.fiscal_year), None),
        next((t.stage for t in told if t.stage), None),
        next((t.department for t in told if t.department), None),
    )
