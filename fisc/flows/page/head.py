"""Whose document it is, how much of it is proven, what was checked, and the way to each page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from fisc.flows.page.findings import Findings, same_file
from fisc.flows.page.marks import PROOFS, UNACCOUNTED, Row, Rows
from fisc.flows.page.markup import Markup, element, joined
from fisc.flows.page.words import english, say

STAGES = {"budget": "预算", "final_accounts": "决算"}
LEVELS = {"department": "部门", "unit": "单位"}
DRAWN = {**PROOFS, "fact": "文中数据", "finding": "审核发现"}
"""What the boxes on a page are, each to be shown or hidden."""


def heading(document: Row, name: str) -> Markup:
    """The disclosure's identity and the file it was read from."""
    year = what_of(document)
    where = " ".join(filter(None, (document["region"], document["region_code"])))
    said = (where, name, f"fisc {document['extractor_version']}", document["document_id"])
    facts = joined(element("li", words) for words in said if words)
    return joined((element("h1", document["department"], " ", year), element("ul", facts, class_="identity")))


def what_of(document: Row) -> str:
    """Year, level and stage of a disclosure."""
    year, level, stage = document["fiscal_year"], LEVELS[document["level"]], STAGES[document["stage"]]
    return f"{year} {say(level)} {say(stage)}" if english() else f"{year}年{level}{stage}"


def summary(document: Row, findings: Rows, address: Callable[[int], str] = same_file) -> Markup:
    """How much was read, how much of it is proven, and what remains."""
    unchecked = document["cells"] - document["cells_proven"] - document["cells_refuted"]
    loose = [(n, f["page"]) for n, f in enumerate(findings, 1) if f["rule"] == UNACCOUNTED]
    first = f"{address(loose[0][1])}#f{loose[0][0]}" if loose else None
    numbers = f"{document['numbers_accounted']:,} / {document['numbers']:,}"
    lines = (
        ("页", f"{document['pages']:,}", f"{say('扫描')} {document['scanned_pages']:,}" if document["scanned_pages"] else ""),
        ("金额", f"{document['cells']:,}", f"{say('已证实')} {document['cells_proven']:,}，{say('未校验')} {unchecked:,}，{say('被否定')} {document['cells_refuted']:,}"),
        ("数字已归属", element("a", numbers, href=first) if first else numbers, ""),
    )  # fmt: skip
    pairs = (
        element("div", element("dt", say(word)), element("dd", figure, " ", element("small", more)))
        for word, figure, more in lines
    )
    return element("dl", joined(pairs), class_="summary")


def legend() -> Markup:
    """A box to tick for each kind of box on the pages."""
    return element("fieldset", element("legend", say("页面标记")), joined(_legend()), class_="legend")


def _legend() -> Iterator[Markup]:
    for kind, word in DRAWN.items():
        tick = element("input", type="checkbox", id=f"show-{kind}", checked=True)
        yield element("label", tick, " ", element("span", say(word), class_=f"sample {kind}"))


def checks(rows: Rows) -> Markup | None:
    """What was tried, so that no finding can be told from not checked."""
    if not rows:
        return None
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["rule"], {})[row["outcome"]] = row["count"]
    outcomes = (("pass", "通过"), ("fail", "不符"), ("not_run", "未执行"))
    heads = joined(
        (
            element("th", say("规则"), scope="col"),
            *(element("th", say(w), scope="col", class_="figure") for _, w in outcomes),
        )
    )
    lines = joined(
        element(
            "tr",
            element("td", element("code", rule)),
            joined(element("td", count.get(o), class_="figure") for o, _ in outcomes),
        )
        for rule, count in sorted(counts.items())
    )
    table = element("table", element("thead", element("tr", heads)), element("tbody", lines))
    summary = element("summary", say("审核记录"), " ", element("span", len(counts), class_="count"))
    return element("details", summary, element("div", table, class_="wide", tabindex=0), class_="checks")


def page_links(
    pages: Sequence[int],
    titles: Mapping[int, Sequence[str]],
    findings: Findings,
    address: Callable[[int], str] = same_file,
    here: int | None = None,
) -> Markup:
    """A link to each page, marked where something was found on it; ``here`` is the one on view."""
    links = (
        element(
            "a",
            page,
            href=address(page) or f"#p{page}",
            class_=" ".join(filter(None, (findings.worst(page), "here" if page == here else None))) or None,
            aria_current="page" if page == here else None,
            title="、".join(titles.get(page, ())) or None,
        )
        for page in pages
    )
    return element("nav", joined(links), aria_label=say("页码"), class_="pages")
