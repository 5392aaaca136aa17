"""Pages that are answered with 200 and are not what was asked for: firewalls, logins, missing pages, bare JavaScript."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from selectolax.lexbor import LexborHTMLParser

from fisc.flows.portal.pages import visible, words

SHOWN = 20_000
"""Characters of a page's source that are looked through."""


@dataclass(frozen=True, slots=True)
class Stub:
    """One kind of such pages, as declared in ``stubs.toml``."""

    reason: str
    says: str
    visible: int
    any: re.Pattern[str] | None
    title: re.Pattern[str] | None


def recognised(text: str) -> Stub | None:
    """Which kind of stub a page is; None for a page that may be what was asked for."""
    page = LexborHTMLParser(text)
    heading = f"{words(page.css_first('title'))} {words(page.css_first('h1, h2'))}"
    seen = len(visible(page))
    for stub in _stubs():
        if seen <= stub.visible and _fits(stub, text[:SHOWN], heading):
            return stub
    return None


def _fits(stub: Stub, text: str, heading: str) -> bool:
    patterns = ((stub.any, text), (stub.title, heading))
    return any(pattern is not None and pattern.search(said) for pattern, said in patterns)


@cache
def _stubs() -> tuple[Stub, ...]:
    declared = tomllib.loads(files("fisc.flows.net").joinpath("stubs.toml").read_text(encoding="utf-8"))
    return tuple(
        Stub(s["reason"], s["says"], s["visible"], _either(s.get("any")), _either(s.get("title")))
        for s in declared["stub"]
    )


def _either(patterns: list[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) if patterns else None
