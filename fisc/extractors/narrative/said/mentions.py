"""Figures with their part in the sentence: a level, a change, a growth, a share, and of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fisc.extractors.narrative.said.choosing import chosen
from fisc.extractors.narrative.said.cues import Cues
from fisc.extractors.narrative.said.mention import PARTING, Mention
from fisc.extractors.narrative.said.naming import left_alone, with_name
from fisc.extractors.narrative.said.numbers import YUAN, Number, numbers_in, widened
from fisc.extractors.narrative.said.paths import paths_in
from fisc.extractors.narrative.said.sharing_out import alike_in, shared_out
from fisc.extractors.narrative.said.terms import (
    BEHIND,
    ECONOMIC_LEAD,
    Named,
    Topic,
    named,
    unquoted,
)
from fisc.extractors.narrative.text.numbering import marker_of
from fisc.schemas.narrative import Sentence

_STOPS = "，。；：:"
_LISTED = re.compile(r"[、和][一-鿿（）]{2,16}")
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
            found.append(with_name(mention, found, topic, here, cues, spoken if opens else None, whose))
        found[start:] = chosen(_first_named(shared_out(found[start:], text)))
        spoken = left_alone(text)
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
        elif number.role == "bare" and "." in number.text and (unit := _unit_behind(text, number, numbers)):
            number = replace(
                number,
                role="money",
                unit=unit,
                value=number.value * YUAN[unit],
                step=number.step * YUAN[unit],
            )
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
            nested=text.rfind("（", 0, number.start) > text.rfind("）", 0, number.start) or bool(cues.aside.match(words)),
            led=unquoted(text[floor:start]),
        )  # fmt: skip
        since = text[floor : number.start]
        if last is not None and since == words and cues.compared_with(last):
            since = last.words + since
        told = _signed(mention, cues, since)
        if told.kind == "count":
            told = replace(told, name=_of_what(text[number.close :], number.unit))
        if last is not None and told.kind == "change" and not told.base:
            told = replace(told, base=cues.compared_with(last))
        if last is not None and cues.changed_too(last, told):
            told = replace(told, kind="change", up=last.up, base=last.base)
        if last is not None and _second_of_each(last, told, text):
            told = replace(told, kind=last.kind, up=last.up, base=last.base, paired=True)
        yield told
        last, floor = told, number.close


def _of_what(after: str, unit: str) -> str | None:
    """What a count is of, where the words behind it say so: 对8个项目开展绩效自评."""
    return next((name for units, shape, name in BEHIND if unit in units and shape.match(after)), None)


def _unit_behind(text: str, number: Number, numbers: Sequence[Number]) -> str:
    """The unit that a named amount shares with the named amount behind it: 基本支出3000.00、项目支出1250.00万元."""
    following = next((other for other in numbers if other.start > number.start), None)
    if following is None or following.role != "money":
        return ""
    between = text[number.end : following.start]
    if not _LISTED.fullmatch(between) or named(between[1:], "CNY") is None:
        return ""
    words = unquoted(text[words_start(text, 0, number.start) : number.start])
    return following.unit if following.unit in YUAN and named(words, "CNY") else ""


def _names_nothing(text: str, floor: int, number: Number) -> bool:
    """Whether a zero without a unit is that of named money: 公务接待费为0。"""
    words = unquoted(text[words_start(text, floor, number.start) : number.start])
    if not _NOTHING.match(text, number.end) or not words.endswith(("为", "是")):
        return False
    return named(words, "CNY") is not None or bool(alike_in(words))


def _first_named(mentions: list[Mention]) -> list[Mention]:
    """与2024年预算数1300.00万元相比，2025年收入预算…: the first figure is called as the second."""
    if (
        len(mentions) > 1
        and mentions[0].kind == "last_year"
        and not mentions[0].name
        and not mentions[0].label
    ):
        first, second = mentions[:2]
        if second.level and second.own and second.number.role == first.number.role:
            mentions[0] = replace(
                first, name=second.name, label=second.label, path=second.path, codes=second.codes
            )
    return mentions


def _second_of_each(last: Mention, mention: Mention, text: str) -> bool:
    """Whether a figure is the second behind 各: 收、支总计各减少100.00、90.00万元."""
    between = text[last.number.close : mention.number.start].strip()
    same = last.number.role == mention.number.role
    return same and between in PARTING and bool(re.search("各[^，。；]{0,6}$", last.words))


def _signed(mention: Mention, cues: Cues, since: str) -> Mention:
    """The mention with its kind; a minus before a change turns its direction, before a level its sign.

    Right behind a comparison (较上年-0.50万元) it says that less is spent. Behind a figure it is the dash of a range
    (5万元-10万元).
    """
    if not mention.words.endswith(_MINUS):
        return cues.classified(mention, since)
    told = cues.classified(replace(mention, words=mention.words[:-1]), since)
    if told.kind in ("growth", "change"):
        return replace(told, up=False if told.up is None else not told.up)
    if not told.level or not told.words or told.words[-1].isdigit():
        return mention
    if told.kind != "level" and (base := cues.compared_at_end(told.words)):
        return replace(told, kind="change", up=False, base=base)
    return replace(told, number=replace(mention.number, value=-mention.number.value))


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
