"""The recogniser in batches: what a line costs, and whether it is read as before.

    python -m benchmarks.recogniser [--pages 12] [--runs 3]

Cuts the lines of some scanned sample pages as fisc does, and reads those of each page in several ways in one run: one line
at a time; lines of the same width together (what fisc does, at most six); any lines together, in the order of their
widths, with white paper added up to the widest; and by rapidocr's own recogniser, which pads to 320 pixels at least.
``readings differ`` are lines whose text is not that of one at a time.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np

from benchmarks.scan_conditions import CONDITIONS, DOCUMENTS
from fisc.extractors.reading import read_pages
from fisc.extractors.scan import recogniser as engine
from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.decoding import decoder
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure
from samples.scan import scan, table_pages

Lines = Sequence[Grey]
Way = Callable[[Lines], Iterator[tuple[int, engine.Probabilities]]]


def lines_of_pages(pages: int) -> list[list[Grey]]:
    """The crops of the lines of scanned table pages, page by page."""
    found: list[list[Grey]] = []
    read = engine.Recogniser.read

    def noting(
        this: engine.Recogniser, lines: Lines, together: int = engine.TOGETHER
    ) -> Iterator[tuple[int, engine.Probabilities]]:
        found.append(list(lines))
        return read(this, lines, together)

    engine.Recogniser.read = noting  # type: ignore[method-assign,assignment]
    try:
        for name, department in DOCUMENTS:
            layout = layouts.load(name)
            printed = print_disclosure(make_disclosure(1, department, 2025, layout.stage), layout)
            few = table_pages(printed.content)[: -(-pages // len(DOCUMENTS))]
            read_pages(scan(printed.content, CONDITIONS["150 dpi, skew 1°, noise"], few))
    finally:
        engine.Recogniser.read = read  # type: ignore[method-assign]
    return found


def of_one_width(reader: engine.Recogniser, most: int) -> Way:
    return lambda lines: reader.read(lines, most)


def padded(reader: engine.Recogniser, most: int) -> Way:
    """Lines in the order of their widths, each batch as wide as its widest."""

    def way(lines: Lines) -> Iterator[tuple[int, engine.Probabilities]]:
        ready = [engine.sized(line) for line in lines]
        order = sorted(range(len(ready)), key=lambda n: ready[n].shape[1])
        for start in range(0, len(order), most):
            batch = order[start : start + most]
            widest = max(ready[n].shape[1] for n in batch)
            same = [
                np.pad(ready[n], ((0, 0), (0, widest - ready[n].shape[1])), constant_values=1.0)
                for n in batch
            ]
            yield from zip(batch, reader.run(np.stack(same)), strict=True)

    return way


def seconds(way: Way, pages: Sequence[Lines]) -> float:
    start = time.process_time()
    for lines in pages:
        for _ in way(lines):
            pass
    return time.process_time() - start


def differing(way: Way, pages: Sequence[Lines], reader: engine.Recogniser) -> int:
    """Lines that are read otherwise than one at a time."""
    text = decoder(reader.characters).text
    differ = 0
    for lines in pages:
        single = {n: text(p)[0].text for n, p in of_one_width(reader, 1)(lines)}
        differ += sum(text(p)[0].text != single[n] for n, p in way(lines))
    return differ


def rapidocr_seconds(pages: Sequence[Lines]) -> float:
    """rapidocr's own recogniser of the same model on the same lines, on one thread."""
    from rapidocr import RapidOCR
    from rapidocr.ch_ppocr_rec.typings import TextRecInput

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    own = RapidOCR(params=threads)._load_rec_model()  # type: ignore[no-untyped-call]
    colour = [[cv2.cvtColor(line, cv2.COLOR_GRAY2BGR) for line in lines] for lines in pages]
    own(TextRecInput(img=colour[0][:1]))
    start = time.process_time()
    for lines in colour:
        own(TextRecInput(img=lines))
    return time.process_time() - start


def main() -> None:
    """Print a line a way."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--pages", type=int, default=12)
    cli.add_argument("--runs", type=int, default=3)
    args = cli.parse_args()
    pages = lines_of_pages(args.pages)
    lines = sum(len(own) for own in pages)
    reader = engine.recogniser()
    ways = {"one at a time": of_one_width(reader, 1)}
    ways |= {f"of one width, {n} at most": of_one_width(reader, n) for n in (2, 4, 6, 16)}
    ways |= {f"padded, {n} at most": padded(reader, n) for n in (2, 6, 16)}
    spent: dict[str, list[float]] = defaultdict(list)
    for _ in range(args.runs):
        for name, way in ways.items():
            spent[name].append(seconds(way, pages))
        spent["rapidocr's own"].append(rapidocr_seconds(pages))
    alone = statistics.median(spent["one at a time"])
    print(
        f"{lines} lines of {len(pages)} pages\n\n| way | ms a line | beside one at a time | readings differ |\n|---|---|---|---|"
    )
    for name, own in spent.items():
        differ = differing(ways[name], pages, reader) if name in ways else "-"
        print(
            f"| {name} | {statistics.median(own) / lines * 1000:.1f} | {statistics.median(own) / alone:.2f} | {differ} |"
        )


if __name__ == "__main__":
    main()
