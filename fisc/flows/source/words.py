"""What the words of a portal say: year, stage, department and region in titles, and what is no document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fisc.flows.declaration import Declared
from fisc.flows.source.listing import STAGES, is_web

YEAR = r"(?<!\d)((?:19|20)\d{2})(?!\d)"
BUDGET = r"预算|预决算"
FINAL_ACCOUNTS = r"决算"


@dataclass(frozen=True, slots=True)
class Titles:
    """What the title of a link says: the first group of ``year``, and the stage whose pattern is found.

    ``regions`` are words of a title or a department, and the code of the region that they mean.
    """

    year: re.Pattern[str]
    budget: re.Pattern[str]
    final_accounts: re.Pattern[str]
    department: re.Pattern[str] | None
    regions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ignore:
    """Entries that are on the list pages and are not documents to read, and why. ``line`` is that of the file."""

    reason: str
    title: re.Pattern[str] | None
    link: re.Pattern[str] | None
    line: int | None = None

    def fits(self, title: str, url: str) -> bool:
        """Whether an entry is one of these."""
        return all(p is None or p.search(words) for p, words in ((self.title, title), (self.link, url)))


@dataclass(frozen=True, slots=True)
class Given:
    """A document whose address stands in the source file itself."""

    url: str
    title: str | None
    published_on: date | None
    fiscal_year: int | None
    stage: str | None
    department: str | None
    region: str | None


def read_titles(table: Declared) -> Titles:
    """``[titles]``. Raises :class:`SourceError`."""
    year = table.pattern("year", YEAR)
    budget = table.pattern("budget", BUDGET)
    final_accounts = table.pattern("final_accounts", FINAL_ACCOUNTS)
    department = table.pattern("department")
    assert year is not None and budget is not None and final_accounts is not None  # noqa: PT018
    for key, pattern in (("year", year), ("department", department)):
        if pattern is not None and not pattern.groups:
            raise table.wrong(key, "must have a group in parentheses around what is wanted")
    regions = table.pairs("regions")
    for words, code in regions.items():
        check_region(table, f"regions.{words}", code)
    table.finish()
    return Titles(year, budget, final_accounts, department, regions)


def read_ignore(table: Declared) -> Ignore:
    """One ``[[ignore]]``. Raises :class:`SourceError`."""
    ignore = Ignore(table.needed("reason"), table.pattern("title"), table.pattern("link"), table.line)
    if ignore.title is None and ignore.link is None:
        raise table.wrong("title", "or link must say which entries are meant")
    table.finish()
    return ignore


def read_given(table: Declared) -> Given:
    """One ``[[document]]``. Raises :class:`SourceError`."""
    given = Given(
        url=table.needed("url"),
        title=table.text("title"),
        published_on=table.day("date"),
        fiscal_year=table.year("year"),
        stage=table.choice("stage", STAGES),
        department=table.text("department"),
        region=table.text("region"),
    )
    if not is_web(given.url):
        raise table.wrong("url", f"must be an http or https address, and {given.url!r} is none")
    check_region(table, "region", given.region)
    table.finish()
    return given


def check_region(table: Declared, key: str, code: str | None) -> None:
    """Raises :class:`SourceError` for what is no code of a region."""
    if code is not None and not re.fullmatch(r"\d{6}", code):
        raise table.wrong(
            key, f"must be a GB/T 2260 code of six digits in quotation marks, and {code!r} is none"
        )
