"""Slips by where they are made: in the tables, and in the text."""
