"""The parts of a source file, each read into frozen dataclasses: lists, words, manners, places."""
