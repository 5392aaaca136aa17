"""``python -m samples``: print the demo's documents, serve them as a portal, print scans and bad files."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from samples import bad, demo, layout, scan
from samples.kinds import KINDS, serve_kind
from samples.portal import from_folder, serve, write_source
from samples.serving.exchange import Request


def _departments(args: argparse.Namespace) -> tuple[str, ...]:
    return tuple(args.departments.split(",")) if args.departments else demo.DEPARTMENTS


def _years(args: argparse.Namespace) -> tuple[int, ...]:
    return tuple(int(year) for year in args.years.split(",")) if args.years else demo.YEARS


def _print(args: argparse.Namespace) -> None:
    made = demo.disclosures(args.seed, _departments(args), _years(args))
    chosen = layout.load(args.layout) if args.layout else None
    wanted = [d for d in made if chosen is None or d.stage == chosen.stage]
    for path in demo.write([demo.posting(d, args.layout) for d in wanted], args.folder):
        print(path)


def _scan(args: argparse.Namespace) -> None:
    scanned = scan.scan(args.file.read_bytes(), scan.SCANNERS[args.scanner])
    args.to.write_bytes(scanned)
    print(args.to)


def _bad(args: argparse.Namespace) -> None:
    args.folder.mkdir(parents=True, exist_ok=True)
    for file in bad.bad_files():
        (args.folder / file.file_name).write_bytes(file.content)
        print(args.folder / file.file_name)


def _serve(args: argparse.Namespace) -> None:
    postings = (
        from_folder(args.folder)
        if args.folder
        else demo.postings(args.seed, _departments(args), _years(args))
    )
    if args.kind:
        with serve_kind(args.kind, postings, args.port) as site:
            print(site.address, flush=True)
            _until_stopped(site.log)
        return
    with serve(postings, port=args.port) as portal:
        print(portal.start, flush=True)
        if args.sources:
            print(write_source(portal, args.sources), flush=True)
        _until_stopped(portal.log)


def _until_stopped(log: Sequence[Request]) -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print(f"{len(log)} requests", file=sys.stderr)


def main() -> None:
    """Read the command line and do it."""
    cli = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    commands = cli.add_subparsers(required=True)
    printing = commands.add_parser("print", help="print the demo's documents into a folder")
    printing.add_argument("folder", type=Path)
    printing.add_argument("--layout", choices=layout.names(), help="only this layout (and its stage)")
    printing.set_defaults(run=_print)
    serving = commands.add_parser("serve", help="serve the demo's documents as a portal on loopback")
    serving.add_argument("folder", type=Path, nargs="?", help="a folder that was printed before")
    serving.add_argument("--kind", choices=KINDS, help="as one of the kinds of portals that there are")
    serving.add_argument("--port", type=int, default=8765)
    serving.add_argument(
        "--sources", type=Path, help="also write a source file for this portal into this folder"
    )
    serving.set_defaults(run=_serve)
    badly = commands.add_parser("bad", help="write one file of every bad kind into a folder")
    badly.add_argument("folder", type=Path)
    badly.set_defaults(run=_bad)
    scanning = commands.add_parser("scan", help="print a PDF again as a scan")
    scanning.add_argument("file", type=Path)
    scanning.add_argument("to", type=Path)
    scanning.add_argument("--scanner", choices=scan.SCANNERS, default="office")
    scanning.set_defaults(run=_scan)
    for command in (printing, serving):
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--departments", help="numbers or names, by comma")
        command.add_argument("--years", help="years of the budgets, by comma")
    args = cli.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
