"""Regions with their codes (GB/T 2260) over the years, and the names of departments.

The codes and names of about 2016 come from the list of the package ``cpca``; ``history.csv`` adds what was renamed,
merged or given another code from 2014 on: the year in which a name came (``valid_from``) and went (``valid_to``; in
that year both names are met), the code that took over (``successor``; blank where a region was divided), and the approval or
the yearly list of changes of the Ministry of Civil Affairs (``source``). ``zones.csv`` names functional zones that have no
code of their own, with the region that holds them; ``aliases.csv`` short forms that no rule gives.
"""

from __future__ import annotations

from fisc.schemas.regions.departments import DepartmentName, normalise_department
from fisc.schemas.regions.gazetteer import GazetteerMissing, Level, Region, regions
from fisc.schemas.regions.places import locate

__all__ = [
    "DepartmentName",
    "GazetteerMissing",
    "Level",
    "Region",
    "by_code",
    "locate",
    "normalise_department",
]


def by_code(code: str, year: int | None = None) -> Region | None:
    """The region of a six-digit code under its name of a year, else its latest; None for an unknown code."""
    names = regions().get(code, ())
    of_year = tuple(region for region in names if year is not None and region.covers(year))
    return (of_year or names)[-1] if names else None
