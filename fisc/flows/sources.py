"""What a source is: a portal declared in a TOML file, read into frozen dataclasses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fisc.flows.declaration import Declared, SourceError
from fisc.flows.source.listing import Article, Listing, headers, read_article, read_listing
from fisc.flows.source.manners import Expected, Politeness, read_expected, read_politeness, read_schedule
from fisc.flows.source.places import (
    Certificate,
    Folder,
    Hosts,
    Moved,
    read_certificate,
    read_folder,
    read_hosts,
    read_moved,
)
from fisc.flows.source.words import Given, Ignore, Titles, check_region, read_given, read_ignore, read_titles

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Source:
    """One portal. ``paused`` is the reason why it is only harvested when it is asked for by name.

    Its documents are those of the ``list`` (of each of the ``departments``, where these have lists of their own),
    those that are ``given`` one by one, and those of a ``folder``.
    """

    name: str
    title: str | None
    region: str | None
    department: str | None
    paused: str | None
    schedule: str
    allow_private: bool
    hosts: Hosts
    headers: Mapping[str, str]
    departments: Listing | None
    list: Listing | None
    article: Article
    given: tuple[Given, ...]
    folder: Folder | None
    titles: Titles
    politeness: Politeness
    expected: Expected
    ignored: tuple[Ignore, ...]
    moved: tuple[Moved, ...]
    certificates: tuple[Certificate, ...]

    def addresses(self) -> Iterator[str]:
        """All addresses that the source file names."""
        return _addresses(self.departments, self.list, self.given, self.moved)


def read_source(path: Path) -> Source:
    """Read one source file. Raises :class:`SourceError` with the file, the key and what is wrong with it."""
    file = Declared.read(path)
    name = file.needed("name")
    if not NAME.fullmatch(name):
        raise file.wrong(
            "name", f"may hold lower-case letters, digits and dashes only, and {name!r} holds others"
        )
    departments = read_listing(file.table("departments")) if file.has("departments") else None
    listing = read_listing(file.table("list"), departments is None) if file.has("list") else None
    given = tuple(read_given(table) for table in file.tables("document"))
    moved = tuple(read_moved(table) for table in file.tables("moved"))
    source = Source(
        name=name,
        title=file.text("title"),
        region=file.text("region"),
        department=file.text("department"),
        paused=file.text("paused"),
        schedule=read_schedule(file),
        allow_private=file.flag("allow_private"),
        hosts=read_hosts(file, _addresses(departments, listing, given, moved)),
        headers=headers(file),
        departments=departments,
        list=listing,
        article=read_article(file.table("article"), listing.encoding if listing else None),
        given=given,
        folder=read_folder(file.table("folder"), path) if file.has("folder") else None,
        titles=read_titles(file.table("titles")),
        politeness=read_politeness(file.table("politeness")),
        expected=read_expected(file.table("expected")),
        ignored=tuple(read_ignore(table) for table in file.tables("ignore")),
        moved=moved,
        certificates=tuple(read_certificate(table) for table in file.tables("tls")),
    )
    check_region(file, "region", source.region)
    file.finish()
    _complete(file, source)
    return source


def read_sources(folder: Path) -> dict[str, Source]:
    """All sources of a folder by name. Raises :class:`SourceError`, also where two files share a name."""
    known, wrong = readable_sources(folder)
    if wrong:
        raise wrong[0]
    return known


def chosen(names: Sequence[str], folder: Path) -> list[Source]:
    """The sources meant by names or paths of source files; without any, all that are not paused."""
    if not names:
        return [source for source in read_sources(folder).values() if source.paused is None]
    return [_named(name, folder) for name in names]


def _named(name: str, folder: Path) -> Source:
    """A source by name. A file of the folder that is wrong does not stand in the way of the others."""
    if name.endswith(".toml"):
        return read_source(Path(name))
    known, wrong = readable_sources(folder)
    if name in known:
        return known[name]
    if wrong:
        raise wrong[0]
    raise SourceError(str(folder), "", f"has no source {name}; it has {', '.join(known) or 'none'}")


def readable_sources(folder: Path) -> tuple[dict[str, Source], list[SourceError]]:
    """The sources of a folder by name, and what is wrong with the files that are none: one of these stops no other."""
    read = [found for _, found in each_file(folder)]
    known = {found.name: found for found in read if isinstance(found, Source)}
    wrong = [found for found in read if isinstance(found, SourceError)]
    if not folder.is_dir():
        problem = "is not a folder; name the folder of your sources with --source-dir"
        wrong = [SourceError(str(folder), "", problem)]
    return known, wrong


def each_file(folder: Path) -> Iterator[tuple[Path, Source | SourceError]]:
    """The source of each file of a folder, or what is wrong with it."""
    seen: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        try:
            source = read_source(path)
        except SourceError as error:
            yield path, error
            continue
        if source.name in seen:
            said = f"is {source.name}, which another file of the folder has too"
            yield path, SourceError(str(path), "name", said)
        else:
            seen.add(source.name)
            yield path, source


def _addresses(
    departments: Listing | None, listing: Listing | None, given: Sequence[Given], moved: Sequence[Moved]
) -> Iterator[str]:
    for each in (departments, listing):
        if each is not None:
            yield from (start.url for start in each.start)
    yield from (document.url for document in given)
    yield from (move.new for move in moved)


def _complete(file: Declared, source: Source) -> None:
    if source.departments is not None and source.departments.entries is None:
        raise file.wrong(
            "departments.entries", 'is missing: say which links lead to departments, such as "#depts a"'
        )
    if source.departments is not None and source.list is None:
        raise file.wrong("list", "is missing: [departments] lead to lists, and [list] says how to read these")
    if source.list is None and not source.given and source.folder is None:
        raise file.wrong("list", 'is missing; say where the documents are: [list] with start = ["https://…"]')
