"""The official codes and the invented city: what the samples draw from, read from the TOML files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Place:
    """Where the departments are. ``short`` is the character used in document numbers."""

    name: str
    province: str
    region_code: str
    short: str


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project that a department may have: its code, its size in 10,000 yuan, where its money comes from."""

    code: str
    name: str
    low: int
    high: int
    source: str = "general_public"
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """A department (or a unit) as the city's list has it; ``run`` is the group of its running costs."""

    number: str
    name: str
    run: str
    staff: tuple[int, int]
    rank: str
    duties: tuple[str, ...]
    projects: tuple[ProjectPlan, ...]
    institutions: tuple[str, ...] = ()
    institution_run: str | None = None
    operating: str | None = None
    schools: bool = False

    @property
    def administration_code(self) -> str:
        """Function code of 行政运行."""
        return self.run + "01"

    @property
    def institution_code(self) -> str:
        """Function code of 事业运行."""
        return self.institution_run or self.run + "50"


@dataclass(frozen=True, slots=True)
class FunctionClass:
    """A class line of 收支总表 and the stages whose list has it."""

    code: str
    name: str
    stages: tuple[str, ...]


@cache
def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def wangxi() -> Place:
    """The invented city."""
    return Place(**_read("departments.toml")["place"])


def plain(entry: Mapping[str, Any], *without: str) -> dict[str, Any]:
    """An entry of a TOML file as keyword arguments: lists become tuples, some keys are left out."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items() if k not in without}


def _department(entry: Mapping[str, Any]) -> Department:
    plans = tuple(ProjectPlan(**plan) for plan in entry["projects"])
    return Department(projects=plans, **plain(entry, "projects"))


@cache
def departments() -> tuple[Department, ...]:
    """The invented city's departments, in the order of the list."""
    return tuple(_department(entry) for entry in _read("departments.toml")["department"])


def department(name_or_number: str) -> Department:
    """One department by its number or short name; ``KeyError`` where there is none."""
    for one in departments():
        if name_or_number in (one.number, one.name):
            return one
    raise KeyError(name_or_number)


@cache
def function_classes(stage: str) -> tuple[FunctionClass, ...]:
    """The class lines that a stage's 收支总表 lists, in official order."""
    entries = (FunctionClass(e["code"], e["name"], tuple(e["in"])) for e in _read("codes.toml")["classes"])
    return tuple(e for e in entries if stage in e.stages)


@cache
def function_names() -> Mapping[str, str]:
    """Function code (3, 5 or 7 digits) to official name."""
    classes: dict[str, str] = {e["code"]: e["name"] for e in _read("codes.toml")["classes"]}
    finer: dict[str, str] = _read("codes.toml")["function"]
    return classes | finer


@cache
def economic_names() -> Mapping[str, str]:
    """Economic code (3 or 5 digits) to official name, in official order."""
    names: Mapping[str, str] = _read("codes.toml")["economic"]
    return names


def ten_thousand(amount: float) -> Decimal:
    """An amount given in 万元, in yuan."""
    return Decimal(str(amount)) * 10_000
