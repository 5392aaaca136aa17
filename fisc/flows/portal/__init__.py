"""Portals as they are: addresses, pages in their encodings, lists, articles with files beside, JSON behind JavaScript."""
