"""The tree of headings, and the paragraphs that stand under each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fisc.extractors.grids import around
from fisc.extractors.narrative.text.numbering import Marker
from fisc.extractors.narrative.text.paragraphs import Paragraph
from fisc.schemas.narrative import Section, Term
from fisc.schemas.patterns import patterns

_DATA = patterns("sections")
_RUN_IN = re.compile(_DATA["heading"]["run_in"])
_GLOSSARY = re.compile(_DATA["glossary"]["heading"])
_ENTRY = re.compile(_DATA["glossary"]["entry"])
_DEFINITION = re.compile(_DATA["glossary"]["definition"])
_FEWEST = int(_DATA["glossary"]["fewest"])
_STYLES = tuple(entry["style"] for entry in _DATA["numbering"])


@dataclass(slots=True)
class Chapter:
    """A section being read: its heading and the paragraphs under it."""

    number: str | None
    style: str
    value: int
    depth: int
    heading: str
    opening: Paragraph | None
    paragraphs: list[Paragraph] = field(default_factory=list)
    glossary: bool = False

    def section(self) -> Section:
        """The section as published."""
        first = self.opening or self.paragraphs[0]
        pages = [line.page for paragraph in (first, *self.paragraphs) for line in paragraph.lines]
        at = first.lines[0].page
        return Section(
            number=self.number,
            depth=self.depth,
            heading=self.heading,
            text="\n".join(body_of(self, paragraph) for paragraph in self.paragraphs),
            page=at,
            page_to=max(pages),
            box=around(span.box for line in first.lines if line.page == at for span in line.spans),
        )


def body_of(chapter: Chapter, paragraph: Paragraph) -> str:
    """The text of a paragraph without the heading that it runs in with."""
    if paragraph is chapter.opening and paragraph.marker:
        return paragraph.text[paragraph.marker.length + len(chapter.heading) :].lstrip("。：:")
    return paragraph.text


def chapters(paragraphs: Sequence[Paragraph]) -> list[Chapter]:
    """The sections in printed order, each with its own paragraphs."""
    found = [Chapter(None, "", 0, 1, "", None)]
    above: list[Chapter] = []
    defined = _defined(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        if index in defined:
            _enter_glossary(found, above, paragraph, index - 1 in defined)
        elif paragraph.title or _is_heading(paragraph, following):
            _open(found, above, paragraph, _heading_text(paragraph))
        elif paragraph.marker and (run_in := _run_in(paragraph)):
            _open(found, above, paragraph, run_in)
            found[-1].paragraphs.append(paragraph)
        else:
            found[-1].paragraphs.append(paragraph)
    return [chapter for chapter in found if chapter.opening or chapter.paragraphs]


def _defined(paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """Entries of a glossary: numbered terms with what they mean, several in a row."""
    runs: list[list[int]] = [[]]
    for index, paragraph in enumerate(paragraphs):
        if paragraph.marker and _entry(paragraph):
            runs[-1].append(index)
        elif runs[-1] and paragraph.marker:
            runs.append([])
    return frozenset(index for run in runs if len(run) >= _FEWEST for index in run)


def _entry(paragraph: Paragraph) -> re.Match[str] | None:
    if paragraph.marker is None:
        return None
    match = _ENTRY.match(paragraph.text[paragraph.marker.length :])
    return match if match and _DEFINITION.match(match["definition"]) else None


def _enter_glossary(found: list[Chapter], above: list[Chapter], paragraph: Paragraph, inside: bool) -> None:
    """Put a term where it belongs; a glossary that no heading opens gets a section of its own."""
    if (
        not inside
        and not _GLOSSARY.search(found[-1].heading)
        and paragraph.marker
        and paragraph.marker.value == 1
    ):
        found.append(Chapter(None, "", 0, above[0].depth if above else 1, "", None))
    found[-1].glossary = True
    found[-1].paragraphs.append(paragraph)


def _is_heading(paragraph: Paragraph, following: Paragraph | None) -> bool:
    marker = paragraph.marker
    if marker is None or not paragraph.heading or len(paragraph.text) <= marker.length:
        return False
    if marker.style in ("part", "one"):
        return True
    sister = following is not None and following.marker is not None and following.marker.style == marker.style
    return following is not None and not sister


def _run_in(paragraph: Paragraph) -> str | None:
    if paragraph.marker is None or paragraph.marker.style == "part":
        return None
    match = _RUN_IN.match(paragraph.text[paragraph.marker.length :])
    return match[0].rstrip("。：:") if match else None


def _heading_text(paragraph: Paragraph) -> str:
    start = paragraph.marker.length if paragraph.marker else 0
    return paragraph.text[start:].strip().rstrip("。：:")


def _open(found: list[Chapter], above: list[Chapter], paragraph: Paragraph, heading: str) -> None:
    """Begin a section at its depth and make it the innermost one."""
    marker = paragraph.marker
    _leave(above, marker)
    chapter = Chapter(
        number=marker.text if marker else None,
        style=marker.style if marker else "title",
        value=marker.value if marker else 0,
        depth=len(above) + 1,
        heading=heading,
        opening=paragraph,
    )
    above.append(chapter)
    found.append(chapter)


def _leave(above: list[Chapter], marker: Marker | None) -> None:
    """Close the sections that a heading ends, however broken the order of its ordinals."""
    if marker is None:
        del above[next((i for i, c in enumerate(above) if c.style != "part"), len(above)) :]
        return
    if marker.style == "part":
        above.clear()
        return
    same = [i for i, chapter in enumerate(above) if chapter.style == marker.style]
    next_in_line = [i for i in same if above[i].value + 1 == marker.value]
    later = [i for i in same if above[i].value < marker.value]
    if next_in_line or later:
        del above[(next_in_line or later)[-1] :]
    elif same and (marker.value > 1 or not _nested(above, same[-1])):
        del above[same[-1] :]


def _nested(above: Sequence[Chapter], at: int) -> bool:
    """Whether an ordinal 1 may open a list inside the innermost section: that one is of another style."""
    return at < len(above) - 1


def glossary_of(found: Sequence[Chapter]) -> tuple[Term, ...]:
    """The terms that the document explains."""
    return tuple(
        Term(match["term"], match["definition"], paragraph.lines[0].page)
        for chapter in found
        if chapter.glossary or _GLOSSARY.search(chapter.heading)
        for paragraph in chapter.paragraphs
        if paragraph.marker and (match := _ENTRY.match(paragraph.text[paragraph.marker.length :]))
    )
