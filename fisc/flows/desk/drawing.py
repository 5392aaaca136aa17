"""Pictures of pages, drawn in a process of its own: a hostile file costs its picture, never the desk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fisc.errors import DocumentError
from fisc.flows.isolation import Isolation
from fisc.warehouse.home import Home

if TYPE_CHECKING:
    from fisc.flows.page.pictures import Drawn

KEPT = 200
"""Pictures held in memory: about 100 KB each."""


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page to draw."""

    home: Home
    sha256: str
    page: int


class Drawing:
    """Draws pages and keeps the last ones. Safe from several threads."""

    def __init__(self, home: Home, isolation: Isolation) -> None:
        self._home = home
        self._isolation = isolation
        self._kept: OrderedDict[tuple[str, int], Drawn] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, sha256: str, page: int) -> Drawn:
        """One page. Raises :class:`DocumentError` where it cannot be drawn, with what to tell a reader."""
        with self._lock:
            if kept := self._kept.get((sha256, page)):
                self._kept.move_to_end((sha256, page))
                return kept
        job = PageJob(replace(self._home, root=self._home.root.absolute()), sha256, page)
        drawn = self._isolation.submit(draw, job, f"Page {page} of document {sha256[:16]}").result()
        with self._lock:
            self._kept[sha256, page] = drawn
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return drawn


def draw(job: PageJob) -> Drawn:
    """Draw one page, in the process that may die of it."""
    from fisc.flows.page.pictures import drawn_page
    from fisc.warehouse import archive

    content = archive.get(job.home, job.sha256)
    try:
        return drawn_page(content, job.page)
    except Exception as error:
        raise DocumentError(
            "not_drawn",
            f"Page {job.page} of document {job.sha256[:16]} cannot be drawn ({type(error).__name__}).",
        ) from None


def prepare() -> None:
    """Import what drawing needs, so that the first page does not wait for it."""
    import fisc.flows.page.pictures
    import fisc.warehouse.archive  # noqa: F401
