"""The press: a disclosure and a layout in, a PDF out. The same two always give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.disclosure import Disclosure
from samples.layout import Layout, Section
from samples.printing.flow import Flow
from samples.printing.forms import official_sheet, words
from samples.printing.goals import goal_sheets
from samples.printing.listed import listed_sheet
from samples.printing.table import draw
from samples.telling.accompanying import ROWS, glossary_rows
from samples.telling.narrative import Teller
from samples.telling.statements import Row, statement


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed file: its name as a portal would show it, its bytes, its title."""

    file_name: str
    title: str
    content: bytes


def expected_rows(disclosure: Disclosure, layout: Layout) -> dict[str, list[Row]]:
    """Table name to rows: exactly what must be published when ``disclosure`` is printed in ``layout``.

    Only columns that can be read from the print are given (never the common columns); amounts in yuan as printed.
    """
    official = {form.table: statement(disclosure, form) for form in layout.forms}
    beside = {name: ROWS[name](disclosure) for name in _told_beside(layout)}
    return official | beside


def _told_beside(layout: Layout) -> list[str]:
    said = {text[1:] for section in layout.narrative for text in section.text if text.startswith("@")}
    goals = ("project", "performance_indicator") if "projects" in said else ()
    return [name for name in ROWS if name in said or name in goals]


def _cover(flow: Flow, disclosure: Disclosure, layout: Layout) -> None:
    flow.y += 180
    for line in layout.cover:
        flow.heading(words(line, disclosure), 24)
        flow.y += 20
    flow.new_page()


def _contents(flow: Flow, disclosure: Disclosure, layout: Layout) -> None:
    """目录: every title once more, with dots and a page number."""
    flow.heading("目    录", 16)
    titles = [words(f.title, disclosure, f) for f in layout.forms] + [
        s.heading for s in layout.narrative if s.depth == 1
    ]
    for n, title in enumerate(titles, 3):
        flow.paragraph(f"{words(title, disclosure)}{'.' * 30}{n}", indent=0)
    flow.new_page()


def _tables(flow: Flow, disclosure: Disclosure, layout: Layout) -> None:
    if layout.tables_heading:
        flow.heading(words(layout.tables_heading, disclosure), 18)
    for form in layout.forms:
        draw(flow, official_sheet(disclosure, form, layout))


def _directive(flow: Flow, disclosure: Disclosure, layout: Layout, name: str) -> None:
    if name == "duties":
        for n, duty in enumerate(disclosure.department.duties, 1):
            flow.paragraph(f"（{'一二三四五六七八九'[n - 1]}）{duty}")
    elif name == "glossary":
        for n, row in enumerate(glossary_rows(disclosure), 1):
            flow.paragraph(f"{n}、{row['term']}：{row['definition']}")
    elif name == "tables":
        _tables(flow, disclosure, layout)
    elif name == "projects":
        for sheet in goal_sheets(disclosure, layout):
            draw(flow, sheet)
    else:
        draw(flow, listed_sheet(disclosure, layout, name))


def _section(flow: Flow, section: Section, teller: Teller, layout: Layout) -> None:
    if section.new_page and not flow.fresh:
        flow.new_page()
    if section.heading:
        big = section.depth == 0
        flow.heading(
            teller.fill(section.heading), 18 if big else flow.style.body + 1, "center" if big else "left"
        )
    for text in section.text:
        if text.startswith("@"):
            _directive(flow, teller.disclosure, layout, text[1:])
        else:
            flow.paragraph(teller.fill(text))


def _narrative(flow: Flow, disclosure: Disclosure, layout: Layout) -> None:
    teller = Teller(disclosure, layout.narrative_unit, layout.percent_digits)
    flow.need(100)
    for section in layout.narrative:
        _section(flow, section, teller, layout)


PARTS = {"cover": _cover, "contents": _contents, "tables": _tables, "narrative": _narrative}


def _without_tables(layout: Layout) -> Layout:
    kept = tuple(s for s in layout.narrative if "@tables" not in s.text)
    return replace(layout, narrative=kept)


def _print(disclosure: Disclosure, layout: Layout, order: tuple[str, ...], title: str) -> bytes:
    flow = Flow(layout.style)
    for part in order:
        PARTS[part](flow, disclosure, layout)
    return flow.close(title)


def print_disclosure(disclosure: Disclosure, layout: Layout) -> Printed:
    """Print everything into one file."""
    title = words(layout.title, disclosure)
    return Printed(f"{title}.pdf", title, _print(disclosure, layout, layout.order, title))


def print_apart(disclosure: Disclosure, layout: Layout) -> tuple[Printed, Printed]:
    """Print the narrative and the tables into two files, as some departments publish them."""
    title = words(layout.title, disclosure)
    text = tuple(part for part in layout.order if part in ("cover", "narrative"))
    names = f"{title}说明", f"{title}表"
    return (
        Printed(f"{names[0]}.pdf", names[0], _print(disclosure, _without_tables(layout), text, names[0])),
        Printed(f"{names[1]}.pdf", names[1], _print(disclosure, layout, ("tables",), names[1])),
    )
