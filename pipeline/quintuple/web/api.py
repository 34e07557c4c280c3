"""The JSON API for services: `POST /extract`, `POST /extract/batch`, `POST /normalize`, `GET /health`."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from quintuple import __version__
from quintuple.events import Event, QuintupleError
from quintuple.extract import Extractor
from quintuple.preprocess import make_article
from quintuple.settings import PreprocessSettings
from quintuple.web.errors import RESPONSES, shown
from quintuple.web.events import PARTIES, check_span, dated
from quintuple.web.models import (
    ArticleIn,
    ArticleOut,
    BatchIn,
    BatchOut,
    EventOut,
    HealthOut,
    NormalizeIn,
    SpanIn,
)
from quintuple.web.normalize import article_of, normalize
from quintuple.web.pool import Pool
from quintuple.web.records import Record, record_of


def extract_record(extractor: Extractor, given: ArticleIn, *, prefix: str) -> Record:
    """Return an article with its events; without an id of its own it gets one made from its text.

    Raises:
        ArticleError: the article cannot be used.
    """
    article = make_article(
        given.text,
        id=given.id or text_id(given.text, prefix=prefix),
        settings=extractor.settings.preprocess,
        title=given.title,
        published=given.published.isoformat() if given.published else None,
        language=given.language,
    )
    (extraction,) = extractor.extract_articles([article])
    return record_of(extraction)


def text_id(text: str, *, prefix: str) -> str:
    """Return an id that the same text always gets."""
    return f"{prefix}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def api_router(extractor: Extractor, pool: Pool) -> APIRouter:
    """Return the operations that services use."""
    router = APIRouter(tags=["extraction"], responses=RESPONSES)

    @router.post("/extract", response_model=ArticleOut)
    async def extract(article: ArticleIn) -> JSONResponse:
        """Return the events of one article."""
        return JSONResponse(await pool.run(lambda: extract_record(extractor, article, prefix="text")))

    @router.post("/extract/batch", response_model=BatchOut)
    async def extract_batch(batch: BatchIn) -> JSONResponse:
        """Return the events of several articles, in order; one that fails costs only itself."""
        results = await pool.run(lambda: [_result(extractor, article) for article in batch.articles])
        return JSONResponse({"results": results})

    @router.post("/normalize", response_model=EventOut)
    async def normalize_event(asked: NormalizeIn) -> JSONResponse:
        """Return the normal forms of an event's spans: names, percent values, dates, and its status."""
        return JSONResponse(await pool.run(lambda: _normalized(asked, extractor.settings.preprocess)))

    @router.get("/health")
    async def health() -> HealthOut:
        """Tell that the server lives."""
        return HealthOut(status="ok", version=__version__, running=pool.running, waiting=pool.waiting)

    return router


def _result(extractor: Extractor, article: ArticleIn) -> dict[str, Any]:
    try:
        return extract_record(extractor, article, prefix="text")
    except QuintupleError as exc:
        return {"id": article.id or text_id(article.text, prefix="text"), "error": shown(str(exc), limit=500)}


def _normalized(asked: NormalizeIn, settings: PreprocessSettings) -> dict[str, Any]:
    draft, text = asked.event, asked.text
    parties = {slot: span for slot in PARTIES if (span := getattr(draft, slot)) is not None}
    spans = {"action": draft.action, **parties}
    spans |= {f"percentage.{number}": span for number, span in enumerate(draft.percentage)}
    spans |= {"date": draft.date} if draft.date else {}
    for name, span in spans.items():
        check_span(span, f"event.{name}", text)
    event = normalize(
        article_of(text, asked.published.isoformat() if asked.published else None, asked.language, settings),
        _place(draft.action),
        draft.action.type,
        parties={slot: _place(span) for slot, span in parties.items()},
        percentages=[_place(span) for span in draft.percentage],
        date=_place(draft.date) if draft.date else None,
        status=draft.status,
        anchor=asked.anchor,
    )
    return _with_edtf(event, draft.date.edtf if draft.date else None)


def _with_edtf(event: Event, edtf: str | None) -> dict[str, Any]:
    """Let a date that was written by hand go before the one that was read."""
    record = event.to_dict()
    if edtf is not None:
        record["date"] |= dated(edtf, "event.date")
    return record


def _place(span: SpanIn) -> tuple[int, int]:
    return span.start, span.end
