"""Names and figures in equal numbers: 甲、乙分别为1元、2元; 甲、乙均为0; …甲1元、乙2元，分别增加3元、4元."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fisc.extractors.narrative.said.mention import PARTING, Mention
from fisc.extractors.narrative.said.terms import Named, named
from fisc.schemas.patterns import patterns

_DATA = patterns("cues")["share_out"]
_EACH = re.compile(_DATA["each"])
_IN_TURN = re.compile(_DATA["in_turn"])
_ALIKE = re.compile(_DATA["alike"])
_LEAD = re.compile(_DATA["lead"])
_AND = re.compile(_DATA["and"])
_GOES_ON = re.compile(_DATA["goes_on"])


def shared_out(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """The figures of one sentence; those that a list of names is given in its order, with their names."""
    if not any(word in text for word in _DATA["words"]):
        return list(mentions)
    told: list[Mention] = []
    at = 0
    while at < len(mentions):
        end = _run(mentions, at, text)
        said = _named_in_turn(mentions[at:end]) or _as_before(told, mentions[at:end])
        if said is None:
            end = at + 1
            said = _alike(mentions[at]) or [mentions[at]]
        told += said
        at = end
    return told


def names_of(words: str) -> list[Named]:
    """The names of a list of nothing but names, two at least (货物、工程、服务采购); else none."""
    parts = [_LEAD.sub("", part) for part in _AND.split(_LEAD.sub("", words))]
    found = [name for part in parts if (name := named(part, "CNY")) is not None and not name.before]
    return found if len(found) == len(parts) > 1 else []


def alike_in(words: str) -> list[Named]:
    """The names before 均为."""
    match = _ALIKE.search(words)
    return names_of(words[: match.start()]) if match else []


def _run(mentions: Sequence[Mention], at: int, text: str) -> int:
    """Where the figures end that stand side by side from here on."""
    role, end = mentions[at].number.role, at + 1
    while end < len(mentions) and mentions[end].number.role == role:
        between = text[mentions[end - 1].number.close : mentions[end].number.start].strip()
        if between not in PARTING and not _GOES_ON.fullmatch(between):
            break
        end += 1
    return end


def _named_in_turn(run: Sequence[Mention]) -> list[Mention] | None:
    """甲、乙分别为1元、2元."""
    match = _IN_TURN.search(run[0].words)
    names = names_of(run[0].words[: match.start()]) if match and run[0].number.role == "money" else []
    if not names or len(names) != len(run):
        return None
    return [_called(mention, name) for mention, name in zip(run, names, strict=True)]


def _as_before(told: Sequence[Mention], run: Sequence[Mention]) -> list[Mention] | None:
    """…分别增加3元、4元，增长5%、6%: of the figures of the sentence before them, or of the changes of those.

    Where those cannot be told, of nothing that has a name.
    """
    first, count = run[0], len(run)
    if count < 2 or first.kind not in ("change", "growth", "share"):
        return None
    follows = first.kind == "growth" and bool(told) and told[-1].kind == "change" and told[-1].paired
    if not follows and not _EACH.search(first.words):
        return None
    of = told[-count:] if follows else [m for m in told if m.level and not m.nested][-count:]
    if len(of) < count or any(m.name is None for m in of):
        if first.own:
            return None
        return [replace(m, kind=first.kind, name=None, own=False, sure=False, paired=True) for m in run]
    return [
        replace(
            m, kind=first.kind, up=m.up if m.kind == first.kind else first.up, base=first.base, name=one.name,
            label=one.label, path=one.path, codes=one.codes, own=False, sure=False, paired=True,
        )
        for m, one in zip(run, of, strict=True)
    ]  # fmt: skip


def _alike(mention: Mention) -> list[Mention] | None:
    """甲、乙均为0元: the figure of each."""
    if mention.number.role != "money" or not mention.level or mention.own:
        return None
    return [_called(mention, name) for name in alike_in(mention.words)] or None


def _called(mention: Mention, name: Named) -> Mention:
    kind = mention.kind if mention.level else "level"
    return replace(
        mention, kind=kind, name=name.name, label=name.label, own=True, sure=True, path=(), codes=()
    )
