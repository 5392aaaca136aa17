"""PyMuPDF without the neural network that it loads of itself: 0.4 s at every start and 80 MB in every process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ("pymupdf.layout", "pymupdf4llm")
"""What PyMuPDF imports where it can, and does without where it cannot."""


@contextmanager
def _cannot_be_imported(names: tuple[str, ...]) -> Iterator[None]:
    """Modules that are not loaded yet cannot be imported inside, as if they were not installed."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _cannot_be_imported(UNUSED):
    import pymupdf

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
pymupdf.TOOLS.unset_quad_corrections(True)
# Boxes of characters as their fonts give them. It is a setting of the process, which that package would set too.

__all__ = ["pymupdf"]
