"""The desk as an application: what its pages share, its addresses, and what serves them."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from fisc.errors import FiscError
from fisc.flows.desk import views
from fisc.flows.desk.deciding import seal
from fisc.flows.desk.drawing import Drawing, prepare
from fisc.flows.desk.guard import Guard, Refused, Token
from fisc.flows.desk.opened import Library, NotThere
from fisc.flows.desk.rerunning import Reruns
from fisc.flows.desk.shelf import Shelf
from fisc.flows.desk.words import STATE_WORDS
from fisc.flows.inspection.html import WORDS, loader
from fisc.flows.isolation import Bounds, Isolation
from fisc.flows.page.findings import plain_figure
from fisc.flows.page.words import LANGUAGE, say
from fisc.warehouse.home import Home
from fisc.warehouse.reviewed import reviewed_folder

LOG = logging.getLogger("fisc.desk")
LANGUAGES = ("zh", "en")
COOKIE_S = 365 * 24 * 3600
DRAWING = Bounds(seconds=30.0, memory_mb=1_500.0)
"""What drawing one page may cost."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the desk looks, where decisions go, and at which port of loopback it answers."""

    home: Home
    sources: Path
    port: int

    @property
    def reviewed(self) -> Path:
        return reviewed_folder(self.sources)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages share."""

    settings: Settings
    shelf: Shelf
    library: Library
    drawing: Drawing
    reruns: Reruns
    token: Token
    templates: Environment

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page in the language of the request."""
        other = "zh" if LANGUAGE.get() == "en" else "en"
        shared = {
            "lang": LANGUAGE.get(),
            "other_language": "?" + urlencode({**request.query_params, "lang": other}),
            "token": self.token.value,
            "path": request.url.path,
        }
        return HTMLResponse(self.templates.get_template(template).render(shared | values), status)


View = Callable[[Desk, Request], Response]
FormView = Callable[[Desk, Request, Any], Response]


def desk(settings: Settings) -> Starlette:
    """The application. Whoever serves it binds it to loopback."""

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        home = settings.home.create()
        with Isolation(1, DRAWING, prepare) as isolation:
            reruns, shelf = Reruns(home, settings.sources), Shelf(home)
            threading.Thread(target=shelf.entries, name="fisc-shelf", daemon=True).start()
            app.state.desk = Desk(
                settings, shelf, Library(home), Drawing(home, isolation), reruns, Token(), _templates()
            )
            yield
            await run_in_threadpool(reruns.stop)

    routes = [
        Route("/", shown(views.listing.documents)),
        Route("/findings", shown(views.listing.findings)),
        Route("/inspection", shown(views.inspecting.region)),
        Route("/inspection.xlsx", shown(views.inspecting.region_workbook)),
        Route("/static/{name}", shown(views.files.static)),
        *_of_document(),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard, port=settings.port)], lifespan=running)


def _of_document() -> list[Route]:
    at = "/document/{document_id}"
    forms = ["POST"]
    return [
        Route(at, shown(views.document.overview)),
        Route(f"{at}/page/{{page:int}}", shown(views.document.page)),
        Route(f"{at}/picture/{{page:int}}", shown(views.files.picture)),
        Route(f"{at}/file", shown(views.files.original)),
        Route(f"{at}/cell/{{number:int}}", shown(views.deciding.cell)),
        Route(f"{at}/cell/{{number:int}}", taken(views.deciding.correct), methods=forms),
        Route(f"{at}/finding/{{number:int}}", shown(views.deciding.finding)),
        Route(f"{at}/finding/{{number:int}}", taken(views.deciding.waive), methods=forms),
        Route(f"{at}/withdraw", taken(views.deciding.withdraw), methods=forms),
        Route(f"{at}/rerun", taken(views.deciding.rerun), methods=forms),
        Route(f"{at}/progress", shown(views.document.progress)),
        Route(f"{at}/changes", shown(views.document.changes)),
        Route(f"{at}/inspection", shown(views.inspecting.document)),
        Route(f"{at}/inspection.xlsx", shown(views.inspecting.document_workbook)),
    ]


def shown(view: View) -> Callable[[Request], Response]:
    """A view as an endpoint: in the language asked for, its errors as pages. It runs in a thread of its own."""

    def endpoint(request: Request) -> Response:
        if (wanted := request.query_params.get("lang")) in LANGUAGES:
            return _in_language(request, wanted)
        return _answered(request, lambda at: view(at, request))

    return endpoint


def taken(view: FormView) -> Callable[[Request], Any]:
    """A view of a form as an endpoint; the form must carry the desk's token."""

    async def endpoint(request: Request) -> Response:
        try:
            form = await request.app.state.desk.token.form(request)
        except Refused as error:
            refusal = str(error)
            return await run_in_threadpool(_error, request, 403, refusal)
        return await run_in_threadpool(_answered, request, lambda at: view(at, request, form))

    return endpoint


def _answered(request: Request, answer: Callable[[Desk], Response]) -> Response:
    LANGUAGE.set(_language(request))
    try:
        return answer(request.app.state.desk)
    except NotThere as error:
        return _error(request, 404, str(error))
    except FiscError as error:
        return _error(request, 409, str(error))
    except Exception as error:  # the edge: one page that cannot be made must not look like a broken desk
        LOG.exception("The page %s could not be made.", request.url.path)
        return _error(
            request, 500, f"This page could not be made because of a fault in fisc ({type(error).__name__})."
        )


def _error(request: Request, status: int, sentence: str) -> Response:
    LANGUAGE.set(_language(request))
    at: Desk = request.app.state.desk
    return at.page(request, "error.html", status, sentence=say(sentence))


def _language(request: Request) -> str:
    said = request.cookies.get("fisc_lang")
    if said in LANGUAGES:
        return said
    accepted = request.headers.get("accept-language", "").lower()
    return "en" if accepted.startswith("en") else "zh"


def _in_language(request: Request, language: str) -> Response:
    query = urlencode([(k, v) for k, v in request.query_params.multi_items() if k != "lang"])
    response = RedirectResponse(request.url.path + (f"?{query}" if query else ""), 303)
    response.set_cookie("fisc_lang", language, max_age=COOKIE_S, httponly=True, samesite="strict")
    return response


def plain(value: Decimal | None) -> str:
    """A figure as a page shows it; nothing where there is none."""
    return "" if value is None else plain_figure(value)


def _templates() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("fisc.flows.desk"), loader()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(WORDS, state_words=STATE_WORDS, seal=seal, plain=plain)
    return environment
