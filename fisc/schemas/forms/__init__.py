"""The forms: which official tables there are, and how each is laid out, as data."""

from fisc.schemas.forms.form import (
    Form,
    Layout,
    begins_sheet,
    forms,
    forms_headed,
    forms_titled,
    is_known_header,
    is_sheet,
)

__all__ = [
    "Form",
    "Layout",
    "begins_sheet",
    "forms",
    "forms_headed",
    "forms_titled",
    "is_known_header",
    "is_sheet",
]
