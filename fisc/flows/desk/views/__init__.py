"""The pages of the desk, by what they show."""

from fisc.flows.desk.views import deciding, document, files, inspecting, listing

__all__ = ["deciding", "document", "files", "inspecting", "listing"]
