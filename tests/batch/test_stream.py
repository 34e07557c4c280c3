"""Articles one after the other in this process: a bad input costs itself alone."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from quintuple import batch
from quintuple.batch.stages import Job, Place
from quintuple.classify.classifier import Classifier
from quintuple.events import Article, Extraction
from quintuple.extract import Extractor
from quintuple.writers.jsonl import JsonLinesWriter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "good.txt").write_text("甲购乙。", encoding="utf-8")
    (tmp_path / "sub/also.txt").write_text("Tencent cuts Sea.", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(random.Random(1).randbytes(4000))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (tmp_path / "lines.jsonl").write_text(
        '{"id": "one", "text": "甲购乙。"}\n{"id": "two", "te\n{"id": "three", "text": "甲减乙。"}\n', encoding="utf-8"
    )
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


def run(paths: list[Path], extractor: Extractor) -> tuple[batch.Summary, list[Extraction]]:
    summary, found = batch.Summary(), list[Extraction]()
    _, jobs = batch.read_inputs(paths, extractor, summary, published=None)
    batch.run(jobs, extractor, summary, found.append)
    return summary, found


def jobs_of(*texts: str) -> list[Job]:
    return [Job(Place(f"{n}.txt", 0), Article(str(n), text, "zh")) for n, text in enumerate(texts)]


def test_good_articles_get_through_and_bad_ones_are_listed(folder: Path, extractor: Extractor) -> None:
    summary, found = run([folder], extractor)
    assert {e.article.id: len(e.events) for e in found} == {"good": 1, "sub/also": 1, "one": 1, "three": 1}
    assert (summary.articles, summary.events, summary.skipped) == (4, 4, 1)
    assert [Path(failure.path).name for failure in summary.failures] == [
        "binary.txt",
        "broken.pdf",
        "empty.txt",
        "lines.jsonl",
    ]
    assert "lines.jsonl:2" in str(summary.failures[3])


def test_a_named_file_of_unknown_kind_is_an_error(folder: Path, extractor: Extractor) -> None:
    summary, found = run([folder / "picture.png", folder / "missing.txt"], extractor)
    assert not found
    assert [Path(failure.path).name for failure in summary.failures] == ["picture.png", "missing.txt"]


def test_a_text_without_line_breaks_of_megabytes(tmp_path: Path, extractor: Extractor) -> None:
    (tmp_path / "long.txt").write_text("甲购乙" + "长" * 120_000 + "甲购乙", encoding="utf-8")
    (tmp_path / "short.txt").write_text("甲购乙。", encoding="utf-8")
    summary, found = run([tmp_path], extractor)
    assert not summary.failures
    assert [[event.action.start for event in e.events] for e in found][1] == [1]
    (long, _) = found
    assert {event.action.start for event in long.events} <= {1, 120_004}
    assert long.events


def test_an_article_that_breaks_the_classifier_costs_itself(extractor: Extractor, monkeypatch) -> None:
    whole = Classifier.classify
    together = []

    def fragile(self: Classifier, articles: list[Article]) -> object:
        if any("坏" in article.text for article in articles):
            raise RuntimeError("broken")
        together.append(len(articles))
        return whole(self, articles)

    monkeypatch.setattr(Classifier, "classify", fragile)
    summary, found = batch.Summary(), list[Extraction]()
    batch.run(jobs_of("好", "坏", "好"), extractor, summary, found.append)
    assert [e.article.id for e in found] == ["0", "2"]
    assert [str(failure) for failure in summary.failures] == ["1: extraction failed: RuntimeError('broken')"]
    assert together[-1] == 2


def test_an_article_that_breaks_the_rules_costs_itself(extractor: Extractor, monkeypatch) -> None:
    whole = Extractor.assemble

    def fragile(self: Extractor, article: Article, triggers: object) -> object:
        if "坏" in article.text:
            raise RuntimeError("broken")
        return whole(self, article, triggers)

    monkeypatch.setattr(Extractor, "assemble", fragile)
    summary, found = batch.Summary(), list[Extraction]()
    batch.run(jobs_of("好", "坏", "好"), extractor, summary, found.append)
    assert [e.article.id for e in found] == ["0", "2"]
    assert [failure.path for failure in summary.failures] == ["1.txt"]


def test_reading_is_a_little_ahead_and_no_more(extractor: Extractor) -> None:
    taken = []

    def endless() -> Iterator[Job]:
        for number in range(1000):
            taken.append(number)
            yield from jobs_of("甲购乙。")

    def stop(extraction: Extraction) -> None:
        raise KeyboardInterrupt

    small = extractor.settings.batch.model_copy(update={"chunk_characters": 1})
    single = Extractor(extractor.classifier, extractor.settings.model_copy(update={"batch": small}))
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        batch.run(endless(), single, batch.Summary(), stop)
    assert len(taken) < 12
    assert threading.active_count() == before


def test_what_the_caller_raises_comes_back(extractor: Extractor) -> None:
    def broken() -> Iterator[Job]:
        yield from jobs_of("甲购乙。")
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        batch.run(broken(), extractor, batch.Summary(), lambda _: None)


def test_bytes_of_standard_input(extractor: Extractor) -> None:
    jobs = list(batch.read_stream("甲购乙。".encode("gb18030"), extractor, suffix=".txt", published="2022-01-10"))
    (article,) = [job.item for job in jobs]
    assert isinstance(article, Article)
    assert (article.text, article.published, article.language) == ("甲购乙。", "2022-01-10", "zh")


def test_written_lines_are_read_back_as_the_same_text(folder: Path, extractor: Extractor, tmp_path: Path) -> None:
    _, found = run([folder], extractor)
    target = tmp_path / "events.jsonl"
    with target.open("w", encoding="utf-8") as stream:
        for extraction in found:
            JsonLinesWriter(stream).write(extraction)
    records = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [record["text"] for record in records] == [extraction.article.text for extraction in found]
