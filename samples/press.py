"""The press: a disclosure and a layout in, a PDF out. The same two always give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from samples.disclosure import Disclosure
from samples.layout import Layout, Section
from samples.printing.across import draw_across
from samples.printing.flow import Flow
from samples.printing.forms import official_sheet, words
from samples.printing.goals import goal_sheets
from samples.printing.listed import listed_sheet
from samples.printing.sheet import Sheet
from samples.printing.table import draw
from samples.telling.accompanying import ROWS, rows_beside
from samples.telling.narrative import Teller
from samples.telling.printed import Row
from samples.telling.statements import statement

Edit = Callable[[Sheet], Sheet]
"""Changes a sheet before it is drawn, e.g. one of its cells."""


def as_it_is(sheet: Sheet) -> Sheet:
    """The edit that changes nothing."""
    return sheet


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
    if layout.settled:
        disclosure = disclosure.settled()
    official = {form.table: statement(disclosure, form) for form in layout.forms if form.compared}
    beside = {
        name: _printed_columns(rows_beside(disclosure, name), name, layout) for name in _told_beside(layout)
    }
    return official | beside


def _printed_columns(rows: list[Row], table: str, layout: Layout) -> list[Row]:
    """The rows without the columns that the layout's form of the table does not have."""
    form = (layout.extras or {}).get(table)
    if form is None:
        return rows
    known = {*(column.field for column in form.columns), "project_number", "is_total"}
    return [{name: value for name, value in row.items() if name in known} for row in rows]


def _told_beside(layout: Layout) -> list[str]:
    said = {text[1:] for section in layout.narrative for text in section.text if text.startswith("@")}
    goals = ("project", "performance_indicator") if "projects" in said else ()
    return [name for name in ROWS if name in said or name in goals]


@dataclass(frozen=True, slots=True)
class Job:
    """One document being printed."""

    flow: Flow
    disclosure: Disclosure
    layout: Layout
    edit: Edit


def _cover(job: Job) -> None:
    job.flow.y += 180
    for line in job.layout.cover:
        job.flow.heading(words(line, job.disclosure), 24)
        job.flow.y += 20
    job.flow.new_page()


def _contents(job: Job) -> None:
    """目录: every title once more, with dots and a page number."""
    job.flow.heading("目    录", 16)
    titles = [form.title for form in job.layout.forms]
    titles += [section.heading for section in job.layout.narrative if section.depth == 1]
    size, dot = job.layout.style.body, job.flow.face.width(".", job.layout.style.body)
    for n, title in enumerate(titles, 3):
        told = words(title, job.disclosure)
        dots = int((job.flow.measure - job.flow.face.width(f"{told}{n}", size)) / dot) - 1
        job.flow.paragraph(f"{told}{'.' * max(dots, 3)}{n}", indent=0)
    job.flow.new_page()


def _tables(job: Job) -> None:
    for form in job.layout.forms:
        sheet = job.edit(official_sheet(job.disclosure, form, job.layout))
        (draw_across if sheet.across else draw)(job.flow, sheet)


def _directive(job: Job, name: str) -> None:
    flow, disclosure, layout = job.flow, job.disclosure, job.layout
    if name == "duties":
        for n, duty in enumerate(disclosure.department.duties, 1):
            flow.paragraph(f"（{'一二三四五六七八九'[n - 1]}）{duty}")
    elif name == "glossary":
        for n, row in enumerate(rows_beside(disclosure, "glossary"), 1):
            flow.paragraph(f"{n}、{row['term']}：{row['definition']}")
    elif name == "tables":
        _tables(job)
    elif name == "projects":
        for sheet in goal_sheets(disclosure, layout):
            draw(flow, job.edit(sheet))
    else:
        draw(flow, job.edit(listed_sheet(disclosure, layout, name)))


def _section(job: Job, section: Section, teller: Teller) -> None:
    flow = job.flow
    if section.new_page and not flow.fresh:
        flow.new_page()
    if section.heading:
        part = section.depth == 0
        flow.heading(
            teller.fill(section.heading), 18 if part else flow.style.body + 1, "center" if part else "left"
        )
    for text in section.text:
        if text.startswith("@"):
            _directive(job, text[1:])
        else:
            flow.paragraph(teller.fill(text))


def _narrative(job: Job) -> None:
    layout = job.layout
    teller = Teller(job.disclosure, layout.narrative_unit, layout.percent_digits, layout.narrative_digits)
    job.flow.need(100)
    for section in job.layout.narrative:
        _section(job, section, teller)


PARTS: dict[str, Callable[[Job], None]] = {
    "cover": _cover,
    "contents": _contents,
    "tables": _tables,
    "narrative": _narrative,
}


def _print(disclosure: Disclosure, layout: Layout, title: str, edit: Edit) -> bytes:
    told = disclosure.settled() if layout.settled else disclosure
    job = Job(Flow(layout.style), told, layout, edit)
    for part in layout.order:
        PARTS[part](job)
    return job.flow.close(title)


def print_disclosure(disclosure: Disclosure, layout: Layout, edit: Edit = as_it_is) -> Printed:
    """Print everything into one file. ``edit`` may change any sheet before it is drawn."""
    title = words(layout.title, disclosure)
    return Printed(f"{title}.pdf", title, _print(disclosure, layout, title, edit))


def print_together(disclosures: Sequence[Disclosure], layout: Layout) -> Printed:
    """Print several disclosures into one file, one after the other: a department and its units."""
    title = words(layout.title, disclosures[0])
    flow = Flow(layout.style)
    for disclosure in disclosures:
        if not flow.fresh:
            flow.new_page()
        told = disclosure.settled() if layout.settled else disclosure
        for part in layout.order:
            PARTS[part](Job(flow, told, layout, as_it_is))
    return Printed(f"{title}.pdf", title, flow.close(title))


def print_apart(disclosure: Disclosure, layout: Layout) -> tuple[Printed, Printed]:
    """Print the narrative and the tables into two files, as some departments publish them."""
    title = words(layout.title, disclosure)
    order = tuple(part for part in layout.order if part in ("cover", "narrative"))
    kept = tuple(s for s in layout.narrative if "@tables" not in s.text)
    narrative = replace(layout, order=order, narrative=kept)
    tables = replace(layout, order=("tables",))
    told, listed = f"{title}说明", f"{title}表"
    return (
        Printed(f"{told}.pdf", told, _print(disclosure, narrative, told, as_it_is)),
        Printed(f"{listed}.pdf", listed, _print(disclosure, tables, listed, as_it_is)),
    )
