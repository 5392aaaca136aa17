"""``fisc extract``: what is in a file, without a warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fisc.errors import DocumentError
from fisc.flows.cli.console import UsageError, err, out, print_json

if TYPE_CHECKING:
    from fisc.extractors.document import Extracted

AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]


def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="PDF files.")],
    json: AsJson = False,
    parquet: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the tables to DIR/<table>/<document_id>.parquet."),
    ] = None,
) -> None:
    """Read files without a warehouse.

    Says what is in each file and what is wrong with it. A file that cannot be read is named with the reason, and the others go on. With --json, one file gives an
    object and several give a list.

    Example: [bold]fisc extract budget.pdf[/] or [bold]fisc extract *.pdf --parquet tables[/]
    """
    if json and parquet:
        raise UsageError("Choose one of --json and --parquet.")
    failed = 0
    answers: list[dict[str, Any]] = []
    for file, result in _each(files):
        if isinstance(result, DocumentError):
            failed += 1
            answers.append(
                {"file": str(file), "error": {"reason": result.reason, "sentence": result.sentence}}
            )
            err().print(f"{file}: {result.sentence}", style="red", markup=False, soft_wrap=True)
        elif json:
            answers.append({"file": str(file), **_as_json(result)})
        elif parquet:
            _write(result, parquet)
            out().print(_one_line(file, result), soft_wrap=True, markup=False)
        else:
            _print(file, result)
    if json:
        print_json(answers[0] if len(files) == 1 else answers)
    raise typer.Exit(1 if failed else 0)


def _each(files: Sequence[Path]) -> Iterator[tuple[Path, Extracted | DocumentError]]:
    """One file is read in this process, which is quickest; several each in a process of their own."""
    if len(files) == 1:
        try:
            yield files[0], read_file(files[0])
        except DocumentError as error:
            yield files[0], error
        return
    import os

    from fisc.flows.isolation import Isolation
    from fisc.flows.reading import prepare
    from fisc.flows.workshop import bounds, lanes

    with Isolation(min(lanes(os.environ), len(files)), bounds(os.environ), prepare) as isolation:
        futures = [(file, isolation.submit(read_file, file, str(file))) for file in files]
        for file, future in futures:
            try:
                yield file, future.result()
            except DocumentError as error:
                yield file, error


def read_file(file: Path) -> Extracted:
    """Extract one file. Raises :class:`DocumentError` whatever goes wrong."""
    from fisc.extractors.document import Hints, extract
    from fisc.flows.reading import unexpected
    from fisc.schemas.validation import misfits, with_misfits

    try:
        content = file.read_bytes()
    except OSError as error:
        raise DocumentError("unreadable_file", f"The file cannot be opened: {error.strerror}.") from error
    try:
        extracted = extract(content, Hints(file_name=file.name))
        return replace(extracted, tables=with_misfits(extracted.tables, misfits([extracted.tables])[0]))
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise unexpected("The file", error) from None


def _as_json(extracted: Extracted) -> dict[str, Any]:
    return {
        "document_id": extracted.document_id,
        "identity": extracted.identity,
        "tables": {name: table.to_pylist() for name, table in extracted.tables.items()},
    }


def _write(extracted: Extracted, folder: Path) -> None:
    import pyarrow.parquet as pq

    for name, table in extracted.tables.items():
        target = folder / name / f"{extracted.document_id}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, target, compression="zstd", store_decimal_as_integer=True)


def _one_line(file: Path, extracted: Extracted) -> str:
    identity = extracted.identity
    rows = sum(table.num_rows for table in extracted.tables.values())
    return (
        f"{file}: {extracted.document_id}, {identity.department} {identity.fiscal_year} {identity.stage}, "
        f"{rows:,} rows"
    )


def _print(file: Path, extracted: Extracted) -> None:
    from fisc.flows.cli.described import print_document

    console = out()
    console.print(f"[bold]{file.name}[/]  [dim]{extracted.document_id}[/]")
    print_document(console, extracted.tables)
    console.print()
