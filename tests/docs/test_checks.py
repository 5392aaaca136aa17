"""The list of rules names every check that a document's audit counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fisc.extractors.document import extract
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure

ROOT = Path(__file__).parents[2]
NOT_LISTED = frozenset({"performance_indicator.level_restored"})
"""A repair that is counted, no check."""


def listed() -> list[re.Pattern[str]]:
    """The rules of docs/rules.md; ``.price`` goes on with the table named before it, ``*`` is any ending."""
    rules, table = [], ""
    for row in (ROOT / "docs" / "rules.md").read_text("utf-8").splitlines():
        if not row.startswith("| `"):
            continue
        for name in re.findall(r"`([^`]+)`", row.split("|")[1]):
            prefix, _, rest = name.partition(".")
            table = prefix.strip("…") or table
            pattern = f"{table}.{rest}" if prefix.strip("…") == "" else name
            rules.append(re.compile(re.escape(pattern).replace(r"\*", ".+")))
    return rules


@pytest.mark.parametrize("name", ["hebei", "national_final", "jiangsu"])
def test_every_check_is_listed(name: str) -> None:
    layout = layouts.load(name)
    printed = print_disclosure(make_disclosure(1, "306", 2025, layout.stage), layout)
    checks = extract(printed.content, Hints(printed.file_name)).tables["check"].to_pylist()
    known = listed()
    unknown = {c["rule"] for c in checks if not any(rule.fullmatch(c["rule"]) for rule in known)}
    assert unknown <= NOT_LISTED
