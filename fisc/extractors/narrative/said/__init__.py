"""Sentences to the numbers said in them, with their names and their part in the sentence."""
