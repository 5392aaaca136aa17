"""``fisc plot``: the pictures of an analyst."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from fisc.flows.cli.console import UsageError

NAMES = ("composition", "execution", "years", "three-public", "compare", "coverage")


def plot(
    picture: Annotated[
        str | None, typer.Argument(metavar="PICTURE", help=f"One of {', '.join(NAMES)}; none: all.")
    ] = None,
    department: Annotated[
        str | None, typer.Argument(metavar="DEPARTMENT", help="Words of its name; none: all.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Code or beginning of a code, or words of a region's name.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Fiscal year; the newest by itself.")] = None,
    stage: Annotated[
        str | None, typer.Option(help="budget or final_accounts; final accounts where there are any.")
    ] = None,
    level: Annotated[str, typer.Option(help="department or unit.")] = "department",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A .png, .svg or .html file; without PICTURE a folder."),
    ] = None,
) -> None:
    """Draw what is published: composition by class, budget against final, years, 三公, departments compared, coverage.

    Sensible without options: all six pictures into the folder plots. An .html file is interactive and needs no network.

    Example: [bold]fisc plot execution 民政局 -o execution.html[/]
    """
    from fisc.analysis.asking import open_tables
    from fisc.analysis.plots.asking import Choice, NothingToDraw
    from fisc.flows.cli.console import err, out
    from fisc.warehouse.home import Home

    if picture is not None and picture not in NAMES:
        raise UsageError(f"There is no picture {picture}; there are {', '.join(NAMES)}.")
    if stage not in (None, "budget", "final_accounts"):
        raise UsageError(f"There is no stage {stage}; there are budget and final_accounts.")
    draw, pictures = _drawing()
    choice = Choice(department, region, year, stage, level)
    drawn = 0
    with open_tables(Home.from_environment()) as tables:
        for name in (picture,) if picture else NAMES:
            target = output or Path(f"{name}.png") if picture else (output or Path("plots")) / f"{name}.png"
            try:
                draw(pictures[name](tables, choice), target)
            except NothingToDraw as error:
                err().print(f"{name}: {error}", style="yellow", markup=False, soft_wrap=True)
                continue
            out().print(str(target), soft_wrap=True, markup=False)
            drawn += 1
    raise typer.Exit(0 if drawn else 1)


def _drawing() -> tuple[Callable[[Any, Path], None], Mapping[str, Callable[..., Any]]]:
    try:
        from fisc.analysis.plots.drawing import draw
        from fisc.analysis.plots.pictures import PICTURES
    except ImportError as error:
        raise UsageError(
            f"Pictures need the extra plot ({error}); install it with: pip install 'fisc[plot]'"
        ) from error
    return draw, PICTURES
