"""One declaration a published table."""
