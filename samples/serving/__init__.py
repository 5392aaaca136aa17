"""Parts of the portal: list pages and faults."""
