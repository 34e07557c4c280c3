"""Finds whom a pronoun or a general word means: 公司, 其, "it", "the Singapore-based company"."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from quintuple.postprocess.aliases import Entity, Known, Lexicon
from quintuple.postprocess.clauses import sentence_at
from quintuple.postprocess.kinds import is_body, is_declarer, is_generic, is_pronoun
from quintuple.postprocess.names import HAN, name_key

_REACH = 600  # characters back; a pronoun that refers farther is not resolved


def resolve(lexicon: Lexicon, start: int, end: int, *, exclude: frozenset[str] = frozenset()) -> Entity:
    """Return whom the mention at ``start``–``end`` means; keys in ``exclude`` are not taken for a pronoun."""
    text = lexicon.article.text[start:end]
    if not is_generic(text):
        return lexicon.entity(text, start, end)
    defined = lexicon.definitions.get(name_key(text))
    if defined is not None:
        return _renamed(lexicon.entity(defined, start, end), text)
    known = find_antecedent(lexicon, start, end, exclude=exclude)
    return _renamed(lexicon.entity(known.text, known.start, known.end), text) if known else Entity(text)


def find_antecedent(lexicon: Lexicon, start: int, end: int, *, exclude: frozenset[str] = frozenset()) -> Known | None:
    """Return the mention that a general word at ``start``–``end`` refers to, if one stands before it."""
    text = lexicon.article.text[start:end]
    before = [
        known
        for known in lexicon.known
        if known.end <= start and start - known.start <= _REACH and _fits(lexicon, known, exclude, text)
    ]
    if HAN.search(text):
        return _chinese(lexicon, before, start, is_declarer(text), text)
    return _english(lexicon, before, start)


def _renamed(entity: Entity, text: str) -> Entity:
    return Entity(entity.name, entity.id, entity.kind, "antecedent" if entity.name != text else None)


def _fits(lexicon: Lexicon, known: Known, exclude: frozenset[str], text: str) -> bool:
    entity = lexicon.entity(known.text, known.start, known.end)
    if entity.key in exclude or is_body(known.text) or is_body(entity.name):
        return False
    return entity.kind == "company" or is_pronoun(text)


def _chinese(lexicon: Lexicon, before: list[Known], start: int, declarer: bool, text: str) -> Known | None:
    if declarer:
        return (
            _last(before, lambda known: known.declarer) or _last(before, lambda known: known.subject) or _last(before)
        )
    first, _ = sentence_at(lexicon.article, start)
    if is_pronoun(text):
        return _last(before, lambda known: known.subject and known.start >= first) or _last(before)
    return _last(before, lambda known: known.subject) or _last(before)


def _english(lexicon: Lexicon, before: list[Known], start: int) -> Known | None:
    """Take the subject of the sentence, else the first name of the sentence before, else the last subject."""
    first, _ = sentence_at(lexicon.article, start)
    same = [known for known in before if known.start >= first]
    if same:
        return _first(same, lambda known: known.subject) or same[0]
    previous, _ = sentence_at(lexicon.article, max(0, first - 2))
    earlier = [known for known in before if known.start >= previous]
    return (
        _first(earlier, lambda known: known.subject)
        or _first(earlier)
        or _last(before, lambda k: k.subject)
        or _last(before)
    )


def _first(known: Iterable[Known], test: Callable[[Known], bool] = lambda _: True) -> Known | None:
    return next((mention for mention in known if test(mention)), None)


def _last(known: list[Known], test: Callable[[Known], bool] = lambda _: True) -> Known | None:
    return _first(reversed(known), test)
