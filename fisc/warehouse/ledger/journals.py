"""Journals of commits by several machines: only a ledger in PostgreSQL has them (see :mod:`fisc.warehouse.shared`)."""

from __future__ import annotations

from fisc.warehouse.held import Held
from fisc.warehouse.ledger.database import Database


class Journals(Database):
    """A journal is a text under a token, from the commit point until the commit has been carried out."""

    def journal_entered(self, token: str, content: str, held: Held) -> bool:
        """Enter a journal if what is held has not passed to somebody else; says whether it did."""
        # FOR UPDATE: nobody takes one of these leases until the journal stands.
        fence = "SELECT fence FROM lease WHERE name = :name AND owner = :owner AND fence = :fence FOR UPDATE"
        with self.together():
            for name, number in sorted(held.fences.items()):
                if not self._rows(fence, {"name": name, "owner": held.owner, "fence": number}):
                    return False
            self._connection.execute("INSERT INTO journal (token, content) VALUES (?, ?)", (token, content))
        return True

    def journals(self) -> list[tuple[str, str]]:
        """Tokens and texts of the journals that stand."""
        rows = self._rows("SELECT token, content FROM journal ORDER BY token")
        return [(row["token"], row["content"]) for row in rows]

    def journal_stands(self, token: str) -> bool:
        """Whether a commit still waits to be carried out."""
        return bool(self._rows("SELECT 1 FROM journal WHERE token = ?", (token,)))

    def journal_left(self, token: str) -> bool:
        """Take a journal away; False where somebody else did."""
        with self.together():
            return self._connection.execute("DELETE FROM journal WHERE token = ?", (token,)).rowcount == 1
