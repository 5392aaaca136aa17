"""The page of a run: what was done, what failed and what mends it, what was changed, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from fisc.flows.night.coverage import Place
from fisc.flows.page.markup import Child, Markup, element, joined
from fisc.reasons import reason

if TYPE_CHECKING:
    from fisc.flows.night.record import Record
    from fisc.flows.summary import Summary

MARKS = {
    "published": ("●", "good"),
    "waiting": ("◐", "warn"),
    "failed": ("✗", "bad"),
    "missing": ("missing", "bad"),
    "not_due": ("not due", "quiet"),
}
COUNTED = (
    "listed", "ignored", "new", "changed", "unchanged", "read", "published", "superseded", "gone", "rows",
)  # fmt: skip


def run_page(record: Record) -> str:
    """One HTML document that loads nothing from elsewhere."""
    style = element("style", Markup((files(__package__) / "page.css").read_text("utf-8")))
    head = joined(
        (
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width"),
            element("title", record.name),
            style,
        )
    )
    parts = (
        element("h1", record.name),
        element("p", _when(record), class_="when"),
        _notices(record),
        _counts(record),
        _failures(record.summary),
        _changes(record.summary),
        _notes(record.summary),
        _periods(record),
        _coverage(record.coverage),
    )
    return "<!doctype html>" + element("html", element("head", head), element("body", *parts), lang="en")


def markdown(record: Record) -> str:
    """The same in short, for Prefect."""
    did = record.summary
    lines = [f"# {record.name}", "", _when(record), "", "| | |", "|---|---|"]
    lines += [f"| {name} | {number:,} |" for name, number in _numbers(did)]
    lines += [f"| failed: {name} | {number:,} |" for name, number in did.failed.most_common()]
    lines += ["", *(f"- **{notice.subject}**" for notice in record.notices)]
    lines += [f"- {trouble.sentence}" for trouble in did.troubles]
    return "\n".join(lines)


def plain_row(place: Place) -> dict[str, str | int]:
    """A place of the coverage as a row of a table."""
    day = place.published_on.isoformat() if place.published_on else ""
    return {
        "department": place.department, "year": place.fiscal_year, "stage": place.stage, "state": place.state,
        "published_on": day, "days_late": place.days_late,
    }  # fmt: skip


def _when(record: Record) -> str:
    rates = ", ".join(f"{number:,} {name}" for name, number in record.rates.items())
    return (
        f"Run {record.run}, began {record.started_at:%Y-%m-%d %H:%M} UTC, took {record.seconds:,.1f} s; "
        f"documents a minute: {rates}; fisc {record.version}"
    )


def _numbers(did: Summary) -> list[tuple[str, int]]:
    return [(name, getattr(did, name)) for name in COUNTED] + [
        (f"findings: {severity}", number) for severity, number in sorted(did.findings.items())
    ]


def _notices(record: Record) -> Child:
    told = [element("li", element("b", n.subject), _list(n.lines)) for n in record.notices]
    sent = [
        element("p", s.problem or f"Told by {s.by}.", class_="bad" if s.problem else "quiet")
        for s in record.sent
    ]
    return joined((element("h2", "Look at this"), element("ul", *told), *sent)) if told else None


def _counts(record: Record) -> Child:
    return joined(
        (element("h2", "What was done"), _table((), (row for row in _numbers(record.summary) if row[1])))
    )


def _failures(did: Summary) -> Child:
    if not did.failures:
        return element("p", "Nothing failed.", class_="good")
    rows = [
        (
            name,
            number,
            reason(name).means,
            reason(name).mends,
            element("code", f"fisc failures --reason {name}"),
        )
        for name, number in did.failed.most_common()
    ]
    table = _table(("reason", "how many", "what it means", "what mends it", "see"), rows) if rows else None
    troubles = _list([trouble.sentence for trouble in did.troubles])
    return joined((element("h2", "What failed"), table, troubles))


def _changes(did: Summary) -> Child:
    if not did.replaced:
        return None
    return joined((element("h2", "Changed after publication"), _list([r.sentence for r in did.replaced])))


def _notes(did: Summary) -> Child:
    return joined((element("h2", "Notes"), _list(did.notes))) if did.notes else None


def _periods(record: Record) -> Child:
    if not record.periods:
        return None
    rows = [
        (
            f"{p.fiscal_year} {p.stage}",
            p.due.isoformat(),
            p.expected,
            p.published,
            p.waiting,
            p.failed,
            len(p.missing),
            p.unnamed,
            p.late,
        )
        for p in record.periods
    ]
    heads = (
        "year and stage",
        "due",
        "expected",
        "published",
        "waiting",
        "failed",
        "missing",
        "missing, no name known",
        "late",
    )
    return joined((element("h2", "Coverage"), _table(heads, rows)))


def _coverage(places: Sequence[Place]) -> Child:
    """A line a department, a column a year and stage; what is not published is marked."""
    if not places:
        return None
    columns = list(dict.fromkeys((place.fiscal_year, place.stage) for place in places))
    lines: dict[str, dict[tuple[int, str], Place]] = {}
    for place in places:
        lines.setdefault(place.department, {})[place.fiscal_year, place.stage] = place
    heads = ("department", *(f"{year} {stage}" for year, stage in columns))
    rows = [
        (department, *(_mark(line.get(column)) for column in columns)) for department, line in lines.items()
    ]
    return _table(heads, rows)


def _mark(place: Place | None) -> Child:
    if place is None:
        return ""
    words, style = MARKS[place.state]
    late = f" {place.days_late} days late" if place.days_late else ""
    return element("span", words + late, class_=style)


def _table(heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Markup:
    body = [element("tr", *(_cell(child) for child in row)) for row in rows]
    top = element("thead", element("tr", *(element("th", head) for head in heads))) if heads else None
    return element("table", top, element("tbody", *body))


def _cell(child: Child) -> Markup:
    if isinstance(child, int):
        return element("td", f"{child:,}", class_="number")
    return element("td", child)


def _list(lines: Iterable[str]) -> Markup | None:
    items = [element("li", line) for line in lines]
    return element("ul", *items) if items else None
