"""Puts the page and the API together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from quintuple import __version__
from quintuple.postprocess.names import shipped_names
from quintuple.web.access import Access
from quintuple.web.api import api_router
from quintuple.web.desk import Desk
from quintuple.web.errors import add_handlers
from quintuple.web.guard import Guard
from quintuple.web.page import PageLanguage, page_router, static_folder
from quintuple.web.pool import Pool
from quintuple.web.review import review_router

_DESCRIPTION = """Finds (company, action, target, percentage, date) events in Chinese and English business news.

Offsets are Unicode code points. With a token, send it as `Authorization: Bearer …`."""


def create_app(desk: Desk, access: Access, *, language: PageLanguage | None = None) -> FastAPI:
    """Return the application: the page in ``language`` (None: the browser's), and the API."""
    pool = Pool(desk.settings.work)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # The names take a second to load; the first correction should not have to wait for them.
        warming = asyncio.ensure_future(pool.run(shipped_names))
        yield
        warming.cancel()
        pool.close()

    app = FastAPI(
        title="quintuple",
        version=__version__,
        description=_DESCRIPTION,
        # The pages that show it would fetch scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[Middleware(Guard, access=access, settings=desk.settings)],
    )
    add_handlers(app)
    app.include_router(api_router(desk.extractor, pool))
    app.include_router(review_router(desk, pool))
    app.include_router(page_router(access, language))
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    return app
