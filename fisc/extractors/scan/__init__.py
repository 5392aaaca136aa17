"""Scanned pages: words with boxes from a recogniser, rules from the picture."""

from fisc.extractors.scan.scan import Scan, recognise

__all__ = ["Scan", "recognise"]
