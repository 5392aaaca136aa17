"""What was said before a figure, and the headings above it: whose name it goes on with, and what general words mean there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fisc.extractors.narrative.said.mention import OF_SAID, Mention
from fisc.extractors.narrative.said.terms import (
    ABSORBS,
    ASIDE,
    FOLLOWS,
    LINES,
    LISTS,
    MONEY,
    OF_ALL,
    OF_FUNDS,
    OF_LINES,
    OF_UNIT,
    PAIRED,
    RUNNING,
    SHARED,
    SOURCES,
    SPENT,
    UNNAMED,
    WITHIN,
    Named,
    Topic,
    named,
)

_OF_LINE = re.compile("支出$|^(?:基本|项目)支出")
"""What a line without a name is called, or a part of one."""


def near(own: Named, before: Sequence[Mention], mention: Mention, topic: Topic) -> bool:
    """Whether a short name stands where only one thing is called so: 购置费 behind 公务用车购置及运行费."""
    here = [m.name or "" for m in before if m.paragraph == mention.paragraph]
    return (topic.name or "").startswith(own.near) or any(name.startswith(own.near) for name in here)


def following(before: Sequence[Mention], mention: Mention, topic: Topic) -> str | None:
    """The name of a count that follows another (团组2个、9人次), or that its heading gives it."""
    here = [m for m in before if m.sentence == mention.sentence and m.nested <= mention.nested]
    last = here[-1] if here else None
    said = last.name if last is not None else topic.name
    unit = "CNY" if mention.number.role == "money" else mention.number.unit
    level = _last_level([m for m in before if m.paragraph == mention.paragraph], mention)
    goes_on = level.name if level is not None else None
    return next(
        (
            name
            for after, units, name, keeps in FOLLOWS
            if said == after and unit in units and goes_on not in keeps
        ),
        None,
    )


def in_scope(
    name: str, general: bool, before: Sequence[Mention], mention: Mention, topic: Topic
) -> tuple[str, bool]:
    """General words mean the fund that the sentence or the heading speaks of."""
    if mention.words.startswith("占"):
        return name, True
    for earlier in reversed(before):
        if earlier.sentence != mention.sentence:
            break
        if (
            general
            and earlier.name
            and earlier.name in PAIRED
            and name in ("expenditure.current_year", "expenditure.total")
        ):
            return PAIRED[earlier.name], False
        if any(earlier.name == after and name in names for after, names in ABSORBS):
            return str(earlier.name), False
    whole = next((m.name for m in reversed(before) if _may_divide(m, mention)), None)
    if name in WITHIN.get(whole or "", {}):
        return WITHIN[str(whole)][name], False
    if name in topic.renames:
        return topic.renames[name], False
    return name, not _of_part(name, before, mention, topic)


def divides(name: str, own: Named, before: Sequence[Mention], mention: Mention, topic: Topic) -> bool:
    """Whether the name of a whole stands for a part here: of something smaller, or of one of several units."""
    if _of_part(name, before, mention, topic):
        return True
    whole = any(m.name == name and m.sure and m.level and m.paragraph == mention.paragraph for m in before)
    return whole and bool(OF_UNIT.search(own.before))


def _may_divide(earlier: Mention, mention: Mention) -> bool:
    """Whether an earlier figure of the paragraph is a whole of expenditure, of all money or of a fund; of a count, one too."""
    wholes = (*WITHIN, "expenditure.total", "expenditure.current_year", "revenue_expenditure.total")
    alike = earlier.kind == "count" if mention.number.role == "count" else earlier.level
    return earlier.paragraph == mention.paragraph and alike and earlier.name in wholes


def _of_part(name: str, before: Sequence[Mention], mention: Mention, topic: Topic) -> bool:
    """Whether a name of the whole divides something smaller here: 政府采购预算…，其中一般公共预算拨款…."""
    if (name in LINES and _below_a_line(before, mention)) or _of_less(name, before, mention):
        return True
    if not name.startswith((*SOURCES, *OF_ALL)):
        return False
    here = [m for m in before if m.paragraph == mention.paragraph]
    if topic.aside or any((m.name or "").startswith(ASIDE) for m in here):
        return True
    head = next((m for m in here if m.sentence == mention.sentence and m.level), None)
    return name.startswith(SOURCES) and head is not None and head.name is None and bool(head.label)


def _of_less(name: str, before: Sequence[Mention], mention: Mention) -> bool:
    """Whether a list divides a figure that is no whole of such names: 项目支出…，其中上年结转…."""
    sisters = next((names for names in (LINES, MONEY, SPENT) if name in names), None)
    if sisters is None:
        return False
    wholes = (*SHARED, *OF_FUNDS) if sisters is LINES else SHARED
    listed = False
    for at in (mention, *reversed([m for m in before if m.sentence == mention.sentence and m.level])):
        if at is not mention and _called(at) not in sisters:
            no_whole = not at.name.startswith(wholes) if at.name else bool(UNNAMED.search(at.label))
            return listed and no_whole
        said = at.led + at.words
        listed = listed or at.nested or bool(LISTS.search(said.rpartition("；")[2]))
        if "；" in said and not listed:
            return False
    return False


def of_unsure(before: Sequence[Mention], mention: Mention) -> bool:
    """Whether 基本支出 and 项目支出 divide a figure that may be that of a part of the department."""
    here = (m for m in reversed(before) if m.sentence == mention.sentence and m.level)
    whole = next((m for m in here if _called(m) not in LINES), None)
    return whole is not None and not whole.sure


def _called(mention: Mention) -> str | None:
    """The name of a figure, also where it was taken from it as that of a part."""
    said = None if mention.name else named(mention.label, "CNY")
    return said.name if said else mention.name


def _below_a_line(before: Sequence[Mention], mention: Mention) -> bool:
    """Whether a sentence divides one line of its own, and no whole: 初中教育支出…，其中：基本支出…."""
    head = next((m for m in before if m.sentence == mention.sentence and m.level), None)
    if head is None:
        above = next((m for m in reversed(before) if m.level), None)
        return above is not None and (above.name or "").startswith(RUNNING)
    return head.name.startswith(OF_LINES) if head.name else bool(_OF_LINE.search(head.label))


def antecedent(before: Sequence[Mention], mention: Mention) -> Mention | None:
    """What a figure without a name of its own goes on with.

    A rate belongs to the figure directly before it; a sentence that begins with 与上年相比 goes on with what the
    sentence before it speaks of; brackets are passed over; 基本支出占59.66%，为2160.00万元 goes on with the share.
    """
    if mention.number.role == "count":
        last = before[-1] if before and before[-1].sentence == mention.sentence else None
        return last if last is not None and last.name and last.number.unit == mention.number.unit else None
    here = [m for m in before[-12:] if m.paragraph == mention.paragraph and m.nested <= mention.nested]
    if not here or (here[-1].sentence == mention.sentence and not mention.level):
        last = here[-1] if here else None
        if (
            last
            and (last.level or last.kind == "change")
            and (last.name or (last.kind == "change" and last.label))
        ):
            return last
        return _changed(here, mention) or _last_level(here, mention)
    if here[-1].kind == "share" and here[-1].own and here[-1].sentence == mention.sentence:
        return here[-1]
    last = _last_level(here, mention)
    if last is None or mention.level or last.sentence == mention.sentence:
        return last
    said = [m for m in here if m.sentence == last.sentence and m.level and (m.name or m.label)]
    whole = _last_level([m for m in here if m.sentence < last.sentence], mention)
    return whole if whole and len(said) > 1 and (said[0].led + said[0].words).startswith("其中") else said[0]


def _changed(here: Sequence[Mention], mention: Mention) -> Mention | None:
    """What a sentence of nothing but changes goes on with: “三公”经费较上年减少1元，下降2%；较年初预算减少3元."""
    said = [m for m in here if m.sentence == mention.sentence]
    if mention.kind != "change" or any(m.kind not in ("change", "growth") for m in said):
        return None
    return next((m for m in reversed(said) if m.kind == "change" and (m.name or m.label)), None)


def _last_level(here: Sequence[Mention], mention: Mention) -> Mention | None:
    """The last level with a name; the whole of a share (占支出合计12万元的5%) is spoken of in passing."""
    for at in range(len(here) - 1, -1, -1):
        earlier = here[at]
        if at + 1 < len(here) and here[at + 1].whole == OF_SAID:
            continue
        if earlier.level and (earlier.name or earlier.label) and (not earlier.nested or mention.nested):
            return earlier
    return None
