"""Pages to narrative: the walk from words to sections, sentences, facts and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fisc.extractors.narrative.lines import TextLine, text_lines
from fisc.extractors.narrative.numbers import line_numbers
from fisc.extractors.narrative.paragraphs import paragraphs
from fisc.extractors.narrative.roles import Lines, with_roles
from fisc.extractors.narrative.sections import chapters, glossary_of
from fisc.extractors.narrative.sentences import sentences_of
from fisc.extractors.narrative.stating import stated_of
from fisc.extractors.page import Box, Page
from fisc.schemas.narrative import Narrative


def read_narrative(
    pages: Sequence[Page],
    table_boxes: Mapping[int, Sequence[Box]],
    year: int | None = None,
    stage: str | None = None,
) -> Narrative:
    """All that a document says in words.

    ``table_boxes`` are the places on each page (by number) that belong to tables, their captions and notes; their
    words are left to the tables. ``year`` and ``stage`` (``budget``, ``final_accounts``) are taken from the
    headings where they are not given.
    """
    lines = {page.number: text_lines(page, table_boxes.get(page.number, ())) for page in pages}
    lines = with_roles(pages, lines, table_boxes)
    found = chapters(paragraphs(_running_text(lines)))
    sentences = sentences_of(found)
    sections = tuple(chapter.section() for chapter in found)
    said_year, said_stage = stated_of(lines, sections)
    return Narrative(
        sections=sections,
        sentences=tuple(sentences),
        glossary=glossary_of(found),
        numbers=tuple(line_numbers(lines)),
        year=year or said_year,
        stage=stage or said_stage,
    )


def _running_text(lines: Lines) -> list[list[TextLine]]:
    return [[line for line in found if line.role == "text"] for found in lines.values()]
