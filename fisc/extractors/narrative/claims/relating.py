"""Claims of rates: growth, change and completion, with the figures that they follow from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.extractors.narrative.said.cues import Cues
from fisc.extractors.narrative.said.facts import Text
from fisc.extractors.narrative.said.mention import Mention
from fisc.extractors.narrative.said.numbers import widened
from fisc.extractors.narrative.said.terms import BOTH_SIDES
from fisc.schemas.narrative import Claim, Figure

_NOW = ("level", "final")
MOST_READINGS = 8
"""So many figures before a rate are asked whether it is theirs."""


def same_thing(one: Mention, other: Mention) -> bool:
    """Whether two mentions speak of the same line; 收、支总计 is that of either side."""
    if one.name is None and other.name is None:
        return one.label == other.label
    if one.name in BOTH_SIDES.get(other.name or "", ()) or other.name in BOTH_SIDES.get(one.name or "", ()):
        return True
    return one.name == other.name and one.path == other.path


def claim_of(
    text: Text,
    kind: str,
    mention: Mention,
    operands: dict[str, Figure],
    *,
    parts: Sequence[Figure] = (),
    words: dict[str, str] | None = None,
    sure: bool = True,
) -> Claim:
    """A claim about the figure of a mention."""
    stated = text.figure(mention)
    return Claim(
        kind, stated, operands, text.quote(mention), text.heading(mention), stated.page, stated.box,
        tuple(parts), words or {}, sure,
    )  # fmt: skip


def growth_claims(mentions: Sequence[Mention], text: Text, cues: Cues) -> Iterator[Claim]:
    """增长P%: from the change and the level beside it, or from the levels of the two years."""
    for at, growth in enumerate(mentions):
        if growth.kind != "growth" or any(m.paired for m in mentions[max(0, at - 1) : at + 2]):
            continue
        change = _change_before(mentions, at)
        this = _level_before(mentions, at if change is None else mentions.index(change), growth, _NOW)
        last = _level_before(mentions, at, growth, ("last_year",), same_paragraph=True)
        first = _first_level(mentions, at, growth) if last is not None else None
        said = (("change", change), ("this", this), ("last", last), ("first", first))
        operands = {key: text.figure(m) for key, m in said if m is not None}
        words = {"up": _direction(growth), "change_up": _direction(change) if change else ""}
        if growth.number.unit != "percent":
            words["no_unit"] = "%"
        scoped = cues.scope.search(widened(text.sentences[growth.sentence].text))
        sure = not scoped and not growth.reason and (change is None or change.sure or this is not None)
        others = [] if change is not None and change.own else _other_levels(mentions, at, growth)
        figures = [text.figure(m) for m in others]
        yield claim_of(text, "growth", growth, operands, parts=figures, words=words, sure=sure)


def _direction(mention: Mention) -> str:
    return {True: "up", False: "down", None: ""}[mention.up]


def _change_before(mentions: Sequence[Mention], at: int) -> Mention | None:
    """The amount of change that a rate repeats: the figure directly before it."""
    if at == 0:
        return None
    before = mentions[at - 1]
    return before if before.kind == "change" and before.sentence == mentions[at].sentence else None


def _level_before(
    mentions: Sequence[Mention], at: int, like: Mention, kinds: Sequence[str], same_paragraph: bool = False
) -> Mention | None:
    """The last figure of the same line before a place; one of an earlier paragraph only by its name."""
    for earlier in reversed(mentions[:at]):
        near = earlier.paragraph == like.paragraph
        if earlier.kind not in kinds or earlier.reason or (earlier.nested and not like.nested):
            continue
        if near and (same_thing(earlier, like) or (like.name is None and not like.label)):
            return earlier
        if not near and not same_paragraph and like.name and same_thing(earlier, like):
            return earlier
    return None


def _other_levels(mentions: Sequence[Mention], at: int, like: Mention) -> list[Mention]:
    """Other figures of the paragraph that a rate without a name of its own may be meant of."""
    here = [m for m in mentions[:at] if m.paragraph == like.paragraph and m.kind in _NOW and not m.reason]
    return [m for m in here[-MOST_READINGS:] if m.number.role == like.number.role or m.number.role == "money"]


def _first_level(mentions: Sequence[Mention], at: int, like: Mention) -> Mention | None:
    """The figure that a line is introduced with, in the same paragraph."""
    here = (m for m in mentions[:at] if m.paragraph == like.paragraph and m.kind in _NOW)
    return next((m for m in here if same_thing(m, like) and not m.reason), None)


def change_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """比上年增加D: with the level that changed, and that of the year before where it is said."""
    for at, change in enumerate(mentions):
        if change.kind != "change" or not change.base or change.reason or change.paired or change.up is None:
            continue
        this = _level_before(mentions, at, change, _NOW, same_paragraph=True)
        if this is None or change.sentence - this.sentence > 1:
            continue
        last = _level_before(mentions, at, change, ("last_year",), same_paragraph=True)
        budget = _level_before(mentions, at, change, ("budget",), same_paragraph=True)
        base = budget if change.base == "budget" else last
        operands = {"this": text.figure(this)} | ({"base": text.figure(base)} if base else {})
        if other := _other_budget(mentions, at, budget):
            operands["other_base"] = text.figure(other)
        others = [] if change.own else _other_levels(mentions, at, change)
        figures = [text.figure(m) for m in others]
        yield claim_of(text, "change", change, operands, parts=figures, words={"up": _direction(change)})


def completion_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """完成预算的P%: from the budget and the final figure, or from the difference between them."""
    for at, rate in enumerate(mentions):
        if rate.kind != "completion":
            continue
        this = _level_before(mentions, at, rate, _NOW, same_paragraph=True)
        budget = _level_before(mentions, at, rate, ("budget",), same_paragraph=True)
        gap = _gap_after(mentions, at)
        operands = {
            key: text.figure(m)
            for key, m in (
                ("this", this),
                ("budget", budget),
                ("other_budget", _other_budget(mentions, at, budget)),
                ("change", gap),
            )
            if m is not None
        }
        words = {"base": rate.base, "name": rate.name or "", "change_up": _direction(gap) if gap else ""}
        yield claim_of(text, "completion", rate, operands, words=words, sure=not rate.reason)


def _other_budget(mentions: Sequence[Mention], at: int, budget: Mention | None) -> Mention | None:
    """Another level of the budget of the same line: 年初预算A，调整预算B."""
    if budget is None:
        return None
    here = (m for m in mentions[:at] if m.paragraph == budget.paragraph and m.kind == "budget")
    return next((m for m in here if m is not budget and same_thing(m, budget)), None)


def _gap_after(mentions: Sequence[Mention], at: int) -> Mention | None:
    """比年初预算增加D, directly before or behind the rate."""
    for near in (at + 1, at - 1):
        if 0 <= near < len(mentions):
            mention = mentions[near]
            if (
                mention.kind == "change"
                and mention.base == "budget"
                and mention.sentence == mentions[at].sentence
            ):
                return mention
    return None
