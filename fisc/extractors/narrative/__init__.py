"""The narrative: what a document says in words, read from its pages."""

from fisc.extractors.narrative.reading import read_narrative
from fisc.extractors.narrative.said.tokens import numeric_tokens

__all__ = ["numeric_tokens", "read_narrative"]
