"""The city of the soak: sixty departments with their units, two years, and what befalls each document.

A document's fate is drawn from a seed: what its link gives on each night, what goes wrong at the portal, and how it
must stand in the ledger when all nights are over.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from samples import layout as layouts
from samples.bad import encrypted, error_page, word_file
from samples.city.catalogue import departments
from samples.disclosure import Disclosure, make_disclosure
from samples.layout import Layout
from samples.portal import FOLDER
from samples.press import expected_rows, print_disclosure
from samples.serving.faults import Fault, Hang, Short, Status

NIGHTS = 3
DEPARTMENTS = 60
LAYOUTS = (("hebei", 2024, "budget"), ("hebei", 2025, "budget"))
LAYOUTS += (("national_final", 2023, "final_accounts"), ("national_final", 2024, "final_accounts"))
DEAD, DEAD_SHELF_FROM = 8, 200
"""So many links that stand side by side never answer, in a city of so many documents: the rest must not suffer."""

COMPARED = ("expenditure", "general_public_budget")
"""The tables that the small documents hold; every cell of them is compared."""

POISONS = {"crash": "crashed", "hang": "timed_out", "hoard": "out_of_memory"}


@dataclass(frozen=True, slots=True)
class Version:
    """Bytes that a link gives, and the digest of the rows that must come of them (None: no document to publish)."""

    content: bytes
    truth: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the list: what it gives each night (None: 404), what goes wrong each night, and how it must end.

    ``link`` is the reason with which the link must have failed at the end (None: fetched); ``document`` that of the
    document that it gave last (None: published).
    """

    fate: str
    title: str
    path: str
    posted_on: date
    versions: tuple[Version | None, ...]
    faults: tuple[Fault | None, ...] = (None,) * NIGHTS
    link: str | None = None
    document: str | None = None
    gives: bool = True

    @property
    def last(self) -> Version | None:
        """The version that must stand in the end; None where no document ever came through."""
        return [version for version in self.versions if version][-1] if self.gives else None


@dataclass(frozen=True, slots=True)
class Order:
    """What is printed: the how-manieth document, and under which seed."""

    seed: int
    number: int


def digest(tables: dict[str, list[dict[str, Any]]]) -> str:
    """One hash of the rows of :data:`COMPARED`, cell by cell."""
    told = [
        (name, [sorted((k, str(v)) for k, v in row.items() if v is not None) for row in tables.get(name, [])])
        for name in COMPARED
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


@cache
def _small(layout: str) -> Layout:
    whole = layouts.load(layout)
    forms = tuple(form for form in whole.forms if form.table in COMPARED)
    style = replace(whole.style, font="song")
    return replace(whole, forms=forms, order=("tables",), narrative=(), extras={}, style=style)


def _disclosure(order: Order) -> tuple[Disclosure, Layout]:
    """The numbers of a department of the samples under the name of one of the sixty departments' units."""
    layout, year, stage = LAYOUTS[order.number % len(LAYOUTS)]
    of = order.number // len(LAYOUTS)
    like = departments()[of % len(departments())]
    name = f"{like.name}第{of % DEPARTMENTS + 1}分局{of // DEPARTMENTS + 1}号所"
    made = make_disclosure(order.seed, like.number, year, stage)
    return replace(made, department=replace(made.department, name=name)), _small(layout)


def printed(order: Order) -> tuple[str, date, Version]:
    """One document with its title, the day it was posted and its truth; the same order always gives the same."""
    disclosure, layout = _disclosure(order)
    file = print_disclosure(disclosure, layout)
    rows = expected_rows(disclosure, layout)
    known = {name: [{k: plain(v) for k, v in row.items()} for row in rows.get(name, [])] for name in COMPARED}
    day = date(disclosure.year, 2, 1) + timedelta(days=order.number % 250)
    return file.title, day, Version(file.content, digest(known))


def plain(value: Any) -> Any:
    """A value of a row as text that print and table share; amounts with two decimals."""
    return value if isinstance(value, str | bool) or value is None else f"{value:.2f}"


def items(documents: int, seed: int) -> list[Item]:
    """So many entries with their fates."""
    draw = random.Random(seed)  # noqa: S311 - a benchmark that must repeat itself
    fates = draw.choices(list(FATES), [weight for weight, _ in FATES.values()], k=documents)
    fates[: len(FATES) - 1] = list(FATES)[: min(documents, len(FATES) - 1)]
    if documents >= DEAD_SHELF_FROM:
        fates[-DEAD:] = ["dead shelf"] * DEAD
    draw.shuffle(fates)
    orders = [Order(seed, number) for number in range(documents)]
    # The second versions are the same disclosures with other numbers.
    again = [
        replace(order, seed=seed + 1_000)
        for order, fate in zip(orders, fates, strict=True)
        if "change" in fate
    ]
    with ProcessPoolExecutor(2) as presses:
        first = list(presses.map(printed, orders, chunksize=50))
        second = iter(list(presses.map(printed, again, chunksize=50)))
    return list(_fated(draw, fates, first, second))


def _fated(
    draw: random.Random,
    fates: Sequence[str],
    first: Sequence[tuple[str, date, Version]],
    second: Iterator[tuple[str, date, Version]],
) -> Iterator[Item]:
    whole: list[tuple[str, Version]] = []
    for number, (fate, (title, day, version)) in enumerate(zip(fates, first, strict=True)):
        path = f"{FOLDER}/{day:%Y%m}/{number:05d}.pdf"
        item = Item(fate, title, path, day, (version,) * NIGHTS)
        if "change" in fate:
            item = replace(item, versions=(version, next(second)[2], version))
        if fate == "duplicate" and whole:
            title, version = draw.choice(whole)
            item = replace(item, title=title, versions=(version,) * NIGHTS)
        item = FATES[fate][1](draw, item)
        if fate == "well":
            whole.append((title, version))
        yield item


def _always(item: Item, content: bytes, link: str | None = None, document: str | None = None) -> Item:
    versions = (Version(content),) * NIGHTS
    return replace(item, versions=versions, link=link, document=document, gives=link is None)


def _each_night(item: Item, *faults: Fault | None, link: str | None = None) -> Item:
    return replace(item, faults=faults, link=link, gives=link is None)


def _poisoned(what: str) -> Callable[[random.Random, Item], Item]:
    def poison(_: random.Random, item: Item) -> Item:
        content = item.versions[0].content + f"\n% soak: {what}\n".encode()  # type: ignore[union-attr]
        return _always(item, content, document=POISONS[what])

    return poison


def _cut_on_the_shelf(_: random.Random, item: Item) -> Item:
    content = item.versions[0].content  # type: ignore[union-attr]
    return _always(item, content[: len(content) // 2], document="truncated")


def _encrypted(_: random.Random, item: Item) -> Item:
    return _always(item, _locked_file() + f"% {item.path}".encode(), document="encrypted")


@cache
def _locked_file() -> bytes:
    return encrypted()


def _changed(draw: random.Random, item: Item) -> Item:
    before, after, _ = item.versions
    return replace(item, versions=(before, before, after) if draw.random() < 0.5 else (before, after, after))


def _dead(_: random.Random, item: Item) -> Item:
    item = replace(item, path=f"{FOLDER}/dead/{item.path[-9:]}", posted_on=date(2024, 6, 1))
    return _each_night(item, *[Hang()] * NIGHTS, link="timeout")


def _gone(_: random.Random, item: Item) -> Item:
    return replace(item, versions=(item.versions[0], None, None), link="http_404")


FATES: dict[str, tuple[float, Callable[[random.Random, Item], Item]]] = {
    "well": (820, lambda _, item: item),
    "busy": (20, lambda draw, item: _each_night(item, Status(429, draw.randint(1, 2), "1"), None, None)),
    "broken once": (20, lambda _, item: _each_night(item, Status(500, 1), None, Status(503, 1))),
    "broken a night": (10, lambda _, item: _each_night(item, Status(500), None, None)),
    "broken": (4, lambda _, item: _each_night(item, *[Status(500)] * NIGHTS, link="http_500")),
    "forbidden": (4, lambda _, item: _each_night(item, *[Status(403)] * NIGHTS, link="http_403")),
    "hangs once": (4, lambda _, item: _each_night(item, Hang(times=1), None, Hang(2_000, times=1))),
    "hangs": (2, lambda _, item: _each_night(item, *[Hang()] * NIGHTS, link="timeout")),
    "cut off once": (15, lambda _, item: _each_night(item, Short(1_000, 1), Short(1_000, 1), None)),
    "cut off": (4, lambda _, item: _each_night(item, *[Short(1_000)] * NIGHTS, link="truncated_body")),
    "cut on the shelf": (4, _cut_on_the_shelf),
    "a web page": (4, lambda _, item: _always(item, error_page(), link="missing_page")),
    "a Word file": (
        4,
        lambda _, item: _always(item, word_file() + item.path.encode(), document="unsupported_format"),
    ),
    "empty": (2, lambda _, item: _always(item, b"", link="empty_file")),
    "encrypted": (4, _encrypted),
    "duplicate": (20, lambda _, item: item),
    "changes": (30, _changed),
    "changes and back": (10, lambda _, item: item),
    "gone": (10, _gone),
    "crash": (3, _poisoned("crash")),
    "hang": (3, _poisoned("hang")),
    "hoard": (3, _poisoned("hoard")),
    "dead shelf": (0, _dead),
}
"""How many of a thousand documents meet which fate; each is met at least once where there are documents enough."""
