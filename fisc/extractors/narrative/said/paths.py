"""Class lines: 公共安全支出（204类）司法（06款）行政运行（01项)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fisc.extractors.narrative.text.numbering import marker_of
from fisc.schemas.patterns import patterns

_DATA = patterns("cues")["class_path"]
_MARKER = re.compile(_DATA["marker"])
_LEAD = re.compile(_DATA["lead"])
_LEVELS = {"类": 0, "款": 1, "项": 2}
_STOPS = '，。；：:“”、"0123456789%％.'


@dataclass(frozen=True, slots=True)
class ClassPath:
    """Names and printed codes from the class down, and where their last mark ends in the sentence."""

    names: tuple[str, ...]
    codes: tuple[str, ...]
    end: int


def paths_in(text: str, above: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())) -> list[ClassPath]:
    """The class lines that a sentence names, each as far as it goes; ``above`` are names of the heading."""
    if "）" not in text:
        return []
    found: list[ClassPath] = []
    names, codes = list(above[0]), list(above[1])
    end = 0
    for match in _MARKER.finditer(text):
        level = _LEVELS[match["level"]]
        name = _name_before(text, end, match.start())
        end = match.end()
        if not name or level > len(names):
            continue
        names[level:] = [name]
        codes[level:] = [match["code"]]
        if found and found[-1].end == end - len(match[0]) - len(name) and level:
            found.pop()
        found.append(ClassPath(tuple(names), tuple(codes), end))
    return _longest(found)


def _name_before(text: str, floor: int, at: int) -> str:
    start = at
    while start > floor and text[start - 1] not in _STOPS:
        if text[start - 1] == "）":
            opening = text.rfind("（", floor, start)
            if opening < 0:
                break
            start = opening
        elif text[start - 1] == "（":
            break
        else:
            start -= 1
    name = text[start:at].strip()
    marker = marker_of(name)
    return _LEAD.sub("", name[marker.length :] if marker else name)


def _longest(found: list[ClassPath]) -> list[ClassPath]:
    """Of a path read mark by mark, the longest reading."""
    kept: list[ClassPath] = []
    for path in found:
        if (
            kept
            and len(path.names) > len(kept[-1].names)
            and path.names[: len(kept[-1].names)] == kept[-1].names
        ):
            kept[-1] = path
        else:
            kept.append(path)
    return kept
