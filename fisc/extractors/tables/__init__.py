"""Grids to statements: captions, joining over pages, headers, and the four shapes of official tables."""
