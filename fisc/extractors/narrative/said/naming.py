"""What each figure is called: from its own words, from its class line, or from what was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fisc.extractors.narrative.said.context import antecedent, divides, following, in_scope, near, of_unsure
from fisc.extractors.narrative.said.cues import Cues
from fisc.extractors.narrative.said.mention import OF_SAID, Mention
from fisc.extractors.narrative.said.terms import (
    ECONOMIC,
    ECONOMIC_WHOLES,
    LINES,
    NOT_ECONOMIC,
    OF_UNIT,
    WHOSE,
    Named,
    Topic,
    bare,
    named,
)
from fisc.schemas.classification import class_by_name

_UNREAD = re.compile(r"\d\.\d")
"""A figure without a unit between two others: what stands behind it is its own."""
_OF_CLASS = re.compile("(?:类|款|项)?科目$")
_OF_STAGE = re.compile("(?:预算|决算)$")
_CODED = re.compile(r"(?P<code>\d{3})\s*[-—－]*\s*(?=[一-鿿])")
_SUM = re.compile("(?:两项|三项)?(?:合计|共计|总计|小计)")


def with_name(
    mention: Mention,
    before: Sequence[Mention],
    topic: Topic,
    path: tuple[tuple[str, ...], tuple[str, ...]],
    cues: Cues,
    spoken: Named | None = None,
    whose: str = "",
) -> Mention:
    """The mention with its name: from its own words, from the class line it stands in, or from what was said before.

    ``spoken`` is the name with which the sentence before ended (公务接待费。2025年预算数…).
    """
    mention = _headed(_of_said(mention, before))
    money = mention.number.role == "money" or mention.kind in ("growth", "share", "completion")
    unit = "CNY" if money else mention.number.unit
    subject = cues.subject(mention)
    own = named(subject, unit)
    if own is not None and own.near and not near(own, before, mention, topic):
        own = None
    label = bare(cues.label(subject))
    plain = not label or cues.plain(label) or (mention.kind == "last_year" and cues.plain_before(label))
    economic = mention.level and label and (own is None or not own.name.startswith(NOT_ECONOMIC))
    if economic and _in_economic_list(mention, before):
        return replace(mention, name=ECONOMIC, label=label, own=True)
    if own is not None and not (mention.kind == "share" and cues.label(own.before)):
        name, sure = in_scope(own.name, own.weak and not own.before, before, mention, topic)
        of_all = bool(whose) and own.before.endswith(whose)
        sure = (
            sure
            and (of_all or not OF_UNIT.search(own.before))
            and (of_all or not own.weak or bool(WHOSE.search(own.before)))
            and not (unit == "CNY" and cues.scope.search(subject))
        )
        sure = sure and not (own.name in LINES and of_unsure(before, mention))
        old = mention.kind in ("level", "final", "budget") and (
            cues.of_last_year(subject) or _goes_on_with_last_year(mention, before, cues)
        )
        kind = "last_year" if old else mention.kind
        if not sure and kind != "last_year" and divides(name, own, before, mention, topic):
            return replace(mention, label=label)
        return replace(mention, kind=kind, name=name, label=own.label, own=True, sure=sure)
    if mention.kind in ("count", "rate"):
        name_said = mention.name or following(before, mention, topic)
        return replace(mention, name=name_said, label=mention.label or label, sure=False)
    if path[0] and (plain or label.startswith("支出") or _names_path(bare(subject), path[0])):
        return replace(
            mention, name="expenditure.function", path=path[0], codes=path[1], label=label, own=True
        )
    if cues.of_other_year(mention):
        return replace(mention, label=label, sure=False)
    if not plain:
        return _as_class(mention, label)
    if spoken is not None and mention.level:
        return replace(mention, name=spoken.name, label=spoken.label, own=True)
    if mention.level and (follows := following(before, mention, topic)):
        return replace(mention, name=follows, label=label, sure=False)
    if mention.kind == "level" and before and (cues.tells_source(label) or _closes(label, before, mention)):
        return replace(mention, label=label)
    if not mention.level and (compared := cues.compared_in(mention.led)):
        meant = named(compared, "CNY")
        return replace(mention, name=meant.name if meant else None, label=compared, own=bool(meant))
    if not mention.level and _UNREAD.search(mention.led):
        return replace(mention, label=label or mention.led)
    last = antecedent(before[:-1] if mention.whole == OF_SAID else before, mention)
    if last is not None and _other_side(label, last.name or ""):
        last = None
    if last is not None:
        paired = _paired(mention, last, before, cues)
        return replace(
            mention, name=last.name, path=last.path, codes=last.codes, label=last.label, own=paired,
            sure=paired and last.sure,
        )  # fmt: skip
    if mention.level and topic.name:
        return replace(mention, name=topic.name, label=label, sure=False)
    return replace(mention, label=label)


def _goes_on_with_last_year(mention: Mention, before: Sequence[Mention], cues: Cues) -> bool:
    """Whether a sentence speaks of the year before so far: 2024年“三公”经费支出20.12万元，其中：公务接待费12.39万元."""
    here = [m for m in before if m.sentence == mention.sentence]
    for earlier in (mention, *reversed(here)):
        if cues.of_this_year(earlier.led + earlier.words):
            return False
        if earlier is not mention and earlier.kind == "last_year" and cues.of_last_year(earlier.words):
            return earlier is here[0]
    return False


def left_alone(text: str) -> Named | None:
    """The name that a sentence ends with, alone between its last marks."""
    if not text.endswith("。"):
        return None
    clause = re.split("[，。；：]", text[:-1])[-1]
    found = named(clause, "CNY") if clause and not re.search(r"\d", clause) else None
    return found if found and not found.before else None


def _of_said(mention: Mention, before: Sequence[Mention]) -> Mention:
    """A rate behind 的 is one of the figure directly before it: 完成预算12.00万元的83.33%, 占支出合计12.00万元的83.33%."""
    if mention.kind != "rate" or mention.words != "的" or not before:
        return mention
    last = before[-1]
    if last.sentence != mention.sentence or not last.level or not re.match("完成|占|为", last.words):
        return mention
    if last.kind == "budget":
        return replace(mention, kind="completion", base="预算")
    return replace(mention, kind="share", whole=OF_SAID) if last.words.startswith("占") else mention


def _headed(mention: Mention) -> Mention:
    """The words that open a paragraph and stand before a colon are those of its first figure: （一）收入预算：2025年年初预算数…."""
    if not mention.level or not mention.led.endswith("：") or mention.number.role != "money":
        return mention
    head = mention.led[:-1]
    opens = named(head, "CNY")
    if opens is None or opens.before or named(mention.words, "CNY") is not None:
        return mention
    return replace(mention, words=head + mention.words, led="")


def _closes(label: str, before: Sequence[Mention], mention: Mention) -> bool:
    """Whether a figure is the sum of several named ones before it: 甲1元、乙2元，合计3元."""
    here = {m.name for m in before if m.sentence == mention.sentence and m.level}
    return bool(_SUM.match(label)) and len(here) > 1


def _paired(mention: Mention, last: Mention, before: Sequence[Mention], cues: Cues) -> bool:
    """Whether a figure is surely that of the name before it: …年初预算为A，调整预算为B，决算为C; 决算为A，完成预算B的P%; 由A减少到B."""
    if last is not before[-1] or last.sentence != mention.sentence:
        return False
    if mention.kind in ("final", "budget") and last.kind == "budget":
        return last.own
    if mention.kind == "budget" and last.kind == "final":
        return last.own and mention.words.startswith(("完成", "占", "为"))
    return last.own and last.kind == "last_year" and cues.follows_from(last, mention)


def _other_side(label: str, name: str) -> bool:
    """Whether words of one side (收入, 支出) cannot go on with a figure of the other."""
    if "收入" in label and "支出" not in label:
        return name.split(".")[-1] == "expenditure" or name.startswith("expenditure.")
    return "支出" in label and "收入" not in label and name.startswith("revenue.")


def _in_economic_list(mention: Mention, before: Sequence[Mention]) -> bool:
    """Whether economic lines are being listed: 公用经费…，包括：办公费…、印刷费…."""
    if not before or mention.number.role != "money" or before[-1].paragraph != mention.paragraph:
        return False
    last = before[-1]
    if last.name == ECONOMIC:
        return last.sentence == mention.sentence
    return (
        mention.listed
        and last.level
        and last.name in ECONOMIC_WHOLES
        and mention.sentence - last.sentence <= 1
    )


def _as_class(mention: Mention, label: str) -> Mention:
    """A level with a name of its own, which may be that of a function class said without （类）, or as 教育支出类科目, 教育支出预算, 205-教育支出."""
    label = _OF_CLASS.sub("", label)
    said = _OF_STAGE.sub("", label)
    code = _CODED.match(said)
    said = said[code.end() :] if code else said
    if mention.kind == "level" and said.endswith("支出") and class_by_name(said):
        return replace(
            mention,
            name="expenditure.function",
            path=(said,),
            codes=(code["code"] if code else "",),
            label=said,
            own=True,
        )
    return replace(mention, label=label)


def _names_path(subject: str, names: Sequence[str]) -> bool:
    return bool(re.search(r"（\d*[类款项]）(?:[一-鿿]{0,6})$", subject)) or subject.endswith(names[-1])
