"""ChFinAnn (Doc2EDAG): announcements with all mentions of the arguments but no triggers.

A file is an array of ``[id, {"sentences", "ann_mspan2dranges": {mention: [[sentence, start, end]]},
"recguid_eventname_eventdict_list": [[number, type, {role: mention or null}]]}]``. The sentences become lines of one
text. The trigger words of ``configs/chfinann.toml`` stand in for the triggers; ``locate`` says which one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from quintuple.events import DataError
from quintuple.train.data.convert.frames import check_place
from quintuple.train.data.convert.locate import locate, occurrences
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.convert.scheme import distinct, events_of, mapping, slot_arguments, slot_roles
from quintuple.train.data.lines import Record, read_json
from quintuple.train.data.record import Place, make_record


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield the announcements of a ChFinAnn file as quintuples.

    Raises:
        DataError: the file is no such array, or a mention does not stand where it should; names the JSON path.
    """
    documents = read_json(source)
    if not isinstance(documents, list):
        raise DataError(f"{source}: $: expected an array of documents, got {type(documents).__name__}")
    for number, document in enumerate(documents):
        where = f"{source}: $[{number}]"
        try:
            yield _record(document, where, losses)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as exc:
            raise DataError(f"{where}: expected a ChFinAnn document, got: {exc!r}") from exc


def _record(document: Sequence[Any], where: str, losses: Losses) -> Record:
    name, content = document
    sentences: list[str] = content["sentences"]
    text = "\n".join(sentences)
    starts = list(accumulate((len(sentence) + 1 for sentence in sentences), initial=0))
    mentions = {
        mention: [_place(text, mention, starts, place, where) for place in places]
        for mention, places in content["ann_mspan2dranges"].items()
    }
    events: list[Record] = []
    for number, (_, kind, arguments) in enumerate(content["recguid_eventname_eventdict_list"]):
        at = f"{where}[1].recguid_eventname_eventdict_list[{number}]"
        events += _events(text, kind, arguments, mentions, at, losses)
    exhaustive = mapping("chfinann.toml")["exhaustive"]
    return make_record(text, distinct(events), id=str(name), language="zh", source="chfinann", exhaustive=exhaustive)


def _place(text: str, mention: str, starts: Sequence[int], place: Sequence[int], where: str) -> Place:
    sentence, start, end = place
    at = f"{where}[1].ann_mspan2dranges[{mention!r}]"
    found = check_place(text, starts[sentence] + start, starts[sentence] + end, at)
    if text[slice(*found)] != mention:
        raise DataError(f"{at}: [{start}:{end}] of sentence {sentence} is {text[slice(*found)]!r} in the text")
    return found


def _events(
    text: str,
    kind: str,
    arguments: Mapping[str, str | None],
    mentions: Mapping[str, Sequence[Place]],
    where: str,
    losses: Losses,
) -> list[Record]:
    table = mapping("chfinann.toml")
    triggers = _triggers(text, table["triggers"].get(kind, {}))
    if not triggers:
        known = kind in table["triggers"]
        losses.add("event whose type has no trigger word in the text" if known else f"event of the type {kind}", where)
        return []
    places = {role: mentions.get(value, []) for role, value in arguments.items() if value}
    located = locate(text, list(triggers), places)
    action = triggers[located.trigger]
    chosen = slot_arguments(slot_roles(table, kind, action), list(located.arguments.items()))
    return events_of(text, located.trigger, action, chosen, status="occurred", where=where, losses=losses)


def _triggers(text: str, words: Mapping[str, str]) -> dict[Place, str]:
    """Return the places of trigger words with their actions; a word within a longer one does not count."""
    found: dict[Place, str] = {}
    for word, action in words.items():
        for start, end in occurrences(text, word):
            if not any(known[0] < end and start < known[1] for known in found):
                found[start, end] = action
    return found
