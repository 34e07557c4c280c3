"""Typed settings of ``configs/web.toml``."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from quintuple.resources import config_path
from quintuple.settings import Strict, read_toml, validate


class ServerSettings(Strict):
    """Where the server listens; ``min_token`` in characters."""

    host: str
    port: int = Field(ge=0, le=65535)
    min_token: int = Field(gt=0)


class LimitSettings(Strict):
    """What one request may bring; bytes, characters, counts and seconds."""

    max_body: int = Field(gt=0)
    max_file: int = Field(gt=0)
    max_text: int = Field(gt=0)
    max_batch: int = Field(gt=0)
    max_spans: int = Field(gt=0)
    max_events: int = Field(gt=0)
    max_opened: int = Field(gt=0)
    max_in_flight: int = Field(gt=0)
    body_seconds: float = Field(gt=0)


class WorkSettings(Strict):
    """How many requests are worked on at once and may wait; ``retry_after`` in seconds."""

    workers: int = Field(gt=0)
    queue: int = Field(gt=0)
    retry_after: int = Field(gt=0)


class PageSettings(Strict):
    """What the list of articles shows."""

    listed: int = Field(gt=0)
    snippet: int = Field(gt=0)


class RetrainSettings(Strict):
    """How often the suggested training config reads the corrections and the shipped corpus."""

    passes: float = Field(gt=0)
    corpus_passes: float = Field(gt=0)


class WebSettings(Strict):
    """All settings of `quintuple review`."""

    server: ServerSettings
    limits: LimitSettings
    work: WorkSettings
    page: PageSettings
    retrain: RetrainSettings


@cache
def web_settings() -> WebSettings:
    """Return the settings of ``configs/web.toml``."""
    path = config_path("web.toml")
    return validate(WebSettings, read_toml(path), where=str(path))
