"""The words of relation, compiled for a document's year."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from fisc.extractors.narrative.said.numbers import POINTS
from fisc.schemas.patterns import patterns
from fisc.schemas.patterns.phrases import alternatives

if TYPE_CHECKING:
    from fisc.extractors.narrative.said.mention import Mention

_DATA = patterns("cues")


class Cues:
    """What the words before a figure say of it, in a document of one year and stage."""

    def __init__(self, year: int | None, stage: str | None) -> None:
        words = {key: alternatives(tuple(value)) for key, value in _DATA["words"].items()}
        self.year, self.final = year, stage == "final_accounts"
        self._holders = {
            **words,
            "this": str(year) if year else "(?!)",
            "last": str(year - 1) if year else "(?!)",
        }
        before = {kind: self._compiled(pattern) for kind, pattern in _DATA["before"].items()}
        self._change, self._object, self._growth = before["change"], before["object"], before["growth"]
        self._beyond, self._compared = before["beyond"], before["compared"]
        self._share, self._completion, self._rate = before["share"], before["completion"], before["rate"]
        self._budget, self._final, self._last_year = before["budget"], before["final"], before["last_year"]
        self._plain, self.aside, self._source = before["plain"], before["aside"], before["source"]
        self._out_of, self._up_to = before["out_of"], before["up_to"]
        self._base = self._compiled(_DATA["compare"]["base"])
        self._base_budget = self._compiled(_DATA["compare"]["budget"])
        self._versus = re.compile(_DATA["compare"]["versus"])
        self._year_before = self._compiled(_DATA["compare"]["year_before"])
        self._lead = self._compiled(_DATA["list"]["lead"])
        self._heading_year = self._compiled(_DATA["compare"]["last"])
        self._this_year = self._compiled(_DATA["compare"]["this"])
        self._neutral = frozenset(_DATA["words"]["neutral"])
        self._other_year = re.compile(_DATA["other_year"]["level"])
        self._goes_on = re.compile(_DATA["reason"]["and"])
        self._up = re.compile(f"{words['up']}|{words['over']}")
        self._rate_words = frozenset(_DATA["words"]["rates"])
        self.scope = self._compiled(_DATA["compare"]["scope"])
        self.reason = self._compiled(_DATA["reason"]["after"])
        self.restated = self._compiled(_DATA["restated"]["this_year"])

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        for key, value in self._holders.items():
            pattern = pattern.replace("{" + key + "}", value)
        return re.compile(pattern)

    def classified(self, mention: Mention, since: str) -> Mention:
        """The mention with its kind; ``since`` is the text from the figure before it."""
        if mention.number.unit == POINTS:
            return replace(mention, kind="rate")
        if mention.number.role == "percent":
            return self._percent(mention)
        if self.final and (match := self._beyond.search(mention.words)):
            return replace(mention, kind="change", up=self._goes_up(match["word"]), base="budget")
        if mention.number.role == "money" and self._out_of.search(mention.words):
            return replace(mention, kind="last_year")
        if mention.number.role == "money" and self._up_to.search(mention.words):
            return mention
        match = self._change.search(mention.words) or self._object.search(mention.words)
        if match and not self._is_name(mention, match, since):
            return replace(mention, kind="change", up=self._goes_up(match["word"]), base=self._against(since))
        if mention.number.role != "money":
            return replace(mention, kind="count")
        if self._said_last_year(since) or self._compared.search(mention.words):
            return replace(mention, kind="last_year")
        if self.final and self._final.search(mention.words):
            return replace(mention, kind="final")
        if self.final and self._budget.search(mention.words):
            return replace(mention, kind="budget")
        return mention

    def grows(self, words: str) -> bool:
        """Whether a bare number behind these words is a rate of growth whose percent mark is missing."""
        return bool(re.search(r"(?:增长|下降|增幅|降幅)(?:了|为|率)?$", words))

    def _percent(self, mention: Mention) -> Mention:
        words = mention.words
        if match := self._completion.search(words):
            return replace(mention, kind="completion", base=(match["base"] or "预算"))
        if match := self._share.search(words):
            return replace(mention, kind="share", whole=match["whole"])
        if match := self._growth.search(words):
            return replace(mention, kind="growth", up=self._goes_up(match["word"]))
        if match := self._rate.search(words):
            return replace(mention, kind="rate", label=match["name"])
        return replace(mention, kind="rate")

    def _is_name(self, mention: Mention, match: re.Match[str], since: str) -> bool:
        """支持商销稳增长30万元: the word belongs to a name, and nothing is compared."""
        if mention.number.role == "count" and match.end() < len(mention.words):
            return True
        return match["word"] in self._rate_words and not self._base.search(since)

    def _goes_up(self, word: str) -> bool | None:
        return None if word in self._neutral else bool(self._up.fullmatch(word))

    def _against(self, since: str) -> str:
        """What the words before a change compare with; nothing, where that is a year farther back."""
        matches = list(self._base.finditer(since))
        if not matches:
            return ""
        base = matches[-1]["base"] or ""
        year = re.search(r"20\d{2}", base)
        if year and self.year and int(year[0]) not in (self.year, self.year - 1):
            return ""
        return "budget" if self.final and self._base_budget.search(base) else "last_year"

    def compared_at_end(self, words: str) -> str:
        """What the words compare with, where nothing stands behind the comparison: 公务接待费较上年."""
        match = next((m for m in self._base.finditer(words) if m.end() == len(words)), None)
        return self._against(words) if match else ""

    def compared_with(self, level: Mention) -> str:
        """What a change directly behind a level is measured against: 比2023年决算数100.00万元减少…; 减少到18.00万元，减少…."""
        if self._up_to.search(level.words):
            return "last_year"
        if level.kind not in ("last_year", "budget") or not self._versus.match(level.words):
            return ""
        return level.kind

    def compared_in(self, led: str) -> str:
        """What a clause before speaks of that compares without a figure: 公务接待费决算比预算无增减变化，比去年增加….

        Nothing, where the clause has a figure or begins with the comparison itself.
        """
        for clause in reversed(re.split(r"[，。；：]", led)):
            match = self._base.search(clause)
            if match and clause[: match.start()].strip("、（）"):
                return self.label(clause[: match.start()])
        return ""

    def of_other_year(self, mention: Mention) -> bool:
        """Whether a level is that of a year farther back, which a comparison names."""
        match = self._other_year.match(mention.words) if mention.kind == "level" else None
        return match is not None and int(match["year"]) not in (self.year, (self.year or 0) - 1)

    def changed_too(self, last: Mention, mention: Mention) -> bool:
        """Whether a figure among reasons goes on with what changed before it: 压减办公费3.00万元、会议费2.20万元."""
        both = last.reason and mention.reason and last.kind == "change" and mention.kind == "level"
        return both and bool(self._object.search(last.words) and self._goes_on.match(mention.words))

    def follows_from(self, before: Mention, now: Mention) -> bool:
        """Whether two levels are those of 由上年的20.00万元减少到18.00万元."""
        return bool(self._out_of.search(before.words) and self._up_to.search(now.words))

    def _said_last_year(self, since: str) -> bool:
        clause = re.split(r"[，。；：]", since)[-1]
        return bool(self._last_year.search(clause))

    def of_last_year(self, words: str) -> bool:
        """Whether the year before stands at the head of the words that name a figure (2024年支出预算…)."""
        return bool(self._heading_year.search(words))

    def of_this_year(self, words: str) -> bool:
        """Whether words speak of the year of the document."""
        return bool(self._this_year.search(words))

    def subject(self, mention: Mention) -> str:
        """The words that name the figure: without the relation and the comparison."""
        words = mention.words
        if mention.kind == "change":
            match = self._beyond.search(words) or self._change.search(words)
            if match is None and (match := self._object.search(words)):
                return match["object"]
            words = words[: match.start()] if match else words
        elif mention.kind == "growth":
            match = self._growth.search(words)
            words = words[: match.start()] if match else words
        elif mention.kind == "share":
            match = self._share.search(words)
            return words[: match.start()] if match else ""
        elif mention.kind == "completion" or self._up_to.search(words):
            return ""
        elif out := self._out_of.search(words):
            return words[: out.start()]
        base = self._base.search(words)
        if base is None:
            return words
        return words[base.end() :].strip("，") or words[: base.start()]

    def label(self, subject: str) -> str:
        """What a figure is called, where the vocabulary has no name for it."""
        return self._lead.sub("", subject).strip("，。；：、“” ")

    def plain_before(self, label: str) -> bool:
        """Whether the words say nothing but the year before, budget, final, amount."""
        return self.plain(self._year_before.sub("", label))

    def tells_source(self, label: str) -> bool:
        """Whether the words tell where a part of the figure before comes from: 其中：财政拨款400.00万元."""
        return bool(self._source.search(label))

    def plain(self, label: str) -> bool:
        """Whether the words say nothing but budget, final, amount."""
        return bool(self._plain.match(label))


@lru_cache(maxsize=64)
def cues_for(year: int | None, stage: str | None) -> Cues:
    """The words of relation for a document's year and stage."""
    return Cues(year, stage)
