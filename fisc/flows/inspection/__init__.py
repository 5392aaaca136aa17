"""``fisc inspect``: the inspection sheet as text, Excel and HTML, of one document or of a region with a ranking."""
