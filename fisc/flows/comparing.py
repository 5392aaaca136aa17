"""After publishing: documents are held against each other."""

from __future__ import annotations

from fisc.flows.summary import Summary, Trouble
from fisc.flows.workshop import Workshop


def compare_published(workshop: Workshop) -> Summary:
    """Compute the comparisons that the last publications touched; a province that cannot be compared is a trouble."""
    from fisc.analysis.comparing.run import compare_all

    done = compare_all(workshop.home)
    return Summary(
        troubles=[Trouble(f"province {prov}", "not_compared", sentence) for prov, sentence in done.failed]
    )
