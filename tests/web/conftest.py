"""Fixtures: results to review, the application over the network that tags by rule, and a client on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import Extraction
from quintuple.extract import Extractor
from quintuple.preprocess import make_article

pytest.importorskip("fastapi", reason="the page needs the extra [web]")

from fastapi.testclient import TestClient

from quintuple.web.access import Access
from quintuple.web.app import create_app
from quintuple.web.desk import Desk, open_desk
from quintuple.web.settings import WebSettings, web_settings

#: Texts that the rule network reads; the first has characters that take two UTF-16 units.
_TEXTS = {
    "emoji": "😀甲购乙5%股份。👨‍👩‍👧甲减乙。",
    "plain": "2022年1月10日，甲购乙7%股份。",
    "english": "Tencent cuts Sea to 3% this year.",
    "quiet": "今天没有消息。",
}


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Texts that the rule network reads, by id."""
    return _TEXTS


@pytest.fixture
def web() -> WebSettings:
    """The settings of the page."""
    return web_settings()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that looks like a model; only its path is used."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture
def results(tmp_path: Path, extractor: Extractor, texts: dict[str, str]) -> Path:
    """An output file of `quintuple extract` over ``texts``."""
    settings = extractor.settings.preprocess
    articles = [make_article(text, id=name, settings=settings) for name, text in texts.items()]
    path = tmp_path / "events.jsonl"
    records = map(Extraction.to_dict, extractor.extract_articles(articles))
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


@pytest.fixture
def make_desk(extractor: Extractor, web: WebSettings, model: Path, tmp_path: Path) -> Callable[..., Desk]:
    """What opens a desk over a source; without an output, corrections go beside it."""

    def make(source: Path | None = None, output: Path | None = None, settings: WebSettings = web) -> Desk:
        target = tmp_path / "pasted.reviewed.jsonl" if source is None and output is None else output
        return open_desk(source, target, extractor, settings, model=model)

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk], results: Path) -> Desk:
    """A desk over ``results``."""
    return make_desk(results)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    """A client of the application over ``results``, without a token."""
    with TestClient(create_app(desk, Access()), base_url="http://127.0.0.1") as made:
        yield made


@pytest.fixture(scope="session")
def read_lines() -> Callable[[Path], list[dict[str, Any]]]:
    """What reads JSON Lines."""
    return lambda path: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
