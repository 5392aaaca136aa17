"""The offline recogniser: a line of print in, probabilities of characters over its width out.

The network is PP-OCRv6-small (Apache-2.0), which lies in rapidocr's wheel; only its file is used, through
onnxruntime, for the probabilities are needed and not the text alone.
"""

from __future__ import annotations

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


class Recogniser:
    """Reads lines of print. Loading takes a tenth of a second; :func:`recogniser` keeps one for each process."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        listed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self.characters: tuple[str, ...] = ("", *listed, " ")

    def read(self, line: Grey) -> Probabilities:
        """Probabilities for one upright line of dark print, cropped with a little paper around it."""
        height, width = line.shape
        wide = int(np.clip(round(_HEIGHT * width / height), _STEP, _WIDEST))
        way = cv2.INTER_AREA if height > _HEIGHT * 1.5 else cv2.INTER_LINEAR
        sized = cv2.resize(line, (wide, _HEIGHT), interpolation=way).astype(np.float32) / 127.5 - 1.0
        padded = np.ones((_HEIGHT, -(-wide // _STEP) * _STEP), np.float32)
        padded[:, :wide] = sized
        batch = np.broadcast_to(padded, (1, 3, *padded.shape))
        output: Probabilities = self._session.run(None, {self._input: np.ascontiguousarray(batch)})[0][0]
        return output


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
