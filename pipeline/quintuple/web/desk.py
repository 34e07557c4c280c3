"""What the review page works on: the library, the model, and the file that takes the corrections."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quintuple.events import Article, DataError
from quintuple.extract import Extractor
from quintuple.preprocess import make_article
from quintuple.resources import config_path, model_path
from quintuple.settings import read_toml
from quintuple.train.data.settings import action_types
from quintuple.web.api import extract_record
from quintuple.web.events import count_changes, labelled_record, page_events
from quintuple.web.library import Library
from quintuple.web.models import ArticleIn, DocumentOut, EntryOut, ReviewEvent, ReviewIn, SavedOut, SessionOut
from quintuple.web.normalize import article_of
from quintuple.web.records import Entry, Record, event_facts
from quintuple.web.retrain import shipped_corpus, write_config
from quintuple.web.reviewed import ReviewedFile
from quintuple.web.settings import WebSettings
from quintuple.web.sources import REVIEWED, Item, read_dropped, read_source

_PASTED = Path(f"pasted{REVIEWED}")


@dataclass(frozen=True)
class Desk:
    """All that a review needs; its methods may run on several threads at once."""

    extractor: Extractor
    library: Library
    reviewed: ReviewedFile
    settings: WebSettings
    source: Path | None
    problems: tuple[str, ...]
    model: Path

    def session(self) -> SessionOut:
        """Return what the page shows before any article is opened."""
        totals = self.reviewed.totals
        limits = self.settings.limits
        return SessionOut(
            source=None if self.source is None else str(self.source),
            output=str(self.reviewed.path),
            articles=len(self.library),
            reviewed=totals.articles,
            corrections=totals.corrections,
            problems=list(self.problems),
            types=sorted(self.types, key=_type_order),
            hints=trigger_hints(),
            limits={"max_text": limits.max_text, "max_file": limits.max_file, "listed": self.settings.page.listed},
        )

    @property
    def types(self) -> frozenset[str]:
        """The action types of EVENTS.md and those of the model."""
        return frozenset(action_types()) | frozenset(self.extractor.classifier.labels.actions)

    def document(self, key: int) -> DocumentOut:
        """Return an article with the reviewer's events, else with the model's.

        Raises:
            KeyError: there is no such article.
            QuintupleError: it cannot be read or extracted.
        """
        record = self._extracted(key)
        entry = self.library.entry(key)
        if entry is None:
            raise KeyError(key)
        article = self._article(record, record.get("published"))
        original = page_events(record, article)
        return DocumentOut(
            entry=entry_out(entry),
            text=record["text"],
            title=record.get("title"),
            path=record.get("path"),
            events=self._saved_events(entry, article) or _numbered(original),
            original=len(original),
        )

    def paste(self, given: ArticleIn) -> Entry:
        """Add an article of text."""
        record = extract_record(self.extractor, given, prefix="pasted")
        return self._open(Item(record, lambda: record))

    def drop(self, data: bytes, name: str) -> tuple[list[Entry], list[str]]:
        """Add the articles of a file's bytes; return them, and what could not be read."""
        found = list(read_dropped(data, name, settings=self.extractor.settings.preprocess))
        entries = [self._open(item) for item in found if isinstance(item, Item)]
        return entries, [item for item in found if isinstance(item, str)]

    def save(self, key: int, review: ReviewIn) -> SavedOut:
        """Write an article with the reviewer's events to the file of reviewed articles.

        Raises:
            KeyError: there is no such article.
            RequestError: the events are no labelled data.
        """
        record = self._extracted(key)
        published = review.published.isoformat() if review.published else None
        article = self._article(record, published)
        labelled = labelled_record(record, review, article, types=self.types)
        changed = count_changes(page_events(record, article), review)
        before = record.get("review")
        earlier = before.get("corrections", 0) if isinstance(before, dict) else 0
        origins = [event.origin for event in review.events]
        totals = self.reviewed.save(labelled | {"review": {"corrections": earlier + changed, "origins": origins}})
        self.library.mark_reviewed(key, tuple(map(event_facts, labelled["events"])))
        return SavedOut(
            output=str(self.reviewed.path), changed=changed, reviewed=totals.articles, corrections=totals.corrections
        )

    def write_config(self) -> Path:
        """Write the config that trains on the corrections and return its path."""
        path, settings = self.reviewed.path, self.settings.retrain
        return write_config(path, self.model, settings=settings, corpus=shipped_corpus())

    def _extracted(self, key: int) -> Record:
        record = self.library.load(key)
        if record.get("events") is None:
            article = make_article(
                record["text"],
                id=record["id"],
                settings=self.extractor.settings.preprocess,
                path=record.get("path"),
                title=record.get("title"),
                published=record.get("published"),
            )
            (extraction,) = self.extractor.extract_articles([article])
            record = extraction.to_dict()
            self.library.keep(key, record)
        return record

    def _article(self, record: Record, published: object) -> Article:
        day = published if isinstance(published, str) else None
        return article_of(record["text"], day, record.get("language"), self.extractor.settings.preprocess)

    def _open(self, item: Item) -> Entry:
        entry = self.library.open(item)
        saved = self.reviewed.get(entry.id)
        if saved is not None and saved.get("text") == item.known.get("text"):
            self.library.mark_reviewed(entry.key, tuple(map(event_facts, saved.get("events", ()))))
        return self.library.entry(entry.key) or entry

    def _saved_events(self, entry: Entry, article: Article) -> list[ReviewEvent] | None:
        """Return the events of an article as they were saved, None if its text has changed since."""
        saved = self.reviewed.get(entry.id)
        if saved is None or saved.get("text") != article.text or not isinstance(saved.get("events"), list):
            return None
        events = page_events(saved, article)
        review = saved.get("review")
        origins = review.get("origins") if isinstance(review, dict) else None
        return _numbered(events, origins if isinstance(origins, list) and len(origins) == len(events) else None)


def open_desk(
    source: Path | None, output: Path | None, extractor: Extractor, settings: WebSettings, *, model: str | Path
) -> Desk:
    """Read what is to be reviewed, and what was reviewed before.

    Raises:
        DataError: ``source`` is missing, ``output`` is damaged or would overwrite the model's own output.
    """
    target = output or output_path(source)
    if source is not None and target.resolve() == source.resolve() and not source.name.endswith(REVIEWED):
        raise DataError(f"{target}: expected another file than the one under review, whose events stay as they are")
    library = Library(snippet=settings.page.snippet, max_opened=settings.limits.max_opened)
    found = () if source is None else read_source(source, settings=extractor.settings.preprocess)
    problems = library.fill(found)
    reviewed = ReviewedFile(target)
    for entry in library.entries():
        saved = reviewed.get(entry.id)
        if saved is not None:
            library.mark_reviewed(entry.key, tuple(map(event_facts, saved.get("events", ()))))
    return Desk(extractor, library, reviewed, settings, source, tuple(problems), model_path(model))


def output_path(source: Path | None) -> Path:
    """Return the file that takes the corrections: beside the source, in the working directory without one."""
    if source is None:
        return _PASTED
    if source.name.endswith(REVIEWED):
        return source
    whole = source.resolve() if source.is_dir() else source
    return whole.with_name(whole.name.removesuffix(".jsonl") + REVIEWED)


@cache
def trigger_hints() -> dict[str, list[str]]:
    """Return the words that often trigger each type, in both languages."""
    table = read_toml(config_path("actions.toml"))
    return {name: [*row["zh"], *row["en"]] for name, row in table.items()}


def entry_out(entry: Entry) -> EntryOut:
    """Return a line of the list as the page takes it."""
    return EntryOut(
        key=entry.key,
        id=entry.id,
        label=entry.label,
        language=entry.language,  # type: ignore[arg-type]
        published=entry.published,
        events=None if entry.facts is None else len(entry.facts),
        confidence=entry.confidence,
        state=entry.state,
    )


def _numbered(events: list[ReviewEvent], origins: list[int | None] | None = None) -> list[ReviewEvent]:
    numbers = range(len(events)) if origins is None else origins
    return [event.model_copy(update={"origin": origin}) for event, origin in zip(events, numbers, strict=True)]


def _type_order(name: str) -> tuple[int, str]:
    known = action_types()
    return (known.index(name) if name in known else len(known)), name
