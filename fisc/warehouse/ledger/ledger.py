"""The ledger as its users see it."""

from __future__ import annotations

from fisc.warehouse.ledger.journals import Journals
from fisc.warehouse.ledger.links import Links
from fisc.warehouse.ledger.places import Places
from fisc.warehouse.ledger.questions import Questions
from fisc.warehouse.ledger.shelf import ShelfQuestions


class Ledger(Links, Places, Journals, Questions, ShelfQuestions):
    """Where each link and each document stands. Open it with ``with Ledger.open(home) as ledger``.

    Safe from several processes at once; one ledger a thread.
    """
