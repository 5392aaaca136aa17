"""The relations that a text claims between its figures."""
