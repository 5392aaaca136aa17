"""The pieces of ink that hang together."""

from __future__ import annotations

from typing import Any

import cv2
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey

Pieces = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
"""The number of the piece at each pixel, 0 where there is none; left, top, width, height and area of each; middles."""


def connected(ink: Grey) -> Pieces:
    """The pieces of a mask of 0 and 1, also those that touch at a corner only; the first is the paper.

    Numbers of 16 bits are three times as fast; a picture with more pieces than they can count has them in 32.
    """
    try:
        found = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_16U)
    except cv2.error:
        found = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    return found[1], found[2], found[3]
