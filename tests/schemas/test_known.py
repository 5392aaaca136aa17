"""Every title and header met so far is known to its form: ``known.toml`` beside this file is the list."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from fisc.extractors.tables.columns import Header, assigned
from fisc.extractors.tables.headers import missing
from fisc.schemas.folding import fold, without_number
from fisc.schemas.forms import forms

KNOWN = tomllib.loads(Path(__file__).with_name("known.toml").read_text("utf-8"))
TITLES = [(title, name) for name, titles in KNOWN["titles"].items() for title in titles]
FORMS = {form.name: form for form in forms()}


@pytest.mark.parametrize(("title", "name"), TITLES)
def test_every_title_is_known_to_its_form_best(title: str, name: str) -> None:
    lengths = {form.name: form.title_length(without_number(title)) for form in forms()}
    assert lengths[name] > 0
    assert lengths[name] == max(lengths.values())


@pytest.mark.parametrize("header", KNOWN["header"], ids=lambda h: f"{h['form']} {h['place']}")
def test_every_header_is_known_column_by_column(header: dict[str, Any]) -> None:
    printed = [tuple(path.split("/")) for path, _ in header["columns"]]
    paths = tuple(tuple(fold(label) for label in path) for path in printed)
    found = []
    for layout in FORMS[header["form"]].layouts:
        held = assigned(layout, Header(1, paths, labels=tuple(printed)), [], header.get("year"))
        if not missing(layout, held):
            found.append([target or "" for target in held.targets])
    assert [target for _, target in header["columns"]] in found
    best = max(found, key=lambda targets: sum(map(bool, targets)))
    assert best == [target for _, target in header["columns"]]


def test_every_form_has_a_title_in_the_list_or_is_known_by_its_header() -> None:
    unlisted = {name for name in FORMS if name not in KNOWN["titles"]}
    assert unlisted <= {"institution", "performance_indicator"}
