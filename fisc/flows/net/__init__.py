"""Asking a portal: politely, patiently, and never further than was meant."""
