"""The command line. Commands import what they need when they run: help and status must answer at once."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys

import typer

from fisc.errors import FiscError
from fisc.flows.cli import (
    asking,
    declared,
    documents,
    exporting,
    extracting,
    failing,
    forms,
    inspecting,
    ledgers,
    plotting,
    rerunning,
    reviewing,
    running,
    serving,
    tables,
)


def _flowing(doc: str) -> str:
    """A docstring with its paragraphs as lines, for the terminal to break where it ends."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in doc.split("\n\n"))


app = typer.Typer(
    name="fisc",
    help="Chinese government budget and final-accounts disclosures as data that can be trusted.",
    epilog="Everything lies in the folder FISC_HOME (default: data). Start with: fisc harvest",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for command in (
    running.harvest,
    extracting.extract,
    ledgers.status,
    failing.failures,
    rerunning.rerun,
    serving.serve,
    documents.findings,
    documents.show,
    inspecting.inspect,
    reviewing.review,
    tables.tables,
    tables.dictionary,
    asking.sql,
    plotting.plot,
    exporting.export,
):
    app.command(help=_flowing(command.__doc__ or ""))(command)
app.add_typer(forms.app, name="forms")
app.add_typer(declared.app, name="sources")


def main() -> None:
    """Run the command line. Exit status 0: done; 1: something failed; 2: wrong usage; 130, 143: stopped by SIGINT, SIGTERM."""
    try:
        app()
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except FiscError as error:
        _say(str(error))
        sys.exit(_status(error))
    except sqlite3.Error as error:
        _say(
            f"The ledger cannot be used ({error}); see docs/operator.md: What do I do when. What was done is kept."
        )
        sys.exit(1)
    except OSError as error:
        if error.filename is None and error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        _say(f"{error.filename or 'The folder of FISC_HOME'} cannot be used: {error.strerror}.")
        sys.exit(1)


def _say(sentence: str) -> None:
    from fisc.flows.cli.console import err

    err().print(sentence, style="red", markup=False, soft_wrap=True)


def _status(error: FiscError) -> int:
    from fisc.flows.cli.console import UsageError
    from fisc.flows.cli.progress import Stopped

    if isinstance(error, Stopped):
        # A fetch that waits for a silent server would hold up an orderly exit.
        os._exit(error.status)
    return 2 if isinstance(error, UsageError) else 1
