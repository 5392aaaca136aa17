"""Year and stage as the cover and the headings say them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from fisc.extractors.narrative.text.lines import TextLine
from fisc.schemas.narrative import Section
from fisc.schemas.patterns import patterns

_DATA = patterns("sections")["year"]
_YEAR = re.compile(_DATA["title"])
_STAGES: Mapping[str, str] = _DATA["stage"]

OPENING = 60
"""Where no heading names the year, so many characters of each section are asked."""


def stated_of(
    lines: Mapping[int, Sequence[TextLine]], sections: Sequence[Section]
) -> tuple[int | None, str | None]:
    """The fiscal year and the stage (``budget``, ``final_accounts``), None where no heading says them."""
    titles = [
        line.text
        for found in lines.values()
        for line in found
        if line.role in ("cover", "contents", "caption")
    ]
    titles += [section.heading for section in sections]
    if not any(_YEAR.search(title) for title in titles):
        titles += [section.text[:OPENING] for section in sections]
    years = Counter(int(match["year"]) for title in titles for match in _YEAR.finditer(title))
    stages = Counter(stage for title in titles for stage, word in _STAGES.items() if word in title)
    if not stages:
        return _most(years), None
    final = stages["final_accounts"] >= 0.5 * stages["budget"] and stages["final_accounts"] > 0
    return _most(years), "final_accounts" if final else "budget"


def _most(years: Counter[int]) -> int | None:
    return years.most_common(1)[0][0] if years else None
