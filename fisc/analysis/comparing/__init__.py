"""Documents held against each other: what to compare is data (``rules.toml``), how is SQL over the published tables."""
