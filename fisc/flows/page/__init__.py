"""One self-contained page for an auditor: the pictures of a document, what was read of it, and what was found."""

from fisc.flows.page.page import audit_page

__all__ = ["audit_page"]
