"""Scanned pages: words with boxes from a recogniser, rules from the picture."""

from fisc.extractors.scan.jpeg import drawn, whole_page_jpeg
from fisc.extractors.scan.scan import Scan, recognise
from fisc.extractors.scan.second_reading import SecondReading
from fisc.extractors.scan.trust import image_needs_recognition, text_layer_trusted

__all__ = [
    "Scan",
    "SecondReading",
    "drawn",
    "image_needs_recognition",
    "recognise",
    "text_layer_trusted",
    "whole_page_jpeg",
]
