"""What a text claims of its own figures, recomputed within the rounding that their print allows."""
