"""The errors of fisc: few, each holds its facts and says one full sentence."""

from __future__ import annotations


class FiscError(Exception):
    """Anything fisc tells a person about; ``str()`` is one sentence: what, which document, what to do."""


class DocumentError(FiscError):
    """A document that cannot be read or published.

    ``reason`` is a stable name for the ledger (``not_a_pdf``, ``empty_file``, ``encrypted`` ...);
    ``sentence`` says what is wrong and what to do.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str]]:
        return type(self), (self.reason, self.sentence)
