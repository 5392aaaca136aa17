"""``fisc extract``: what is in a file, without a warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fisc.errors import DocumentError
from fisc.flows.cli.console import UsageError, err, out, print_json

if TYPE_CHECKING:
    from fisc.extractors.document import Extracted

AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]
Reader = Callable[[Path], "Extracted"]


def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="PDF files.")],
    json: AsJson = False,
    parquet: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the tables to DIR/<table>/<document_id>.parquet."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT",
            help="Write one self-contained page: pictures with boxes, rows and findings. Of several files, or where OUT is a folder: OUT/<document_id>.html.",
        ),
    ] = None,
    unaccounted: Annotated[
        bool, typer.Option("--unaccounted", help="Only the numbers that nothing accounts for.")
    ] = False,
) -> None:
    """Read files without a warehouse.

    Says what is in each file and what is wrong with it. A file that cannot be read is named with the reason, and the others go on. With --json, one file gives an
    object and several give a list.

    Example: [bold]fisc extract budget.pdf --html budget.html[/] or [bold]fisc extract *.pdf --parquet tables[/]
    """
    _refuse_both(json=json, parquet=parquet, html=html)
    _refuse_both(unaccounted=unaccounted, parquet=parquet, html=html)
    failed = 0
    answers: list[Any] = []
    folder = html is not None and (len(files) > 1 or html.is_dir())
    for file, result in _each(files, partial(draw_file, out=html, folder=folder) if html else read_file):
        if isinstance(result, DocumentError):
            failed += 1
            answers.append(
                {"file": str(file), "error": {"reason": result.reason, "sentence": result.sentence}}
            )
            err().print(f"{file}: {result.sentence}", style="red", markup=False, soft_wrap=True)
        elif json:
            answers.append({"file": str(file), **_as_json(result, unaccounted)})
        elif html:
            target = _page_path(html, folder, result)
            out().print(f"{_one_line(file, result)}: {target}", soft_wrap=True, markup=False)
        elif parquet:
            _write(result, parquet)
            out().print(_one_line(file, result), soft_wrap=True, markup=False)
        else:
            _print(file, result, unaccounted)
    if json:
        print_json(answers[0] if len(files) == 1 else answers)
    raise typer.Exit(1 if failed else 0)


def _refuse_both(**options: Any) -> None:
    """Refuse options of which only one can be meant."""
    if sum(value not in (None, False) for value in options.values()) > 1:
        names = [f"--{name}" for name in options]
        raise UsageError(f"Choose one of {', '.join(names[:-1])} and {names[-1]}.")


def _each(files: Sequence[Path], read: Reader) -> Iterator[tuple[Path, Extracted | DocumentError]]:
    """One file is read in this process, which is quickest; several each in a process of their own."""
    if len(files) == 1:
        try:
            yield files[0], read(files[0])
        except DocumentError as error:
            yield files[0], error
        return
    import os

    from fisc.flows.isolation import Isolation
    from fisc.flows.reading import prepare
    from fisc.flows.workshop import bounds, lanes

    with Isolation(min(lanes(os.environ), len(files)), bounds(os.environ), prepare) as isolation:
        futures = [(file, isolation.submit(read, file, str(file))) for file in files]
        for file, future in futures:
            try:
                yield file, future.result()
            except DocumentError as error:
                yield file, error


def read_file(file: Path) -> Extracted:
    """Extract one file. Raises :class:`DocumentError` whatever goes wrong."""
    return _read(_content(file), file.name)


def draw_file(file: Path, out: Path, folder: bool) -> Extracted:
    """Extract one file and write its page. Raises :class:`DocumentError` as :func:`read_file` does."""
    from fisc.flows.page import audit_page
    from fisc.flows.reading import unexpected

    content = _content(file)
    extracted = _read(content, file.name)
    try:
        page = audit_page(content, extracted.tables, file.name)
    except Exception as error:
        raise unexpected("The page of the file", error) from None
    target = _page_path(out, folder, extracted)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return extracted


def _page_path(out: Path, folder: bool, extracted: Extracted) -> Path:
    return out / f"{extracted.document_id}.html" if folder else out


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DocumentError("unreadable_file", f"The file cannot be opened: {error.strerror}.") from error


def _read(content: bytes, name: str) -> Extracted:
    from fisc.extractors.document import Hints, extract
    from fisc.flows.reading import unexpected
    from fisc.schemas.validation import misfits, with_misfits

    try:
        extracted = extract(content, Hints(file_name=name))
        return replace(extracted, tables=with_misfits(extracted.tables, misfits([extracted.tables])[0]))
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise unexpected("The file", error) from None


def _as_json(extracted: Extracted, unaccounted: bool) -> dict[str, Any]:
    from fisc.flows.cli.described import unaccounted_numbers

    if unaccounted:
        return {
            "document_id": extracted.document_id,
            "unaccounted": unaccounted_numbers(extracted.tables),
        }
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


def _print(file: Path, extracted: Extracted, unaccounted: bool) -> None:
    from fisc.flows.cli.described import print_document, print_unaccounted

    console = out()
    console.print(f"[bold]{file.name}[/]  [dim]{extracted.document_id}[/]")
    (print_unaccounted if unaccounted else print_document)(console, extracted.tables)
    console.print()
