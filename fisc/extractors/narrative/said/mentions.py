"""Figures with their part in the sentence: a level, a change, a growth, a share, and of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fisc.extractors.narrative.said.cues import Cues
from fisc.extractors.narrative.said.mention import OF_SAID, PARTING, Mention
from fisc.extractors.narrative.said.numbers import Number, numbers_in, widened
from fisc.extractors.narrative.said.paths import paths_in
from fisc.extractors.narrative.said.sharing_out import alike_in, shared_out
from fisc.extractors.narrative.said.terms import (
    ABSORBS,
    ASIDE,
    BEHIND,
    ECONOMIC,
    ECONOMIC_LEAD,
    ECONOMIC_WHOLES,
    FOLLOWS,
    NOT_ECONOMIC,
    OF_ALL,
    OF_UNIT,
    PAIRED,
    SOURCES,
    WITHIN,
    Named,
    Topic,
    bare,
    named,
    unquoted,
)
from fisc.extractors.narrative.text.numbering import marker_of
from fisc.schemas.classification import class_by_name
from fisc.schemas.narrative import Sentence

_STOPS = "，。；：:"
_NOTHING = re.compile(r"\s*(?:[，。；、）]|$)")
_MINUS = ("-", "－", "−")


def mentions_of(
    sentences: Sequence[tuple[int, Sentence]],
    topic: Topic,
    inherited: tuple[tuple[str, ...], tuple[str, ...]],
    cues: Cues,
    whose: str = "",
) -> list[Mention]:
    """The figures of one section in order.

    ``sentences`` come with their index in the document; ``inherited`` are the names and codes of the class that
    the headings name, ``whose`` the department: what its name stands before is not that of a part of it.
    """
    found: list[Mention] = []
    path, paragraph = inherited, -1
    spoken: Named | None = None
    for index, sentence in sentences:
        text = widened(sentence.text)
        first = sentence.paragraph != paragraph
        if first:
            path, paragraph, spoken = inherited, sentence.paragraph, None
        numbers = numbers_in(text, marked=first)
        named_paths = paths_in(text, path)
        marker = marker_of(text) if first else None
        start = len(found)
        for mention in _mentions(text, numbers, index, paragraph, cues, marker.length if marker else 0):
            own_path = next((p for p in reversed(named_paths) if p.end <= mention.number.start), None)
            here = (own_path.names, own_path.codes) if own_path else path
            opens = not found or found[-1].sentence != index
            found.append(_with_name(mention, found, topic, here, cues, spoken if opens else None, whose))
        found[start:] = _first_named(shared_out(found[start:], text))
        spoken = _left_alone(text)
        if named_paths:
            path = (named_paths[-1].names, named_paths[-1].codes)
    return found


def _mentions(
    text: str, numbers: Sequence[Number], index: int, paragraph: int, cues: Cues, floor: int
) -> Iterator[Mention]:
    """The counting numbers of a sentence with the words before each and the kind these give."""
    reason = cues.reason.search(text)
    explained = _explained(text, reason.end()) if reason else 0
    last: Mention | None = None
    for number in numbers:
        if number.role == "bare" and cues.grows(unquoted(text[max(floor, number.start - 8) : number.start])):
            number = replace(number, role="percent", unit="")
        elif number.role == "bare" and not number.value and _names_nothing(text, floor, number):
            number = replace(number, role="money", unit="元")
        if not number.counts:
            continue
        start = words_start(text, floor, number.start)
        words = unquoted(text[start : number.start])
        mention = Mention(
            number, index, paragraph, "level", words,
            listed=bool(ECONOMIC_LEAD.search(text, floor, number.start)),
            reason=bool(reason and reason.start() < number.start < explained),
            nested=text.rfind("（", floor, number.start) > text.rfind("）", floor, number.start) or bool(cues.aside.match(words)),
        )  # fmt: skip
        told = _signed(mention, cues, text[floor : number.start])
        if told.kind == "count":
            told = replace(told, name=_of_what(text[number.close :], number.unit))
        if last is not None and told.kind == "change" and not told.base:
            told = replace(told, base=cues.compared_with(last))
        if last is not None and _second_of_each(last, told, text):
            told = replace(told, kind=last.kind, up=last.up, base=last.base, paired=True)
        yield told
        last, floor = told, number.close


def _of_what(after: str, unit: str) -> str | None:
    """What a count is of, where the words behind it say so: 对8个项目开展绩效自评."""
    return next((name for units, shape, name in BEHIND if unit in units and shape.match(after)), None)


def _names_nothing(text: str, floor: int, number: Number) -> bool:
    """Whether a zero without a unit is that of named money: 公务接待费为0。"""
    words = unquoted(text[words_start(text, floor, number.start) : number.start])
    if not _NOTHING.match(text, number.end) or not words.endswith(("为", "是")):
        return False
    return named(words, "CNY") is not None or bool(alike_in(words))


def _first_named(mentions: list[Mention]) -> list[Mention]:
    """与2024年预算数1300.00万元相比，2025年收入预算…: the first figure is called as the second."""
    if len(mentions) > 1 and mentions[0].kind == "last_year" and not mentions[0].name and not mentions[0].label:
        first, second = mentions[:2]
        if second.level and second.own and second.number.role == first.number.role:
            mentions[0] = replace(first, name=second.name, label=second.label, path=second.path, codes=second.codes)
    return mentions


def _second_of_each(last: Mention, mention: Mention, text: str) -> bool:
    """Whether a figure is the second behind 各: 收、支总计各减少100.00、90.00万元."""
    between = text[last.number.close : mention.number.start].strip()
    same = last.number.role == mention.number.role
    return same and between in PARTING and bool(re.search("各[^，。；]{0,6}$", last.words))


def _signed(mention: Mention, cues: Cues, since: str) -> Mention:
    """The mention with its kind; a minus before a rate of change turns its direction."""
    if not mention.words.endswith(_MINUS):
        return cues.classified(mention, since)
    told = cues.classified(replace(mention, words=mention.words[:-1]), since)
    return replace(told, up=not told.up) if told.kind in ("growth", "change") else mention


def _explained(text: str, start: int) -> int:
    """Where an explanation ends: at the semicolon behind which no further reason is counted (二是…)."""
    end = start
    while (end := text.find("；", end)) >= 0:
        if not re.match(r"[一二三四五六]是", text[end + 1 : end + 3]):
            return end
        end += 1
    return len(text)


def words_start(text: str, floor: int, at: int) -> int:
    """Where the words that belong to a figure begin: behind the last mark, whole brackets left in."""
    while at > floor:
        char = text[at - 1]
        if char in _STOPS or char == "（":
            return at
        if char == "）":
            opening = text.rfind("（", floor, at - 1)
            if opening < 0 or at - opening > 60 or re.search(r"\d{2}", text[opening:at]):
                return at
            at = opening
        else:
            at -= 1
    return floor


def _with_name(
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
    mention = _of_said(mention, before)
    money = mention.number.role == "money" or mention.kind in ("growth", "share", "completion")
    unit = "CNY" if money else mention.number.unit
    subject = cues.subject(mention)
    own = named(subject, unit)
    if own is not None and own.near and not _near(own, before, mention, topic):
        own = None
    label = bare(cues.label(subject))
    plain = not label or cues.plain(label) or (mention.kind == "last_year" and cues.plain_before(label))
    economic = mention.level and label and (own is None or not own.name.startswith(NOT_ECONOMIC))
    if economic and _in_economic_list(mention, before):
        return replace(mention, name=ECONOMIC, label=label, own=True)
    if own is not None and not (mention.kind == "share" and own.before):
        name, sure = _in_scope(own.name, own.weak and not own.before, before, mention, topic)
        of_all = bool(whose) and own.before.endswith(whose)
        sure = sure and (of_all or not OF_UNIT.search(own.before)) and not (unit == "CNY" and cues.scope.search(subject))
        kind = "last_year" if mention.kind == "level" and cues.of_last_year(subject) else mention.kind
        return replace(mention, kind=kind, name=name, label=own.label, own=True, sure=sure)
    if mention.kind in ("count", "rate"):
        name_said = mention.name or _following(before, mention, topic)
        return replace(mention, name=name_said, label=mention.label or label, sure=False)
    if path[0] and (plain or label.startswith("支出") or _names_path(bare(subject), path[0])):
        return replace(
            mention, name="expenditure.function", path=path[0], codes=path[1], label=label, own=True
        )
    if not plain:
        return _as_class(mention, label)
    if spoken is not None and mention.level:
        return replace(mention, name=spoken.name, label=spoken.label, own=True)
    if mention.level and (follows := _following(before, mention, topic)):
        return replace(mention, name=follows, label=label, sure=False)
    last = _antecedent(before[:-1] if mention.whole == OF_SAID else before, mention)
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


def _left_alone(text: str) -> Named | None:
    """The name that a sentence ends with, alone between its last marks."""
    if not text.endswith("。"):
        return None
    clause = re.split("[，。；：]", text[:-1])[-1]
    found = named(clause, "CNY") if clause and not re.search(r"\d", clause) else None
    return found if found and not found.before else None


def _near(own: Named, before: Sequence[Mention], mention: Mention, topic: Topic) -> bool:
    """Whether a short name stands where only one thing is called so: 购置费 behind 公务用车购置及运行费."""
    here = [m.name or "" for m in before if m.paragraph == mention.paragraph]
    return (topic.name or "").startswith(own.near) or any(name.startswith(own.near) for name in here)


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


def _paired(mention: Mention, last: Mention, before: Sequence[Mention], cues: Cues) -> bool:
    """Whether a figure is surely that of the name before it: …年初预算为A，调整预算为B，决算为C; 由A减少到B."""
    if last is not before[-1] or last.sentence != mention.sentence:
        return False
    if mention.kind in ("final", "budget") and last.kind == "budget":
        return last.own
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


def _following(before: Sequence[Mention], mention: Mention, topic: Topic) -> str | None:
    """The name of a count that follows another (团组2个、9人次), or that its heading gives it."""
    last = before[-1] if before and before[-1].sentence == mention.sentence else None
    said = last.name if last is not None else topic.name
    unit = "CNY" if mention.number.role == "money" else mention.number.unit
    return next((name for after, units, name in FOLLOWS if said == after and unit in units), None)


def _as_class(mention: Mention, label: str) -> Mention:
    """A level with a name of its own, which may be that of a function class said without （类）."""
    if mention.kind == "level" and label.endswith("支出") and class_by_name(label):
        return replace(
            mention, name="expenditure.function", path=(label,), codes=("",), label=label, own=True
        )
    return replace(mention, label=label)


def _names_path(subject: str, names: Sequence[str]) -> bool:
    return bool(re.search(r"（\d*[类款项]）(?:[一-鿿]{0,6})$", subject)) or subject.endswith(names[-1])


def _in_scope(
    name: str, general: bool, before: Sequence[Mention], mention: Mention, topic: Topic
) -> tuple[str, bool]:
    """General words mean the fund that the sentence or the heading speaks of."""
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


def _may_divide(earlier: Mention, mention: Mention) -> bool:
    """Whether an earlier figure of the paragraph is a whole of expenditure, of all money or of a fund."""
    wholes = (*WITHIN, "expenditure.total", "expenditure.current_year", "revenue_expenditure.total")
    return earlier.paragraph == mention.paragraph and earlier.level and earlier.name in wholes


def _of_part(name: str, before: Sequence[Mention], mention: Mention, topic: Topic) -> bool:
    """Whether a name of the whole divides something smaller here: 政府采购预算…，其中一般公共预算拨款…."""
    if not name.startswith((*SOURCES, *OF_ALL)):
        return False
    here = [m for m in before if m.paragraph == mention.paragraph]
    if topic.aside or any((m.name or "").startswith(ASIDE) for m in here):
        return True
    head = next((m for m in here if m.sentence == mention.sentence and m.level), None)
    return name.startswith(SOURCES) and head is not None and head.name is None and bool(head.label)


def _antecedent(before: Sequence[Mention], mention: Mention) -> Mention | None:
    """What a figure without a name of its own goes on with.

    A rate belongs to the figure directly before it; a sentence that begins with 与上年相比 goes on with what the
    sentence before it speaks of; brackets are passed over.
    """
    here = [m for m in before[-12:] if m.paragraph == mention.paragraph and m.nested <= mention.nested]
    if not here or (here[-1].sentence == mention.sentence and not mention.level):
        last = here[-1] if here else None
        return (
            last
            if last and (last.level or last.kind == "change") and last.name
            else _last_level(here, mention)
        )
    last = _last_level(here, mention)
    if last is None or mention.level or last.sentence == mention.sentence:
        return last
    return next((m for m in here if m.sentence == last.sentence and m.level and (m.name or m.label)), last)


def _last_level(here: Sequence[Mention], mention: Mention) -> Mention | None:
    for earlier in reversed(here):
        if earlier.level and (earlier.name or earlier.label) and (not earlier.nested or mention.nested):
            return earlier
    return None
