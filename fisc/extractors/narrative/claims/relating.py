"""Claims of rates: growth, share and completion, with the figures that they follow from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from fisc.extractors.narrative.said.cues import Cues
from fisc.extractors.narrative.said.facts import Text
from fisc.extractors.narrative.said.mention import OF_SAID, Mention
from fisc.extractors.narrative.said.numbers import widened
from fisc.extractors.narrative.said.terms import BOTH_SIDES, named
from fisc.schemas.narrative import Claim, Figure

_NOW = ("level", "final")
_IN_SHARES = frozenset({*_NOW, "count", "share"})
WHOLE = Decimal(100)
_OPENS = re.compile("其中|包括|用于")
_OPENS_AT_ONCE = re.compile("[，。：（]?其中")
COUNTED = frozenset({"个", "项", "人", "家", "户"})
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
        if change.kind != "change" or not change.base or change.reason or change.paired:
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


def share_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """占P%: of the whole that is named, or of the figure that the list hangs on; what stands in brackets for itself."""
    parts = [m for m in mentions if m.kind in _IN_SHARES]
    yield from _shares([m for m in parts if not m.nested], text, nested=False)
    yield from _shares(parts, text, nested=True)
    yield from _shares_of_said(mentions, text)


def _shares_of_said(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """A，占B万元的P%: both figures stand before the rate."""
    for at, share in enumerate(mentions):
        if share.kind != "share" or share.whole != OF_SAID or at < 2:
            continue
        part, whole = mentions[at - 2], mentions[at - 1]
        if part.sentence != share.sentence or not part.level or not _may_hold(whole, part):
            continue
        words = {"whole": whole.words, "whole_name": whole.name or "", "part_name": part.name or "", "listed": ""}
        operands = {"part": text.figure(part), "whole": text.figure(whole)}
        sure = not share.reason and not part.reason
        yield claim_of(text, "share", share, operands, words=words, sure=sure)


def _shares(mentions: Sequence[Mention], text: Text, nested: bool) -> Iterator[Claim]:
    groups = _share_groups(mentions, text)
    for group in (g for g in groups if mentions[g[0]].nested == nested):
        shares = [text.figure(mentions[at]) for at in group]
        for at in group:
            share, part = mentions[at], mentions[at - 1]
            said = share.whole or mentions[group[0]].whole or ""
            whole = _named_whole(mentions, at, part, said) if said else _head(mentions, group)
            operands = {"part": text.figure(part)}
            if whole is not None:
                operands["whole"] = text.figure(whole)
            elif (made := _made_whole(mentions, group, text)) is not None:
                operands["whole"] = made
            wanted = named(said, "CNY")
            words = {
                "whole": said,
                "whole_name": wanted.name if wanted else "",
                "part_name": part.name or "",
                "listed": "yes"
                if (_hangs_on(mentions, group, whole, at, text) if whole else "whole" in operands)
                else "",
            }
            yield claim_of(text, "share", share, operands, parts=shares, words=words, sure=not share.reason)


def _hangs_on(mentions: Sequence[Mention], group: Sequence[int], whole: Mention, at: int, text: Text) -> bool:
    """Whether a list is surely one of parts of this whole: 其中 says so, they make it up, or the other shares are right."""
    if len(group) < 2:
        return False
    if _makes(mentions, group, whole) or _opened(whole, mentions[group[0] - 1], text):
        return True
    others = [other for other in group if other != at and mentions[other - 1].number.value]
    return bool(others) and all(_right(mentions[other - 1], whole, mentions[other]) for other in others)


def _opened(whole: Mention, part: Mention, text: Text) -> bool:
    """Whether a part stands directly behind its whole and 其中."""
    if whole.sentence != part.sentence:
        return False
    lead = widened(text.sentences[whole.sentence].text)[whole.number.close : part.number.start]
    return bool(_OPENS_AT_ONCE.match(lead)) and not re.search(r"\d", lead)


def _makes(mentions: Sequence[Mention], group: Sequence[int], whole: Mention) -> bool:
    parts = [mentions[at - 1].number for at in group]
    slack = sum((number.step for number in (*parts, whole.number)), Decimal(0))
    return abs(sum((number.value for number in parts), Decimal(0)) - whole.number.value) <= slack


def _right(part: Mention, whole: Mention, share: Mention) -> bool:
    if not whole.number.value:
        return False
    exact = part.number.value / whole.number.value * WHOLE
    return abs(exact - share.number.value) <= share.number.step


def _share_groups(mentions: Sequence[Mention], text: Text) -> list[list[int]]:
    """Shares side by side of one whole: each behind its part, nothing else between, the whole worded once or alike."""
    groups: list[list[int]] = []
    for at, mention in enumerate(mentions):
        if mention.kind != "share" or at == 0 or not _may_be_part(mentions[at - 1]):
            continue
        if mention.whole == OF_SAID or not _own_part(mentions[at - 1], mention):
            continue
        if mentions[at - 1].sentence != mention.sentence:
            continue
        if groups and groups[-1][-1] == at - 2 and _goes_on(mentions, groups[-1][0], at, text):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _goes_on(mentions: Sequence[Mention], first: int, at: int, text: Text) -> bool:
    """Whether a share is of the whole that the first of its group names; 其中 opens a list of another one."""
    last, share = mentions[at - 2], mentions[at]
    if last.sentence != share.sentence:
        return share.whole == last.whole
    said = widened(text.sentences[share.sentence].text)
    between = said[last.number.close : mentions[at - 1].number.start]
    return share.whole in ("", mentions[first].whole) and not _OPENS.search(between)


def _any_right(mentions: Sequence[Mention], group: Sequence[int], whole: Decimal) -> bool:
    """Whether one of the shares, neither nothing nor all, is that of its part in a whole."""
    for at in group:
        part, share = mentions[at - 1].number.value, mentions[at].number
        if whole and 0 < part < whole and abs(part / whole * WHOLE - share.value) <= share.step / 2:
            return True
    return False


def _own_part(part: Mention, share: Mention) -> bool:
    """Whether a share is that of the figure before it: its own words name nothing else (货物采购授予…合同金额占…)."""
    if share.own:
        return same_thing(part, share)
    return not (share.label and share.name is None) or share.label in part.label or part.label in share.label


def _may_be_part(mention: Mention) -> bool:
    """Whether a figure can be the part that a share is of: an amount, or a count of projects, people, ….."""
    return mention.level or (mention.kind == "count" and mention.number.unit in COUNTED)


def _may_hold(whole: Mention, part: Mention) -> bool:
    return _of_one_year(whole, part) and whole.number.role == part.number.role and not whole.reason


def _of_one_year(whole: Mention, part: Mention) -> bool:
    """Whether a whole is of the year and the measure of a part: no part of this year is one of last year's whole."""
    return whole.kind in _NOW if part.kind in (*_NOW, "count") else whole.kind == part.kind


def _named_whole(mentions: Sequence[Mention], at: int, part: Mention, said: str) -> Mention | None:
    wanted = named(said, "CNY")
    if wanted is None:
        return None
    for earlier in reversed(mentions[: at - 1]):
        if not _of_one_year(earlier, part) or earlier.reason:
            continue
        if earlier.name == wanted.name and earlier is not part:
            return earlier
    return None


def _head(mentions: Sequence[Mention], group: Sequence[int]) -> Mention | None:
    """The figure that a list of parts hangs on: the one they make up, else the one before the first part."""
    part = mentions[group[0] - 1]
    before = [m for m in mentions[: group[0] - 1] if _may_hold(m, part) and not m.nested]
    made = next((m for m in reversed(before) if len(group) > 1 and _makes(mentions, group, m)), None)
    return made or (before[-1] if before else None)


def _made_whole(mentions: Sequence[Mention], group: Sequence[int], text: Text) -> Figure | None:
    """The sum of the parts, where their shares make up the whole, or one is right of it, and the whole is not said."""
    total = sum((mentions[at].number.value for at in group), Decimal(0))
    slack = sum((mentions[at].number.step for at in group), Decimal(0))
    figures = [text.figure(mentions[at - 1]) for at in group]
    value = sum((figure.value for figure in figures), Decimal(0))
    if len(group) < 2 or not (abs(total - WHOLE) <= slack or _any_right(mentions, group, value)):
        return None
    step = sum((figure.step for figure in figures), Decimal(0))
    printed = "＋".join(figure.printed for figure in figures)
    if len({figure.unit for figure in figures}) > 1:
        return None
    return Figure(str(value), value, step, figures[0].unit, figures[0].page, figures[0].box, "sum", printed)
