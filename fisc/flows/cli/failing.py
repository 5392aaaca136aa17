"""``fisc failures``: what failed, reason by reason, with the command that mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fisc.flows.cli.running import AsJson

if TYPE_CHECKING:
    from rich.console import Console

    from fisc.reasons import Reason
    from fisc.warehouse.ledger import Failure, Run

SHOWN = 3
"""Failures shown of each reason; with --reason all of them."""


@dataclass(frozen=True, slots=True)
class Failed:
    """One thing that failed, whatever it is; ``subject`` is an address, a document or a part of a run."""

    of: str
    subject: str
    source: str | None
    url: str | None
    title: str | None
    reason: str
    sentence: str
    attempts: int
    since: datetime | None
    at: datetime | None
    next_try: datetime | None


def failures(
    reason: Annotated[str | None, typer.Option(help="Only those with this reason, and all of them.")] = None,
    json: AsJson = False,
) -> None:
    """What failed, why, how often, since when, and what mends it.

    Links and documents that failed and were not mended since, and what failed in the last run of each name.

    Example: [bold]fisc failures --reason http_404[/]
    """
    from fisc.flows.cli.console import out, print_json
    from fisc.flows.cli.ledgers import RUNS, last_runs
    from fisc.warehouse.home import Home
    from fisc.warehouse.ledger import Ledger

    with Ledger.open(Home.from_environment()) as ledger:
        failed, runs = ledger.failures(reason), last_runs(ledger.runs(RUNS))
    found = [*_of_runs(runs, reason), *(_of_ledger(failure) for failure in failed)]
    if json:
        print_json([{**asdict(each), **_advice(each)} for each in found])
        return
    console = out()
    if not found:
        console.print("Nothing failed." if reason is None else f"Nothing failed for {reason}.", style="green")
    for name in dict.fromkeys(each.reason for each in found):
        _print_group(console, [each for each in found if each.reason == name], whole=reason is not None)


def _of_runs(runs: Sequence[Run], reason: str | None) -> Iterator[Failed]:
    for run in runs:
        for trouble in run.summary.get("troubles", ()):
            if reason in (None, trouble["reason"]):
                yield Failed(
                    "run", trouble["subject"], run.name.partition(" ")[2] or None, None, run.name, trouble["reason"],
                    trouble["sentence"], 1, run.finished_at, run.finished_at, None,
                )  # fmt: skip


def _of_ledger(failure: Failure) -> Failed:
    return Failed(**asdict(failure))


def _advice(failed: Failed) -> dict[str, Any]:
    from fisc.reasons import reason

    declared = reason(failed.reason)
    return {
        "means": declared.means,
        "heals": declared.heals,
        "mends": declared.mends,
        "command": command(declared, failed),
    }


def command(declared: Reason, failed: Failed) -> str:
    """What to type to try it again, once it is mended."""
    if failed.of == "run":
        return f"fisc harvest {failed.source or ''}".strip()
    if declared.command:
        return declared.command
    return f"fisc rerun --failed --reason {failed.reason}"


def _print_group(console: Console, group: Sequence[Failed], whole: bool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from fisc.flows.cli.console import count
    from fisc.reasons import reason

    name = group[0].reason
    declared = reason(name)
    kinds = [
        f"{count(n)} {of}{'s' * (n > 1)}" for of in ("link", "document", "run") if (n := _count(group, of))
    ]
    console.print(Text.assemble((name, "bold red"), f"  {', '.join(kinds)}: {declared.means}"))
    console.print(Padding(Text(f"To mend: {declared.mends}."), (0, 0, 0, 2)))
    if (waits := _waits(group)) is not None:
        console.print(Text("  " + waits, style="dim"))
    console.print(Text.assemble("  ", (command(declared, group[0]), "bold green")), soft_wrap=True)
    for each in group if whole else group[:SHOWN]:
        console.print(Text("    " + (each.title or each.subject)).append(_since(each), style="dim"))
        console.print(Padding(Text(each.sentence, style="dim"), (0, 0, 0, 6)))
    if not whole and len(group) > SHOWN:
        console.print(
            Text(f"    … and {count(len(group) - SHOWN)} more: fisc failures --reason {name}", style="dim")
        )
    console.print()


def _count(group: Sequence[Failed], of: str) -> int:
    return sum(each.of == of for each in group)


def _waits(group: Sequence[Failed]) -> str | None:
    """Whether time alone will try it again."""
    from fisc.flows.cli.console import count, shown

    if all(each.of == "run" for each in group):
        return None
    tries = [each.next_try for each in group if each.next_try]
    if not tries:
        return "Not tried again by itself."
    left = len(group) - len(tries)
    others = f"; {count(left)} of them not by itself any more" if left else ""
    return f"Tried again by itself, the first after {shown(min(tries))}{others}."


def _since(failed: Failed) -> str:
    from fisc.flows.cli.console import shown

    times = "once" if failed.attempts == 1 else f"{failed.attempts} times"
    return f"  {failed.source or ''}  {times} since {shown(failed.since)}"
