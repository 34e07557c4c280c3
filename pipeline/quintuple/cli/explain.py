"""What `quintuple extract --explain` shows: each event with its spans, their scores and the rules that changed it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quintuple.events import Article, Event, Extraction, Party, Trigger
from quintuple.extract import Extractor
from quintuple.postprocess import explain
from quintuple.postprocess.explanation import describe_rule

_SLOTS = ("company", "action", "target", "percentage", "date", "counterparty")


@dataclass(frozen=True)
class ExplainingExtractor(Extractor):
    """An extractor that remembers which rules changed each event, until :meth:`rules_of` asks."""

    _fired: dict[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict, repr=False, compare=False)

    def assemble(self, article: Article, triggers: Sequence[Trigger]) -> tuple[Event, ...]:
        """Return the events of an article in text order."""
        pairs = explain(article, triggers, settings=self.settings.postprocess, calibration=self.calibration)
        self._fired[id(article)] = tuple(fired for _, fired in pairs)
        return tuple(event for event, _ in pairs)

    def rules_of(self, extraction: Extraction) -> tuple[tuple[str, ...], ...]:
        """Return the names of the rules for each event of an extraction, once."""
        return self._fired.pop(id(extraction.article), ((),) * len(extraction.events))


def explaining(extractor: Extractor) -> ExplainingExtractor:
    """Return an extractor that explains, with the same model and settings."""
    return ExplainingExtractor(extractor.classifier, extractor.settings, extractor.calibration)


@dataclass(frozen=True)
class ExplanationPrinter:
    """Prints explanations to standard output, as text for people or as JSON Lines with ``rules`` in each event."""

    extractor: ExplainingExtractor
    people: bool
    text: bool

    def write(self, extraction: Extraction) -> None:
        """Print one article."""
        rules = self.extractor.rules_of(extraction)
        if self.people:
            print("\n".join(_lines(extraction, rules)))
            return
        record = extraction.to_dict(text=self.text)
        for event, fired in zip(record["events"], rules, strict=True):
            event["rules"] = list(fired)
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def _lines(extraction: Extraction, rules: Sequence[Sequence[str]]) -> Iterator[str]:
    yield extraction.article.id
    if not extraction.events:
        yield "  (no events)"
    for number, (event, fired) in enumerate(zip(extraction.events, rules, strict=True), 1):
        yield f"  {number}. {event!r} {event.confidence:.2f}"
        for name in _SLOTS:
            slot = getattr(event, name)
            if slot is not None:
                score = "" if slot.confidence is None else f"  {slot.confidence:.2f}"
                yield f"     {name:<12} {slot.text!r}{_meaning(slot)}  [{slot.start}:{slot.end}]{score}"
        for rule in dict.fromkeys(fired):
            yield f"     {'rule':<12} {rule}: {describe_rule(rule)}"
    yield ""


def _meaning(slot: object) -> str:
    if not isinstance(slot, Party) or (slot.name == slot.text and slot.id is None):
        return ""
    return f" = {slot.name}" + (f" ({slot.id})" if slot.id else "")
