"""Claims in words: larger, smaller, as much as; and the same figure said again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fisc.extractors.narrative.claims.relating import same_thing
from fisc.extractors.narrative.said.cues import Cues
from fisc.extractors.narrative.said.facts import Text
from fisc.extractors.narrative.said.mention import Mention
from fisc.extractors.narrative.said.numbers import widened
from fisc.schemas.narrative import Claim
from fisc.schemas.patterns import patterns

_WORDS = patterns("cues")["direction"]
_RELATIONS = tuple((kind, re.compile(_WORDS[kind])) for kind in ("larger", "smaller", "equal", "flat"))
_MAY_COMPARE = re.compile("决算|预算")


def direction_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """决算数小于预算数 and the like, with the final figure and the budget said before."""
    finals = [m for m in mentions if m.kind == "budget"]
    if not finals:
        return
    first, last = mentions[0].sentence, mentions[-1].sentence + 3
    section = text.section_of(mentions[0])
    for index in range(first, min(last, len(text.sentences))):
        sentence = text.sentences[index]
        if sentence.section != section or not _MAY_COMPARE.search(sentence.text):
            continue
        yield from _compared(widened(sentence.text), index, mentions, text)


def _compared(said: str, index: int, mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    paragraph = text.sentences[index].paragraph
    for relation, pattern in _RELATIONS:
        for match in pattern.finditer(said):
            here = [
                m for m in mentions
                if m.paragraph == paragraph and (m.sentence, m.number.start) < (index, match.start()) and not m.reason
            ]  # fmt: skip
            budget = next((m for m in reversed(here) if m.kind == "budget"), None)
            final = next(
                (
                    m
                    for m in reversed(here)
                    if m.kind in ("final", "level") and budget and same_thing(m, budget)
                ),
                None,
            )
            if budget is None or final is None or (relation == "flat" and final.sentence != index):
                continue
            page, box = text.sentences[index].place(*match.span())
            yield Claim(
                "direction", None, {"this": text.figure(final), "that": text.figure(budget)},
                text.sentences[index].text.strip(), text.heading(final), page, box,
                words={"relation": "equal" if relation == "flat" else relation, "said": match[0]},
                sure=_only_pair(here, budget, final),
            )  # fmt: skip


def _only_pair(here: Sequence[Mention], budget: Mention, final: Mention) -> bool:
    """Whether the words can mean no other figures: no other line was spoken of between."""
    return all(
        same_thing(m, budget) or m.kind in ("completion", "share", "change", "growth") for m in here
    ) and (final.sentence >= budget.sentence)


def restated_claims(mentions: Sequence[Mention], text: Text, cues: Cues) -> Iterator[Claim]:
    """A class line's figure, said again as this year's budget in the same paragraph."""
    for at, again in enumerate(mentions):
        if again.kind != "level" or not again.path or not cues.restated.search(again.words):
            continue
        first = next(
            (
                m
                for m in mentions[:at]
                if m.paragraph == again.paragraph and m.kind == "level" and same_thing(m, again)
            ),
            None,
        )
        if first is not None:
            stated = text.figure(again)
            yield Claim(
                "restated", stated, {"first": text.figure(first)}, text.quote(again), text.heading(again),
                stated.page, stated.box, words={"line": "—".join(again.path)},
            )  # fmt: skip
