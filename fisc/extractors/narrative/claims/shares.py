"""Claims of shares: parts, the rates beside them, and the whole that they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from fisc.extractors.narrative.claims.relating import claim_of, same_thing
from fisc.extractors.narrative.said.facts import Text
from fisc.extractors.narrative.said.mention import OF_SAID, Mention
from fisc.extractors.narrative.said.numbers import widened
from fisc.extractors.narrative.said.terms import named
from fisc.schemas.narrative import Claim, Figure

_NOW = ("level", "final")
_IN_SHARES = frozenset({*_NOW, "count", "share"})
WHOLE = Decimal(100)
_OPENS = re.compile("其中|包括|用于")
_OPENS_AT_ONCE = re.compile("[，。：（]?其中")
COUNTED = frozenset({"个", "项", "人", "家", "户"})


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
        words = {
            "whole": whole.words,
            "whole_name": whole.name or "",
            "part_name": part.name or "",
            "listed": "",
        }
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
        if mention.paired or mention.whole == OF_SAID or not _own_part(mentions[at - 1], mention):
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
