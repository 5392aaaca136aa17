"""What each section is about, under one name whatever a place calls it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fisc.schemas.folding import wide
from fisc.schemas.narrative import Section
from fisc.schemas.patterns import patterns

_TOPICS = tuple((entry["name"], re.compile(entry["heading"])) for entry in patterns("sections")["topic"])
_LINE = re.compile(patterns("sections")["line"]["heading"])
_MARKS = re.compile(r"[\s“”\"‘’《》]+|20\d{2}年?度?")


def with_topics(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections in printed order, each with its topic: by its own heading, else by the nearest one above it."""
    above: list[Section] = []
    found: list[Section] = []
    for section in sections:
        while above and above[-1].depth >= section.depth:
            above.pop()
        topic = topic_named(section.heading) or (above[-1].topic if above else None)
        found.append(replace(section, topic=topic))
        above.append(found[-1])
    return tuple(found)


def topic_named(heading: str) -> str | None:
    """The topic that a heading names, the more particular one before the general."""
    said = _MARKS.sub("", wide(heading))
    if _LINE.search(said):
        return None
    return next((name for name, shape in _TOPICS if shape.search(said)), None)
