"""``fisc sources``: which portals are declared, and what one of them would give now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from fisc.flows.checking import Check
    from fisc.flows.sources import Source
    from fisc.warehouse.ledger import Link

AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]
SourceDir = Annotated[
    Path, typer.Option("--source-dir", envvar="FISC_SOURCES", help="Folder with the source files.")
]
SHOWN = 40
STAGE_STYLES = {"budget": "cyan", "final_accounts": "magenta"}
app = typer.Typer(
    help="The sources: portals as they are declared, and what they would give now.",
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def sources(context: typer.Context, source_dir: SourceDir = Path("sources"), json: AsJson = False) -> None:
    """The declared sources: their region, where they begin, when they are harvested.

    Each is a file in the folder of sources; docs/sources.md says how to write one. A file that is wrong is said to be,
    and the exit status is then 1.

    Example: [bold]fisc sources[/]
    """
    if context.invoked_subcommand:
        return
    from fisc.flows.cli.console import err, out, print_json
    from fisc.flows.sources import readable_sources

    read, wrong = readable_sources(source_dir)
    known = list(read.values())
    for error in wrong:
        err().print(str(error), style="red", markup=False, soft_wrap=True)
    if json:
        print_json([_described(source) for source in known])
    elif known:
        _print_known(out(), known)
    elif not wrong:
        out().print(f"{source_dir} holds no source yet; docs/sources.md says how to write one.", markup=False)
    raise typer.Exit(1 if wrong else 0)


def _print_known(console: Console, known: Sequence[Source]) -> None:
    from fisc.flows.cli.console import grid

    rows = [
        (
            s.name,
            s.title,
            s.region,
            _begins(s),
            s.schedule,
            f"paused: {s.paused}" if s.paused else "harvested",
        )
        for s in known
    ]
    console.print(grid(("source", "title", "region", "begins at", "schedule", ""), rows))


@app.command()
def check(
    name: Annotated[
        str, typer.Argument(metavar="SOURCE", help="The name of a source, or the path of its file.")
    ],
    limit: Annotated[
        int, typer.Option(min=0, help="Open at most so many pages beside the lists; 0: all of them.")
    ] = 20,
    source_dir: SourceDir = Path("sources"),
    json: AsJson = False,
) -> None:
    """Try one source: what a harvest would fetch, and what is wrong with it. Takes nothing, writes nothing down.

    For each link: day, stage, year, department and kind; then what is ignored and by which line of the file, what is
    missing against what is expected, and what went wrong with what to do about it. Exit status 0: it can be left alone;
    1: something is wrong or missing; 2: the file itself is wrong.

    Example: [bold]fisc sources check qinhuangdao-haigang --limit 5[/]
    """
    from datetime import UTC, datetime

    from fisc.flows.checking import check as try_out
    from fisc.flows.cli.console import err, out, print_json
    from fisc.flows.fetch import Visitor
    from fisc.flows.source.manners import BEIJING

    source = _read(name, source_dir)
    today = datetime.now(UTC).astimezone(BEIJING).date()
    with Visitor(source) as visitor, err().status(f"Reading the lists of {source.name} …"):
        done = try_out(source, visitor, today, limit or None)
    if json:
        print_json(_as_json(source, done))
    else:
        _print(out(), source, done)
    raise typer.Exit(0 if done.fine else 1)


def _read(name: str, source_dir: Path) -> Source:
    """A file that is wrong is wrong usage here: it is what was asked about."""
    from fisc.flows.cli.console import UsageError
    from fisc.flows.declaration import SourceError
    from fisc.flows.sources import chosen

    try:
        return chosen([name], source_dir)[0]
    except SourceError as error:
        raise UsageError(str(error)) from error


def _begins(source: Source) -> str:
    return next(source.addresses(), None) or (str(source.folder.path) if source.folder else "")


def _described(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "region": source.region,
        "begins_at": _begins(source),
        "hosts": source.hosts.known,
        "schedule": source.schedule,
        "paused": source.paused,
    }


def _as_json(source: Source, done: Check) -> dict[str, Any]:
    found = done.found
    return {
        "source": source.name,
        "pages": found.pages,
        "opened": found.opened,
        "unopened": len(found.unopened),
        "links": [{"kind": done.kinds[link.url], **asdict(link)} for link in found.links],
        "ignored": [
            {"url": left.url, "title": left.title, "reason": left.ignore.reason, "line": left.ignore.line}
            for left in found.ignored
        ],
        "not_taken": [{"url": entry.url, "title": entry.title} for entry in found.passed],
        "missing": [asdict(gap) for gap in done.gaps],
        "problems": [asdict(problem) for problem in done.problems],
    }


def _print(console: Console, source: Source, done: Check) -> None:
    found = done.found
    console.print(
        f"[bold]{source.name}[/]  {len(found.links)} documents on {found.pages} list pages and {found.opened} pages "
        "beside them"
    )
    if found.unopened:
        console.print(
            f"  {len(found.unopened)} further pages were not opened; --limit 0 opens all.", style="dim"
        )
    _print_links(console, done)
    if found.texts:
        console.print(
            f"\n{len(found.texts)} pages are disclosures in their own text, and would be kept as unsupported_format; "
            "if one has a file beside it that is not shown here, say \\[article] files in the source file.",
            style="yellow",
        )
    _print_counts(console, found.links)
    _print_ignored(console, done)
    _print_missing(console, done)
    for problem in done.problems:
        console.print(f"\n[bold red]{problem.reason}[/]  ", end="")
        console.print(problem.sentence, markup=False, soft_wrap=True)
        console.print(f"  → {problem.mends}", markup=False, style="yellow", soft_wrap=True)
        for hint in problem.hints:
            console.print(f"  entries = {hint}", markup=False, style="dim", soft_wrap=True)
    if not found.links and not done.problems:
        console.print(
            "\nNothing was found; start with [bold]\\[list] start[/] in the source file.", style="bold red"
        )
    if done.fine:
        console.print(f"\nAll is well: fisc harvest {source.name}", style="green", markup=False)


def _print_links(console: Console, done: Check) -> None:
    from fisc.flows.cli.console import grid, styled

    links = done.found.links
    if not links:
        return
    rows = [
        (
            link.published_on,
            styled(link.stage or "?", STAGE_STYLES),
            link.fiscal_year or "?",
            link.department or "?",
            done.kinds[link.url],
            f"{link.title or '?'}\n{unquote(link.url)}",
        )
        for link in links[:SHOWN]
    ]
    console.print()
    console.print(grid(("day", "stage", "year", "department", "kind", "title, address"), rows))
    if len(links) > SHOWN:
        console.print(f"… and {len(links) - SHOWN} more; --json has all.", style="dim")


def _print_counts(console: Console, links: Sequence[Link]) -> None:
    from fisc.flows.cli.console import grid

    counts = Counter((link.fiscal_year or 0, link.stage or "?") for link in links)
    departments: dict[tuple[int, str], set[str]] = {}
    for link in links:
        departments.setdefault((link.fiscal_year or 0, link.stage or "?"), set()).add(link.department or "")
    rows = [
        (year or "?", stage, number, len(departments[year, stage] - {""}))
        for (year, stage), number in sorted(counts.items())
    ]
    if rows:
        console.print()
        columns = (("year", "right"), "stage", ("documents", "right"), ("departments", "right"))
        console.print(grid(columns, rows))


def _print_ignored(console: Console, done: Check) -> None:
    by_line: dict[tuple[int | None, str], list[str]] = {}
    for left in done.found.ignored:
        by_line.setdefault((left.ignore.line, left.ignore.reason), []).append(left.title or left.url)
    for (line, why), titles in by_line.items():
        where = f", line {line} of the file" if line else ""
        console.print(f"\nignored: {len(titles)} ({why}{where})", markup=False)
        for title in titles[:5]:
            console.print(f"  {title}", style="dim", markup=False)
    if done.found.passed:
        console.print(
            f"\nnot taken: {len(done.found.passed)} links with words of budgets that do not look like disclosures; "
            "set list.entries if they are"
        )
        for entry in done.found.passed[:5]:
            console.print(f"  {entry.title}  {entry.url}", style="dim", markup=False, soft_wrap=True)


def _print_missing(console: Console, done: Check) -> None:
    for gap in done.gaps[:SHOWN]:
        who = gap.department or f"{gap.expected - gap.found} of {gap.expected} departments"
        console.print(f"\nmissing: {who}, {gap.fiscal_year} {gap.stage}", style="red", markup=False)
    if len(done.gaps) > SHOWN:
        console.print(f"… and {len(done.gaps) - SHOWN} more are missing.", style="red")
