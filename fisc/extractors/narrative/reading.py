"""Pages to narrative: the walk from words to sections, sentences, facts and claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fisc.extractors.narrative.claims.adding import class_claims, list_claims, partition_claims, rate_claims
from fisc.extractors.narrative.claims.comparing import direction_claims, restated_claims
from fisc.extractors.narrative.claims.relating import (
    change_claims,
    completion_claims,
    growth_claims,
)
from fisc.extractors.narrative.claims.shares import share_claims
from fisc.extractors.narrative.said.accounting import heading_tokens, sentence_tokens
from fisc.extractors.narrative.said.cues import Cues, cues_for
from fisc.extractors.narrative.said.facts import Text, finest_step, usual_step
from fisc.extractors.narrative.said.mention import Mention
from fisc.extractors.narrative.said.mentions import mentions_of
from fisc.extractors.narrative.said.numbers import line_numbers, widened
from fisc.extractors.narrative.said.paths import paths_in
from fisc.extractors.narrative.said.terms import topic_of, unquoted
from fisc.extractors.narrative.text.lines import TextLine, text_lines
from fisc.extractors.narrative.text.paragraphs import paragraphs
from fisc.extractors.narrative.text.roles import Lines, with_roles
from fisc.extractors.narrative.text.sections import Chapter, chapters, glossary_of
from fisc.extractors.narrative.text.sentences import sentences_of
from fisc.extractors.narrative.text.stating import stated_of
from fisc.extractors.narrative.text.topics import with_topics
from fisc.extractors.page import Box, Page
from fisc.schemas.narrative import Claim, Narrative, Section, Sentence

FRONT = frozenset({"cover", "contents"})


def read_narrative(
    pages: Sequence[Page],
    table_boxes: Mapping[int, Sequence[Box]],
    year: int | None = None,
    stage: str | None = None,
    department: str = "",
) -> Narrative:
    """All that a document says in words.

    ``table_boxes`` are the places on each page (by number) that belong to tables, their captions and notes; their
    words are left to the tables. ``year`` and ``stage`` (``budget``, ``final_accounts``) are taken from the
    headings where they are not given; ``department`` is its name in full.
    """
    lines = {page.number: text_lines(page, table_boxes.get(page.number, ())) for page in pages}
    lines = with_roles(pages, lines, table_boxes)
    found = chapters(paragraphs(_running_text(lines)))
    sentences = sentences_of(found)
    sections = with_topics([chapter.section() for chapter in found])
    said_year, said_stage = stated_of(lines, sections)
    year, stage = year or said_year, stage or said_stage
    cues = cues_for(year, stage)
    by_section = _mentions(found, sections, sentences, cues, department)
    everything = [mention for mentions in by_section for mention in mentions]
    text = Text(sentences, sections, finest_step(everything), usual_step(everything))
    claims = [claim for mentions in by_section for claim in _claims(mentions, text, cues)]
    return Narrative(
        sections=sections,
        sentences=tuple(sentences),
        facts=tuple(text.fact(mention) for mention in everything if _is_fact(mention)),
        claims=tuple(claims),
        glossary=glossary_of(found),
        numbers=(*line_numbers(lines), *heading_tokens(found), *sentence_tokens(sentences, everything)),
        year=year,
        stage=stage,
        front=FRONT & {line.role for found in lines.values() for line in found},
    )


def _running_text(lines: Lines) -> list[list[TextLine]]:
    return [[line for line in found if line.role == "text"] for found in lines.values()]


def _mentions(
    found: Sequence[Chapter],
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
    cues: Cues,
    department: str,
) -> list[list[Mention]]:
    """The figures of each section, in the light of the headings above it."""
    by_section: list[list[tuple[int, Sentence]]] = [[] for _ in found]
    for index, sentence in enumerate(sentences):
        by_section[sentence.section].append((index, sentence))
    above: list[int] = []
    mentions: list[list[Mention]] = []
    for at, section in enumerate(sections):
        while above and sections[above[-1]].depth >= section.depth:
            above.pop()
        above.append(at)
        headings = tuple(widened(sections[i].heading) for i in reversed(above))
        classes = next((paths[-1] for heading in headings if (paths := paths_in(heading))), None)
        inherited = (classes.names, classes.codes) if classes else ((), ())
        mentions.append(
            mentions_of(by_section[at], topic_of(headings), inherited, cues, unquoted(department))
        )
    return mentions


def _claims(mentions: Sequence[Mention], text: Text, cues: Cues) -> Iterator[Claim]:
    """Everything of one section that arithmetic can check."""
    if not mentions:
        return
    yield from growth_claims(mentions, text, cues)
    yield from change_claims(mentions, text)
    yield from completion_claims(mentions, text)
    yield from share_claims(mentions, text)
    yield from partition_claims(mentions, text)
    yield from class_claims(mentions, text)
    yield from list_claims(mentions, text)
    yield from rate_claims(mentions, text)
    yield from direction_claims(mentions, text)
    yield from restated_claims(mentions, text, cues)


def _is_fact(mention: Mention) -> bool:
    """Amounts and rates are facts; of counts those that the vocabulary names."""
    return mention.number.role != "count" or mention.name is not None
