"""``fisc review``: the review desk, a local web page over what was harvested.

It reads the ledger, the staging area and the published tables, and writes nothing but the decisions of people; a
document is read again by the same flows as ever. Pages are drawn in a process of their own.
"""

from fisc.flows.desk.app import Settings, desk

__all__ = ["Settings", "desk"]
