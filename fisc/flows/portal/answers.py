"""Lists and articles that come as JSON, as pages made by JavaScript read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from fisc.flows.portal.address import address, day_of
from fisc.flows.portal.entries import Entry, without
from fisc.flows.portal.pages import plain
from fisc.flows.source.listing import Listing, Start
from fisc.flows.source.manners import BEIJING
from fisc.flows.titles import read_day

_CALLBACK = re.compile(r"^\s*[\w.$]+\s*\((.*)\)\s*;?\s*$", re.DOTALL)
_PLACE = re.compile(r"\{([\w.]+)\}")


class NotJson(Exception):
    """The answer is no JSON; holds its beginning."""


def read_json(text: str) -> Any:
    """The value of an answer, also inside a callback (JSONP). Raises :class:`NotJson`."""
    wrapped = _CALLBACK.match(text)
    try:
        return json.loads(wrapped[1] if wrapped else text)
    except (ValueError, RecursionError) as error:
        raise NotJson(" ".join(text.split())[:80]) from error


def at(value: Any, path: str | None) -> list[Any]:
    """All values at a path: names and numbers with dots between, ``*`` for each; a list is entered by itself.

    ``data.rows``, ``data.0.name``, ``groups.*.items``. A text that holds JSON is read as such.
    """
    found = [value]
    for name in path.split(".") if path else ():
        found = [inner for each in found for inner in _step(each, name)]
    return [inner for each in found for inner in (each if isinstance(each, list) else [each])]


def json_entries(value: Any, base: str, listing: Listing, start: Start) -> Iterator[Entry]:
    """The entries of a JSON list in its order."""
    for row in at(value, listing.entries):
        title, department = text_at(row, listing.title), text_at(row, listing.department)
        day = day_at(row, listing.date)
        for url in _links(row, base, listing):
            yield Entry(
                url=url,
                title=title or "",
                day=day or day_of(url),
                department=department,
                heading=None,
                start=start,
                fields=row,
                without=without(listing, {"title": title, "date": day, "department": department}),
            )


def unlinked(value: Any, base: str, listing: Listing) -> int:
    """How many entries of a JSON list lead nowhere."""
    return sum(not _links(row, base, listing) for row in at(value, listing.entries))


def _links(row: Any, base: str, listing: Listing) -> list[str]:
    found = (address(base, place) for place in linked(row, listing.link or ""))
    return [url for url in found if url is not None]


def total_of(value: Any, listing: Listing) -> int | None:
    """How many entries the list says that it has."""
    said = text_at(value, listing.total)
    return int(said) if said is not None and said.isdigit() else None


def linked(row: Any, link: str) -> list[str]:
    """The addresses of a row: at a path, or ``https://…/detail?id={id}`` with the values of its paths put in."""
    if "{" not in link:
        return [value for value in at(row, link) if isinstance(value, str)]
    missing = [path for path in _PLACE.findall(link) if text_at(row, path) is None]
    return [] if missing else [filled(link, row)]


def filled(template: str, row: Any) -> str:
    """A template with the values of a row put in; what the row does not have stays as it is."""
    return _PLACE.sub(lambda match: text_at(row, match[1]) or match[0], template)


def text_at(row: Any, path: str | None) -> str | None:
    """The words at a path; None where there are none."""
    if path is None:
        return None
    for value in at(row, path):
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return plain(str(value))
    return None


def day_at(row: Any, path: str | None) -> date | None:
    """The day at a path: words, or seconds or milliseconds since 1970."""
    said = text_at(row, path)
    if said is None:
        return None
    if re.fullmatch(r"\d{10}|\d{13}", said):
        seconds = int(said) / (1000 if len(said) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).astimezone(BEIJING).date()
    if re.fullmatch(r"(?:19|20)\d{6}", said):
        said = f"{said[:4]}-{said[4:6]}-{said[6:]}"
    return read_day(said)


def _step(value: Any, name: str) -> list[Any]:
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    if name == "*":
        return (
            list(value.values())
            if isinstance(value, dict)
            else list(value)
            if isinstance(value, list)
            else []
        )
    if isinstance(value, list):
        if name.isdigit():
            return [value[int(name)]] if int(name) < len(value) else []
        return [inner for each in value for inner in _step(each, name)]
    return [value[name]] if isinstance(value, dict) and name in value else []
