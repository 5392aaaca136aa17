"""The demo's documents: a handful of departments of the invented city, budgets and final accounts of two years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from samples import layout as layouts
from samples.city.books import rng
from samples.disclosure import Disclosure, make_disclosure
from samples.portal import FOLDER
from samples.press import Printed, print_disclosure
from samples.serving.pages import Posting
from samples.slips import plant

DEPARTMENTS = ("306", "318", "361", "342", "370")
YEARS = (2024, 2025)
LAYOUTS = {"budget": "hebei", "final_accounts": "national_final"}
SLIPS = {("342", 2025, "budget"): "part", ("370", 2024, "final_accounts"): "grade"}
"""Two of the documents say something wrong, as real ones do: by department, year and stage the kind of slip."""


def posted_on(disclosure: Disclosure) -> date:
    """When a disclosure is posted: budgets in February of their year, final accounts in September after it."""
    days = rng(disclosure.seed, disclosure.name, disclosure.year, "posted").randint(0, 12)
    if disclosure.stage == "budget":
        return date(disclosure.year, 2, 8) + timedelta(days=days)
    return date(disclosure.year + 1, 9, 10) + timedelta(days=days)


def disclosures(
    seed: int = 1, departments: Iterable[str] = DEPARTMENTS, years: Iterable[int] = YEARS
) -> list[Disclosure]:
    """Budgets of these years and the final accounts of the years before them."""
    stages = (("budget", 0), ("final_accounts", 1))
    years = tuple(years)
    return [
        _with_slip(make_disclosure(seed, dep, year - back, stage), SLIPS.get((dep, year - back, stage)))
        for dep in departments
        for year in years
        for stage, back in stages
    ]


def _with_slip(disclosure: Disclosure, kind: str | None) -> Disclosure:
    return plant(disclosure, layouts.load(LAYOUTS[disclosure.stage]), kind)[0] if kind else disclosure


def printed(disclosure: Disclosure, layout: str | None = None) -> Printed:
    """A disclosure printed in the layout of its stage, or in a named one."""
    return print_disclosure(disclosure, layouts.load(layout or LAYOUTS[disclosure.stage]))


def posting(disclosure: Disclosure, layout: str | None = None) -> Posting:
    """A disclosure printed and put on the portal."""
    file = printed(disclosure, layout)
    day = posted_on(disclosure)
    return Posting(file.title, f"{FOLDER}/{day:%Y%m}/{file.file_name}", file.content, day)


def postings(
    seed: int = 1, departments: Iterable[str] = DEPARTMENTS, years: Iterable[int] = YEARS
) -> list[Posting]:
    """What the demo portal shows."""
    return [posting(disclosure) for disclosure in disclosures(seed, departments, years)]


def write(postings: Sequence[Posting], folder: Path) -> list[Path]:
    """Write postings into a folder, with a ``postings.toml`` that says their titles and dates."""
    folder.mkdir(parents=True, exist_ok=True)
    paths, lines = [], []
    for one in postings:
        name = one.path.rsplit("/", 1)[-1]
        paths.append(folder / name)
        paths[-1].write_bytes(one.content)
        lines.append(f'[[posting]]\ntitle = "{one.title}"\nfile = "{name}"\nposted_on = {one.posted_on}\n')
    (folder / "postings.toml").write_text("\n".join(lines), encoding="utf-8")
    return paths
