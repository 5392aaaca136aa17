"""HTML built so that nothing from a document can be taken for markup: every text is escaped where it is put in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that HTML forbids, or that no encoding holds."""
_VOID = frozenset({"img", "input", "meta"})

Attribute = str | int | float | bool | None


class Markup(str):
    """Text that is HTML already; only this module makes it."""

    __slots__ = ()

    def __html__(self) -> str:
        """What templates that escape put in as it is."""
        return self


Child = str | int | None
"""What may stand in an element: :class:`Markup` as it is, any other text escaped, None not at all."""


def element(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """An element. ``class_`` is the class, other underscores are hyphens; None and False leave an attribute out."""
    opened = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}>"
    return Markup(opened if tag in _VOID else f"{opened}{joined(children)}</{tag}>")


def joined(children: Iterable[Child]) -> Markup:
    """Several children one after the other."""
    return Markup("".join(escaped(child) for child in children if child is not None))


def escaped(child: Child) -> Markup:
    """A child as HTML."""
    if isinstance(child, Markup):
        return child
    return Markup(html.escape(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(child)), quote=True))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escaped(str(value))}"'
