"""Claims of sums: wholes and their parts, lists in a sentence, graded projects and their rate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.extractors.narrative.claims.relating import claim_of
from fisc.extractors.narrative.said.facts import Text
from fisc.extractors.narrative.said.mention import Mention
from fisc.extractors.narrative.said.numbers import widened
from fisc.schemas.narrative import Claim, Figure
from fisc.schemas.patterns import patterns

_LIST = patterns("cues")["list"]
_CLOSED = re.compile(r"(?:^|[，。：])(?:" + _LIST["closed"] + ")")
_OPENED = re.compile(r"^[，。：（]?(?:" + _LIST["opened"] + ")")
_FLAT = re.compile(
    r"[，。]?(?:与|比|较|同)[^，。；]{0,16}(?:" + "|".join(patterns("cues")["words"]["flat"]) + ")"
)
_CLOSING = re.compile(_LIST["closing"])
_INTRODUCES = re.compile(r"(?:其中|包括|如下|以下方面|分别为)[：:]?\s*$")
_CLASSES = patterns("partitions")["classes"]
_CLASS_WHOLES = frozenset(_CLASSES["wholes"])
_DIVIDED = frozenset(_CLASSES["divided"])
_LISTED = re.compile(_CLASSES["listed"])
_OVERLAPPING = frozenset(patterns("partitions")["overlapping"]["wholes"])
_NOW = ("level", "final")


@dataclass(frozen=True, slots=True)
class Partition:
    """A whole and its parts, by the names that may stand for each."""

    name: str
    label: str
    wholes: frozenset[str]
    required: tuple[str, ...]
    parts: Mapping[str, str]
    changes: bool
    same_sentence: bool
    same_paragraph: bool
    optional: frozenset[str]


PARTITIONS = tuple(
    Partition(
        entry["name"], entry["label"], frozenset(entry["wholes"]), tuple(entry["required"]),
        {name: part for part, names in entry["parts"].items() for name in names},
        entry.get("changes", False), entry.get("same_sentence", False),
        entry.get("same_paragraph", False), frozenset(entry.get("optional", ())),
    )
    for entry in patterns("partitions")["partition"]
)  # fmt: skip


def partition_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """Wholes whose parts are said behind them in the same section."""
    for at, whole in enumerate(mentions):
        if whole.nested or whole.reason or whole.kind not in (*_NOW, "budget", "count", "change"):
            continue
        for partition in PARTITIONS:
            if whole.name not in partition.wholes or (whole.kind == "change" and not partition.changes):
                continue
            parts = _parts_after(mentions, at, partition)
            level = _unchanged(mentions, at, partition, text) if whole.kind == "change" else {}
            flat = {part: mention for part, mention in level.items() if part not in parts}
            if len(parts) + len(flat) >= 2 and parts:
                yield _sum(whole, parts, partition, text, flat)


def _parts_after(mentions: Sequence[Mention], at: int, partition: Partition) -> dict[str, Mention]:
    """The first mention of each part behind a whole, up to the next whole of the kind."""
    whole = mentions[at]
    kinds = {"change": ("change",), "count": ("count",), "budget": ("budget",)}.get(whole.kind, _NOW)
    found: dict[str, Mention] = {}
    for later in mentions[at + 1 :]:
        if later.kind in kinds and later.name in partition.wholes and not later.nested:
            break
        if partition.same_sentence and later.sentence != whole.sentence:
            break
        if partition.same_paragraph and later.paragraph != whole.paragraph:
            break
        part = partition.parts.get(later.name or "")
        if part and later.kind in kinds and part not in found and later.number.unit != "":
            found[part] = later
    return found


def _unchanged(mentions: Sequence[Mention], at: int, partition: Partition, text: Text) -> dict[str, Mention]:
    """Parts that are said to be as in the year before: …费0万元，与上年持平."""
    found: dict[str, Mention] = {}
    for index, later in enumerate(mentions[at + 1 :], at + 1):
        if later.kind == "change" and later.name in partition.wholes:
            break
        part = partition.parts.get(later.name or "")
        if part is None or not later.level or part in found:
            continue
        said = widened(text.sentences[later.sentence].text)
        following = mentions[index + 1] if index + 1 < len(mentions) else None
        end = following.number.start if following and following.sentence == later.sentence else len(said)
        if _FLAT.match(said[later.number.close : end]):
            found[part] = later
    return found


def _sum(
    whole: Mention,
    parts: Mapping[str, Mention],
    partition: Partition,
    text: Text,
    flat: Mapping[str, Mention],
) -> Claim:
    complete = all(part in parts or part in flat for part in partition.required)
    near = all(part.paragraph == whole.paragraph for part in parts.values())
    signs = "".join("-" if part.up is False else "+" for part in parts.values())
    unsaid = [
        name
        for name, part in partition.parts.items()
        if part not in parts and part not in flat and part not in partition.optional
    ]
    words = {
        "label": partition.label,
        "rule": partition.name,
        "signs": signs,
        "sign": "-" if whole.up is False else "+",
        "unsaid": " ".join(unsaid),
        "change": "yes" if whole.kind == "change" else "",
        "optional": "".join("?" if part in partition.optional else "." for part in parts),
    }
    sure = complete and (near or whole.kind != "change" or all(not p.reason for p in parts.values()))
    if not complete:
        words["incomplete"] = "yes"
    return claim_of(
        text, "sum", whole, {}, parts=[text.figure(part) for part in parts.values()], words=words, sure=sure
    )


def class_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """Classes (类) of one section, and items (项) of one list, against the whole that they hang on."""
    for depth in (1, 3):
        group: list[Mention] = []
        wholes: list[Mention] = []
        for mention in [*mentions, None]:
            if mention is not None and _is_line(mention, depth):
                if not any(mention.path == one.path for one in group):
                    group.append(mention)
                continue
            if mention is not None and not _may_be_whole(mention, text):
                continue
            if wholes and len(group) >= 2:
                yield _class_sum(wholes, group, depth, text)
            wholes = [*(() if group else wholes), *((mention,) if mention else ())]
            group = []


def _may_be_whole(mention: Mention, text: Text) -> bool:
    """Whether classes and items may add up to a figure."""
    if mention.kind not in _NOW or mention.name not in _CLASS_WHOLES | _DIVIDED:
        return False
    before = text.sentences[mention.sentence].text[: mention.number.start]
    return mention.name in _CLASS_WHOLES or not _LISTED.search(before)


def _is_line(mention: Mention, depth: int) -> bool:
    return mention.name == "expenditure.function" and mention.kind in _NOW and len(mention.path) == depth


def _class_sum(wholes: Sequence[Mention], group: Sequence[Mention], depth: int, text: Text) -> Claim:
    """Lines against the whole before them; where nothing introduces them, they may be those of an earlier one."""
    whole = wholes[-1]
    lead = widened(text.sentences[whole.sentence].text)[whole.number.close :]
    introduced = bool(_INTRODUCES.search(lead)) or "方面" in lead
    words = {
        "label": "各类支出" if depth == 1 else "各项支出",
        "rule": "sum.classes" if depth == 1 else "sum.items",
        "signs": "+" * len(group), "sign": "+", "count": str(len(group)), "depth": str(depth),
        "incomplete": "" if introduced else "yes",
    }  # fmt: skip
    earlier = {} if introduced else {f"whole {n}": text.figure(m) for n, m in enumerate(wholes[:-1], 1)}
    return claim_of(
        text, "sum", whole, earlier, parts=[text.figure(m) for m in group], words=words, sure=introduced
    )


def list_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """A figure and the named parts behind it: 项目支出…，主要为甲…、乙…; also where the list is the next sentence."""
    for at, whole in enumerate(mentions[:-2]):
        following = mentions[at + 1]
        if (
            whole.kind not in (*_NOW, "budget")
            or whole.nested
            or whole.name in _OVERLAPPING
            or following.kind not in _NOW
            or following.number.unit == ""
        ):
            continue
        lead = _lead(whole, following, text)
        closed = bool(_CLOSED.search(lead))
        if not closed and not _OPENED.match(lead):
            continue
        parts = _listed(mentions, at, text)
        if len(parts) >= 2 and not _divided(whole, parts) and not _of_another(mentions, at, parts):
            yield _list_sum(whole, parts, closed, text)


def _lead(whole: Mention, following: Mention, text: Text) -> str:
    """The words between a figure and the first of its parts."""
    said = widened(text.sentences[following.sentence].text)
    if following.sentence == whole.sentence:
        return said[whole.number.close : following.number.start]
    near = following.sentence == whole.sentence + 1 and following.paragraph == whole.paragraph
    before = said[: following.number.start]
    return before if near and _CLOSED.match(before) else ""


def _of_another(mentions: Sequence[Mention], at: int, parts: Sequence[Mention]) -> bool:
    """Whether the parts make a figure that the sentence named before: 总额A，其中甲B、乙C，用于丙…、丁…."""
    whole, total = mentions[at], sum((part.number.value for part in parts), Decimal(0))
    slack = sum((part.number.step for part in parts), Decimal(0)) / 2
    before = (m for m in mentions[:at] if m.sentence == whole.sentence and m.level)
    return any(abs(m.number.value - total) <= slack for m in before)


def _listed(mentions: Sequence[Mention], at: int, text: Text) -> list[Mention]:
    """The levels behind a whole in its sentence, up to its own sister, a list of its own or anything that is no part."""
    whole = mentions[at]
    parts: list[Mention] = []
    here = mentions[at + 1].sentence
    for later in mentions[at + 1 :]:
        if later.sentence != here or not later.level or later.number.unit == "":
            break
        if _sisters(whole, later) or (parts and _OPENED.match(_lead(parts[-1], later, text))):
            break
        parts.append(later)
    return parts


def _sisters(one: Mention, other: Mention) -> bool:
    return any(one.name in p.parts and other.name in p.parts for p in PARTITIONS if one.name and other.name)


def _divided(whole: Mention, parts: Sequence[Mention]) -> bool:
    """Whether a partition already says how this whole divides."""
    return any(
        whole.name in partition.wholes and any(part.name in partition.parts for part in parts)
        for partition in PARTITIONS
    )


def _list_sum(whole: Mention, parts: Sequence[Mention], closed: bool, text: Text) -> Claim:
    closing = parts[-1] if _CLOSING.match(parts[-1].words.lstrip("，。；、")) else None
    parts = parts[:-1] if closing else parts
    words = {
        "label": "所列各项", "rule": "sum.list", "signs": "+" * len(parts), "sign": "+", "count": str(len(parts)),
        "labels": "\n".join(part.label for part in parts), "incomplete": "" if closed or closing else "yes",
    }  # fmt: skip
    operands: dict[str, Figure] = {"closing": text.figure(closing)} if closing else {}
    figures = [text.figure(part) for part in parts]
    return claim_of(
        text, "sum", whole, operands, parts=figures, words=words, sure=closed or closing is not None
    )


def rate_claims(mentions: Sequence[Mention], text: Text) -> Iterator[Claim]:
    """评优率P%: from the graded projects of the same paragraph."""
    grades = patterns("cues")["grades"]
    names = {grades["excellent"]: "excellent"} | {name: name.rpartition(".")[2] for name in grades["others"]}
    for at, rate in enumerate(mentions):
        if rate.name != "performance.excellent_rate":
            continue
        counts = [m for m in mentions[:at] if m.paragraph == rate.paragraph and m.kind == "count"]
        operands = {names[m.name]: text.figure(m) for m in counts if m.name in names}
        totals = [
            m
            for m in counts
            if m.name == "performance.projects" or (m.name is None and m.number.unit == "个")
        ]
        if totals:
            operands["total"] = text.figure(totals[-1])
        words = {"which": "good" if re.search(grades["good_rate"], rate.words) else "excellent"}
        yield claim_of(text, "rate", rate, operands, words=words)
