"""The offline recogniser: a line of print in, probabilities of characters over its width out.

The network is PP-OCRv6-small (Apache-2.0), which lies in rapidocr's wheel; only its file is used, through
onnxruntime, for the probabilities are needed and not the text alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.errors import DocumentError
from fisc.extractors.scan.cleaning import Grey

Probabilities = NDArray[np.float32]
"""(steps along the line, characters); the first character is the blank between characters."""

_MODEL = Path("models") / "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
"""Pixels to which the network wants each line resized."""
_WIDEST = 4096
_STEP = 8
"""Pixels that become one step."""
TOGETHER = 6
"""Lines read together at most: more are no faster, and take more memory."""


class Recogniser:
    """Reads lines of print. Loading takes a tenth of a second; :func:`recogniser` keeps one for each process."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        listed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self.characters: tuple[str, ...] = ("", *listed, " ")

    def read(self, lines: Sequence[Grey], together: int = TOGETHER) -> Iterator[tuple[int, Probabilities]]:
        """The number of each upright line of dark print, cropped with a little paper around it, and its probabilities.

        Lines come in the order of their widths: those of the same width are read together, which takes a tenth less
        time. Of other widths they are not, for the paper that would have to be added changes what is read.
        """
        ready = [sized(line) for line in lines]
        same: dict[int, list[int]] = defaultdict(list)
        for number, line in enumerate(ready):
            same[line.shape[1]].append(number)
        for _, numbers in sorted(same.items()):
            for start in range(0, len(numbers), together):
                batch = numbers[start : start + together]
                yield from zip(batch, self.run(np.stack([ready[n] for n in batch])), strict=True)

    def run(self, lines: NDArray[np.float32]) -> NDArray[np.float32]:
        """The network alone, on lines (number, height, width) that :func:`sized` gave."""
        colours = np.ascontiguousarray(np.broadcast_to(lines[:, None], (len(lines), 3, *lines.shape[1:])))
        output: NDArray[np.float32] = self._session.run(None, {self._input: colours})[0]
        return output


def sized(line: Grey) -> NDArray[np.float32]:
    """A line at the height that the network wants, white at its end up to a whole step."""
    height, width = line.shape
    wide = int(np.clip(round(_HEIGHT * width / height), _STEP, _WIDEST))
    way = cv2.INTER_AREA if height > _HEIGHT * 1.5 else cv2.INTER_LINEAR
    padded = np.ones((_HEIGHT, -(-wide // _STEP) * _STEP), np.float32)
    padded[:, :wide] = cv2.resize(line, (wide, _HEIGHT), interpolation=way).astype(np.float32) / 127.5 - 1.0
    return padded


@lru_cache(maxsize=2)
def recogniser(threads: int = 1) -> Recogniser:
    """The recogniser of this process, loaded at the first call; it uses ``threads`` processor threads.

    Raises :class:`DocumentError` ``ocr_missing`` where the optional packages are not installed.
    """
    spec = find_spec("rapidocr")
    folder = (
        Path(next(iter(spec.submodule_search_locations)))
        if spec and spec.submodule_search_locations
        else None
    )
    if folder is None or not (folder / _MODEL).is_file() or find_spec("onnxruntime") is None:
        raise DocumentError(
            "ocr_missing",
            "The document has scanned pages and the packages that read them are not installed: "
            "run `pip install 'fisc[ocr]'` and extract it again.",
        )
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_mem_pattern = False
    session = onnxruntime.InferenceSession(
        str(folder / _MODEL), sess_options=options, providers=["CPUExecutionProvider"]
    )
    return Recogniser(session)
