"""What is no page: the desk's own style and scripts, pictures of pages, and the file as it was published."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from fisc.errors import DocumentError
from fisc.flows.desk.opened import NotThere
from fisc.warehouse import archive

if TYPE_CHECKING:
    from fisc.flows.desk.app import Desk

STATIC = {
    "page.css": ("fisc.flows.page", "page.css", "text/css"),
    "page.js": ("fisc.flows.page", "page.js", "text/javascript"),
    "sheet.css": ("fisc.flows.inspection", "sheet.css", "text/css"),
    "desk.css": ("fisc.flows.desk", "static/desk.css", "text/css"),
    "icon.svg": ("fisc.flows.desk", "static/icon.svg", "image/svg+xml"),
    "desk.js": ("fisc.flows.desk", "static/desk.js", "text/javascript"),
}
"""Every file that is served by name; no other name is a path."""
SHORT_CACHE = {"cache-control": "private, max-age=600"}


def static(_: Desk, request: Request) -> Response:
    """One of the desk's own files."""
    found = STATIC.get(request.path_params["name"])
    if found is None:
        raise NotThere("The desk has no such file.")
    package, name, kind = found
    return Response(_content(package, name), media_type=kind, headers={"cache-control": "no-cache"})


@cache
def _content(package: str, name: str) -> bytes:
    return (files(package) / name).read_bytes()


def picture(desk: Desk, request: Request) -> Response:
    """A page's picture."""
    opened = desk.library.open(request.path_params["document_id"])
    try:
        drawn = desk.drawing.page(opened.document.sha256, request.path_params["page"])
    except DocumentError as error:
        raise NotThere(error.sentence) from None
    return Response(drawn.webp, media_type="image/webp", headers=SHORT_CACHE)


def original(desk: Desk, request: Request) -> Response:
    """The file as it was published, to be saved: it is not shown inside the desk."""
    opened = desk.library.open(request.path_params["document_id"])
    content = archive.get(desk.settings.home, opened.document.sha256)
    headers = {
        "content-disposition": f'attachment; filename="{opened.id}.pdf"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)
