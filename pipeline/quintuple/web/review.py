"""The operations behind the review page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Path, Query, Request

from quintuple.events import Language, Status
from quintuple.web.desk import Desk, entry_out
from quintuple.web.errors import RESPONSES, RequestError
from quintuple.web.library import Order
from quintuple.web.library import Query as Wanted
from quintuple.web.models import (
    ArticleIn,
    DocumentOut,
    EntryOut,
    ListOut,
    OpenedOut,
    RetrainOut,
    ReviewIn,
    SavedOut,
    SessionOut,
)
from quintuple.web.pool import Pool
from quintuple.web.retrain import commands, config_file, has_weights

Result = TypeVar("Result")

Key = Annotated[int, Path(ge=0, le=2**53)]
Words = Annotated[str, Query(max_length=200)]
Share = Annotated[float, Query(ge=0, le=1)]
_BYTES = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"format": "binary"}}}}}


def review_router(desk: Desk, pool: Pool) -> APIRouter:
    """Return the operations of the page."""
    router = APIRouter(prefix="/review", tags=["review"], responses=RESPONSES)

    @router.get("/session")
    async def session() -> SessionOut:
        """Return what is reviewed, and where it is saved."""
        return desk.session()

    @router.get("/documents")
    async def documents(
        company: Words | None = None,
        type: Words | None = None,  # noqa: A002
        status: Status | None = None,
        least: Share = 0,
        most: Share = 1,
        earliest: date | None = None,
        latest: date | None = None,
        language: Language | None = None,
        state: Literal["open", "reviewed"] | None = None,
        order: Order = "confidence",
        offset: Annotated[int, Query(ge=0, le=2**53)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> ListOut:
        """List the articles with an event that fits, the least certain first."""
        query = Wanted(
            company=company,
            type=type,
            status=status,
            least=least,
            most=most,
            earliest=earliest.isoformat() if earliest else None,
            latest=latest.isoformat() if latest else None,
            language=language,
            state=state,
            order=order,
        )
        found = desk.library.find(query)
        return ListOut(total=len(found), items=[entry_out(entry) for entry in found[offset : offset + limit]])

    @router.post("/documents", status_code=201)
    async def paste(article: ArticleIn) -> EntryOut:
        """Extract a pasted article and add it to the list."""
        return entry_out(await pool.run(lambda: desk.paste(article)))

    @router.post("/files", status_code=201, openapi_extra=_BYTES)
    async def drop(request: Request, name: Annotated[str, Query(min_length=1, max_length=300)]) -> OpenedOut:
        """Add the articles of a dropped file to the list."""
        data = await request.body()
        entries, problems = await pool.run(lambda: desk.drop(data, name))
        return OpenedOut(items=[entry_out(entry) for entry in entries], problems=problems[:20])

    @router.get("/documents/{key}")
    async def document(key: Key) -> DocumentOut:
        """Return an article with its events; one that is not extracted yet is extracted now."""
        return await pool.run(lambda: _found(lambda: desk.document(key)))

    @router.put("/documents/{key}")
    async def save(key: Key, review: ReviewIn) -> SavedOut:
        """Save an article with the reviewer's events as labelled data."""
        return await pool.run(lambda: _found(lambda: desk.save(key, review)))

    @router.post("/retrain")
    async def retrain() -> RetrainOut:
        """Write a training config for the corrections, and return the commands that use it."""
        path, totals = desk.reviewed.path, desk.reviewed.totals
        if totals.articles:
            await pool.run(desk.write_config)
        return RetrainOut(
            output=str(path),
            reviewed=totals.articles,
            corrections=totals.corrections,
            config=str(config_file(path)),
            commands=list(commands(path)),
            weights=has_weights(desk.model),
        )

    return router


def _found(job: Callable[[], Result]) -> Result:
    try:
        return job()
    except KeyError as exc:
        raise RequestError(404, f"expected the key of an article of the list, got {exc}") from exc
