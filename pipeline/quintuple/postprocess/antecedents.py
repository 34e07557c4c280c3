"""Finds whom a pronoun or a general word means: 公司, 其, 后者, "it", "the Singapore-based company"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache

from quintuple.events import Language
from quintuple.postprocess.folding import expand
from quintuple.postprocess.kinds import is_body
from quintuple.postprocess.lexicon import Entity, Known, Lexicon
from quintuple.postprocess.names import HAN, name_key, simplified, tables
from quintuple.postprocess.references import Reference, is_generic, reference_of
from quintuple.postprocess.salience import most_salient, reach_of

_INITIAL = 3  # so near to the start of its sentence a pronoun has no subject before it


def resolve(lexicon: Lexicon, start: int, end: int, *, exclude: frozenset[str] = frozenset()) -> Entity:
    """Return whom the mention at ``start``–``end`` means; keys in ``exclude`` are not taken for a pronoun."""
    text = lexicon.article.text[start:end]
    if not is_generic(text):
        return lexicon.entity(text, start, end)
    if not lexicon.pronouns:
        return Entity(text)
    defined = _defined(lexicon, text)
    if defined is not None:
        return _renamed(lexicon.entity(defined, start, end), text)
    known = find_antecedent(lexicon, start, end, exclude=exclude)
    return _renamed(lexicon.entity(known.text, known.start, known.end), text) if known else Entity(text)


def _defined(lexicon: Lexicon, text: str) -> str | None:
    """Return whom brackets give a general word to; a board is that of the one who is "the Company"."""
    own = lexicon.definitions.get(name_key(text))
    if own is not None or reference_of(text) != "declarer":
        return own
    return next(
        (lexicon.definitions[word] for word in tables()["generic"]["selves"] if word in lexicon.definitions), None
    )


def find_antecedent(lexicon: Lexicon, start: int, end: int, *, exclude: frozenset[str] = frozenset()) -> Known | None:
    """Return the mention of the party that a general word at ``start``–``end`` refers to, if one is named."""
    text = lexicon.article.text[start:end]
    reference = reference_of(text)
    if reference == "person":
        return _last(lexicon.persons[: bisect_left(lexicon.persons, start, key=lambda person: person.end)])
    if reference == "role":
        return _bearer(lexicon, start, text)
    if reference == "plural":
        return None
    if reference == "body":
        return _last(lexicon.before(start, reach=reach_of("definite")), lambda known: is_body(known.text))
    if reference == "pronoun" and (subject := _general_subject(lexicon, start, exclude)) is not None:
        return find_antecedent(lexicon, *subject, exclude=exclude)
    scale = _scale(lexicon, start, reference)
    without = exclude | (lexicon.owners if reference == "declarer" else frozenset())
    before = [
        known
        for known in lexicon.before(start, reach=reach_of(scale))
        if _fits(lexicon, known, without, persons=text in ("其", "它"))
    ]
    if text[:1] in ("本", "我"):  # who says so acts or announces; whom the text only names is another
        before = [known for known in before if known.subject or known.declarer]
    if reference in ("former", "latter"):
        return _of_two(lexicon, before, latter=reference == "latter")
    if reference == "declarer" and not before and lexicon.signature is not None:
        return lexicon.signature
    return most_salient(lexicon, before, (start, end), scale)


def _scale(lexicon: Lexicon, start: int, reference: Reference | None) -> str:
    """Return whose weights hold: at the start of a paragraph "the company" is the one whom all the article is about."""
    if reference == "definite" and lexicon.article.text[max(0, start - 1) : start] == "\n":
        return "declarer"
    return "near" if reference in (None, "former", "latter") else reference


def _general_subject(lexicon: Lexicon, start: int, exclude: frozenset[str]) -> tuple[int, int] | None:
    """Return the general word that is the subject before a pronoun, such as "the airline" in its sentence.

    Where nobody is named before it in its sentence, that is the first subject of the sentence before, elsewhere the
    last one of its own.
    """
    text, pattern = lexicon.article.text, _subjects("zh" if HAN.match(lexicon.article.text, start) else "en")
    first = lexicon.sentence_start(start)
    alone = start - first < _INITIAL or not (lexicon.within(first, start) or pattern.search(text, first, start))
    initial = alone and first > 1
    begin, end = (lexicon.sentence_start(first - 2), first) if initial else (first, start)
    found = [match.span() for match in pattern.finditer(text, begin, end)]
    if not found:
        return None
    chosen = found[0] if initial else found[-1]
    rivals = lexicon.within(begin, chosen[0]) if initial else lexicon.within(chosen[1], end)
    keys = {lexicon.key(known) for known in rivals if known.subject}
    return None if keys - exclude else chosen


@cache
def _subjects(language: Language) -> re.Pattern[str]:
    table = tables()["generic"]
    return re.compile(expand(table[f"{language}_subject"], table))


def parties_of(lexicon: Lexicon, start: int, end: int) -> tuple[Known, ...]:
    """Return the parties that a plural word (双方, "both companies") at ``start``–``end`` means, in text order.

    They are as many as the word says, the last ones named; none where fewer are named.
    """
    text = simplified(lexicon.article.text[start:end])
    count = next((number for word, number in tables()["generic"]["plural_counts"].items() if word in text), 2)
    found: dict[str, Known] = {}
    for known in reversed(lexicon.before(start, reach=reach_of("near"))):
        if not known.spotted and not is_body(known.text) and not _is_no_party(lexicon, known):
            found.setdefault(lexicon.key(known), known)
        if len(found) == count:
            return tuple(sorted(found.values(), key=lambda known: known.start))
    return ()


def _renamed(entity: Entity, text: str) -> Entity:
    return Entity(entity.name, entity.id, entity.kind, "antecedent" if entity.name != text else None)


def _fits(lexicon: Lexicon, known: Known, exclude: frozenset[str], *, persons: bool) -> bool:
    entity = lexicon.entity(known.text, known.start, known.end)
    if entity.key in exclude or is_body(known.text) or is_body(entity.name) or _is_no_party(lexicon, known):
        return False
    return persons or (entity.kind == "company" and known.text not in lexicon.people)


def _is_no_party(lexicon: Lexicon, known: Known) -> bool:
    """Tell whether a mention is of a thing (工厂), or only says whose the next one is (软银旗下)."""
    after = lexicon.article.text[known.end : known.end + 2]
    thing = re.search(tables()["spotting"]["zh_things" if HAN.search(known.text) else "en_things"], known.text)
    return thing is not None or re.match(tables()["salience"]["whose"], after) is not None


def _bearer(lexicon: Lexicon, start: int, text: str) -> Known | None:
    """Return the name that stands right behind the same role, else behind one with the same last word, the nearest."""
    role = _plain_role(text.strip())
    found = [(_plain_role(other), known) for other, known in lexicon.bearers_near(start, reach=reach_of("declarer"))]
    same = [known for other, known in found if other == role]
    alike = [known for other, known in found if other[-3:] == role[-3:] or role.endswith(other)]
    return min(same or alike, key=lambda known: abs(known.start - start), default=None)


def _plain_role(role: str) -> str:
    return simplified(role).replace("实控人", "实际控制人")


def _of_two(lexicon: Lexicon, before: list[Known], *, latter: bool) -> Known | None:
    """Return the last party named, or for "the former" the one named before it."""
    last = _last(before)
    if last is None or latter:
        return last
    return _last(before, lambda known: lexicon.key(known) != lexicon.key(last))


def _last(known: Sequence[Known], test: Callable[[Known], bool] = lambda _: True) -> Known | None:
    return next((mention for mention in reversed(known) if test(mention)), None)
