"""The spaCy component ``quintuple``: events on ``doc._.quintuples``, their places in ``doc.spans``.

spaCy finds it by its entry point, so that ``nlp.add_pipe("quintuple")`` works without an import.
"""
# No `from __future__ import annotations` here: spaCy checks a component's config against real annotations.

import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal
from weakref import finalize

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import raise_error

from quintuple.events import Article, Event, Extraction
from quintuple.extract import Extractor, load
from quintuple.integrations.records import read_event
from quintuple.preprocess import make_article
from quintuple.resources import model_path, models_folder
from quintuple.settings import Settings, load_settings, read_toml

Alignment = Literal["strict", "contract", "expand"]
OnError = Callable[[str, "QuintupleComponent", list[Doc], Exception], Any]

#: Where a Doc keeps its events, as JSON has them; the one form that ``Doc.to_bytes`` can write.
USER_DATA = "quintuple"

_SETTINGS = "settings.json"
_MODEL = "model"


def events_of(doc: Doc) -> tuple[Event, ...]:
    """Return the events of a Doc, in text order; what ``doc._.quintuples`` shows."""
    return tuple(read_event(record) for record in doc.user_data.get(USER_DATA, ()))


Doc.set_extension("quintuples", getter=events_of, force=True)


class QuintupleComponent:
    """Extracts events; loads its model on first use, once per process."""

    def __init__(
        self,
        name: str,
        *,
        model: str | Path | None,
        settings: str | dict[str, Any] | None,
        published: str,
        spans_key: str,
        alignment_mode: Alignment,
    ) -> None:
        """Keep the options; see ``make_component``."""
        self.name, self.model, self.settings = name, model, settings
        self.published, self.spans_key, self.alignment_mode = published, spans_key, alignment_mode
        self._on_error: OnError = raise_error
        self._loaded: dict[int, Extractor] = {}
        self._declare()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one Doc."""
        (extraction,) = self.extractor.extract_articles([self._article(doc)])
        self._annotate(doc, extraction)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Annotate Docs, in order; ``batch_size`` of them share their batches."""
        docs_left = iter(stream)
        while docs := list(islice(docs_left, batch_size)):
            for doc, extraction in self._extract(docs):
                self._annotate(doc, extraction)
                yield doc

    def set_error_handler(self, error_handler: OnError) -> None:
        """Take what is called when a Doc fails; that Doc is then left out."""
        self._on_error = error_handler

    def get_error_handler(self) -> OnError:
        """Return what is called when a Doc fails."""
        return self._on_error

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:  # noqa: ARG002 - spaCy's signature
        """Return the settings, and the model's files unless it is a shipped one."""
        files = {path.name: path.read_bytes() for path in self._own_files()}
        return bytes(srsly.msgpack_dumps({"settings": self._table(), "files": files}))

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> "QuintupleComponent":  # noqa: ARG002
        """Take over what ``to_bytes`` returned."""
        record = srsly.msgpack_loads(data)
        if record["files"]:
            self.model = mkdtemp(prefix="quintuple-")
            finalize(self, shutil.rmtree, self.model, ignore_errors=True)
            _write(record["files"], Path(self.model))
        self.settings, self._loaded = record["settings"], {}
        return self

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002
        """Write the settings, and the model's files unless it is a shipped one."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        srsly.write_json(folder / _SETTINGS, self._table())
        if files := {path.name: path.read_bytes() for path in self._own_files()}:
            _write(files, folder / _MODEL)

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> "QuintupleComponent":  # noqa: ARG002
        """Take over what ``to_disk`` wrote."""
        folder = Path(path)
        if (folder / _MODEL).is_dir():
            self.model = folder / _MODEL
        self.settings, self._loaded = srsly.read_json(folder / _SETTINGS), {}
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave the loaded model behind: a process loads its own."""
        return self.__dict__ | {"_loaded": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Come up in a process that may know none of our extensions yet."""
        self.__dict__.update(state)
        self._declare()

    @property
    def extractor(self) -> Extractor:
        """The model of this process."""
        # A forked process inherits the session of ONNX Runtime without its threads: run or freed there, it waits for
        # them for ever. So each process keeps its own beside what it inherited.
        process = os.getpid()
        if process not in self._loaded:
            self._loaded[process] = load(self.model, settings=self._settings())
        return self._loaded[process]

    def _settings(self) -> Settings:
        settings = load_settings(overrides=self._table())
        if settings.classify.threads == 0 and multiprocessing.parent_process() is not None:
            # The workers of nlp.pipe(n_process=…) share the cores.
            return load_settings(overrides={**self._table(), "classify.threads": 1})
        return settings

    def _table(self) -> dict[str, Any]:
        return read_toml(self.settings) if isinstance(self.settings, str) else dict(self.settings or {})

    def _own_files(self) -> list[Path]:
        folder = model_path(self.model or self._settings().classify.model)
        if folder.resolve().parent == models_folder().resolve():
            return []
        unused = {"model.onnx"} if (folder / "model.int8.onnx").is_file() else set[str]()
        return [
            path
            for path in folder.iterdir()
            if path.is_file() and path.suffix != ".safetensors" and path.name not in unused
        ]

    def _declare(self) -> None:
        if not Doc.has_extension(self.published):
            Doc.set_extension(self.published, default=None)

    def _extract(self, docs: Sequence[Doc]) -> Iterator[tuple[Doc, Extraction]]:
        extractor = self.extractor
        try:
            done = extractor.extract_articles([self._article(doc) for doc in docs])
        except Exception as exc:
            # Only the Doc that broke it may pay: one by one, its neighbours get through.
            if len(docs) == 1:
                self._on_error(self.name, self, list(docs), exc)
                return
            for doc in docs:
                yield from self._extract([doc])
        else:
            yield from zip(docs, done, strict=True)

    def _article(self, doc: Doc) -> Article:
        day = doc._.get(self.published)
        options = self.extractor.settings.preprocess
        return make_article(
            doc.text, id="text", settings=options, published=day.isoformat() if isinstance(day, date) else day
        )

    def _annotate(self, doc: Doc, extraction: Extraction) -> None:
        doc.user_data[USER_DATA] = [event.to_dict() for event in extraction.events]
        doc.spans[self.spans_key] = [
            span for number, event in enumerate(extraction.events) for span in self._spans(doc, str(number), event)
        ]
        _, _, getter, setter = Doc.get_extension(self.published)
        if doc._.get(self.published) is None and (getter is None or setter is not None):
            doc._.set(self.published, extraction.article.published)

    def _spans(self, doc: Doc, number: str, event: Event) -> Iterator[Span]:
        for label, start, end in _places(event):
            span = doc.char_span(start, end, label=label, span_id=number, alignment_mode=self.alignment_mode)
            if span is not None and len(span):
                yield span


@Language.factory(
    "quintuple",
    assigns=["doc._.quintuples", "doc.spans"],
    default_config={
        "model": None,
        "settings": None,
        "published": "published",
        "spans_key": "quintuple",
        "alignment_mode": "expand",
    },
)
def make_component(
    nlp: Language,  # noqa: ARG001 - spaCy's signature
    name: str,
    model: str | None,
    settings: str | dict[str, Any] | None,
    published: str,
    spans_key: str,
    alignment_mode: Alignment,
) -> QuintupleComponent:
    """Make the component that ``nlp.add_pipe("quintuple", config={...})`` adds.

    ``model`` is a shipped model's name or a folder; ``settings`` a TOML file, or a table such as
    ``{"classify": {"threads": 1}}``, over the defaults. ``published`` names the extension of the Doc that holds the
    day relative dates are resolved against. The spans go to ``doc.spans[spans_key]``: a trigger's label is its action
    type, an argument's its slot in capitals, and ``int(span.id_)`` is the event's place in ``doc._.quintuples``.
    ``alignment_mode`` says what becomes of a slot that begins or ends inside a token: ``expand`` takes the whole
    token, ``contract`` leaves it out, ``strict`` makes no span; the event keeps its own offsets in any case.
    """
    return QuintupleComponent(
        name,
        model=model,
        settings=settings,
        published=published,
        spans_key=spans_key,
        alignment_mode=alignment_mode,
    )


def _places(event: Event) -> Iterator[tuple[str, int, int]]:
    yield event.action.type, event.action.start, event.action.end
    for slot in ("company", "target", "date", "counterparty"):
        if found := getattr(event, slot):
            yield slot.upper(), found.start, found.end
    for piece in event.percentage.spans if event.percentage else ():
        yield "PERCENTAGE", piece.start, piece.end


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / Path(name).name).write_bytes(data)
