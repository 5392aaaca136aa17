"""A portal that lists far fewer documents than it did has changed its layout or its paging, or took them away."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.flows.discover import Discovery
from fisc.flows.portal.lists import Doubt
from fisc.flows.sources import Source
from fisc.warehouse.ledger import Run

KEPT = 0.8
"""A smaller share than this of what was listed before is told."""
LOOKED_BACK = 10
"""So many runs of a source are compared with: a fall is told until it is that old, or mended."""


def fallen(source: Source, found: Discovery, runs: Sequence[Run]) -> list[Doubt]:
    """The doubt about a list that fell. Pages that could not be read are told already, and explain it."""
    if found.failures or found.unopened:
        return []
    own = [run for run in runs if run.name == f"harvest {source.name}" and run.finished_at is not None]
    most = max((_on_the_list(run) for run in own[:LOOKED_BACK]), default=0)
    now = len(found.links) + len(found.ignored)
    if now >= KEPT * most:
        return []
    what = (
        f"Source {source.name} lists {now} documents, and listed {most} not long ago: its layout or its paging "
        "changed, or it took documents away."
    )
    return [Doubt(source.name, "list_shrunk", what, source.name)]


def _on_the_list(run: Run) -> int:
    """What a run found on the lists, taken or ignored: a new line of the source is no fall."""
    return int(run.summary.get("listed", 0)) + int(run.summary.get("ignored", 0))
