"""What one article says about names: who is known in it, where, and whom a name means."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from quintuple.events import Article, PartyKind
from quintuple.postprocess.companies import Company
from quintuple.postprocess.kinds import has_role, is_person
from quintuple.postprocess.names import HAN, Names, name_key
from quintuple.postprocess.references import role_pattern

_SENTENCE_END = re.compile(r"[。！？!?\n]+\s*|(?<=[a-z0-9)%])\.\s+(?=[A-Z\"“])")


@dataclass(frozen=True, slots=True)
class Known:
    """A mention of a named party.

    ``subject``: it acts; ``declarer``: it is the one who announces; ``spotted``: only its form makes it a name.
    """

    start: int
    end: int
    text: str
    subject: bool = False
    declarer: bool = False
    spotted: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """Whom a name means."""

    name: str
    id: str | None = None
    kind: PartyKind = "company"
    rule: str | None = None

    @property
    def key(self) -> str:
        """Return what tells this party from others."""
        return self.id or name_key(self.name)


@dataclass(frozen=True)
class Lexicon:
    """What one article says about the names in it.

    ``known`` and ``persons`` stand in text order, no mention of ``known`` inside another; ``signature`` stands at the
    very end; ``pronouns`` tells whether general words are resolved.
    """

    article: Article
    names: Names
    known: tuple[Known, ...]
    definitions: Mapping[str, str]
    tickers: Mapping[str, str] = field(default_factory=dict)
    longer: Mapping[str, str] = field(default_factory=dict)
    persons: tuple[Known, ...] = ()
    signature: Known | None = None
    pronouns: bool = True
    _named: dict[str, tuple[Entity, Company | None]] = field(default_factory=dict, repr=False, compare=False)
    _entities: dict[tuple[int, int, str], Entity] = field(default_factory=dict, repr=False, compare=False)

    def entity(self, text: str, start: int, end: int) -> Entity:
        """Return whom a name means that stands at ``start``–``end``."""
        place = start, end, text
        if place not in self._entities:
            self._entities[place] = self._placed(text, start, end)
        return self._entities[place]

    def key(self, known: Known) -> str:
        """Return the key of the party that a mention names."""
        return self.entity(known.text, known.start, known.end).key

    def before(self, end: int, *, reach: int) -> Sequence[Known]:
        """Return the mentions that end at or before a place and begin at most ``reach`` characters before it."""
        return self.known[bisect_left(self._starts, end - reach) : bisect_right(self._ends, end)]

    def holding(self, start: int, end: int) -> Sequence[Known]:
        """Return the mentions that a range lies in."""
        return self.known[bisect_left(self._ends, end) : bisect_right(self._starts, start)]

    def within(self, start: int, end: int) -> Sequence[Known]:
        """Return the mentions that lie in a range."""
        return self.known[bisect_left(self._starts, start) : bisect_right(self._ends, end)]

    def starting(self, start: int) -> Known | None:
        """Return the mention that starts at a place."""
        index = bisect_left(self._starts, start)
        return self.known[index] if index < len(self.known) and self.known[index].start == start else None

    def place_of(self, position: int) -> tuple[int, int]:
        """Return the numbers of the sentence and of the paragraph in which a position lies."""
        return bisect_right(self._sentences, position), bisect_right(self._lines, position)

    def sentence_start(self, position: int) -> int:
        """Return where the sentence that holds a position starts."""
        index = bisect_right(self._sentences, position)
        return self._sentences[index - 1] if index else 0

    @cached_property
    def subjects(self) -> tuple[Known, ...]:
        """The mentions that act."""
        return tuple(known for known in self.known if known.subject and not known.spotted)

    @cached_property
    def sole_subject(self) -> bool:
        """Whether all that act are one party."""
        return len({self.key(known) for known in self.subjects}) == 1

    @cached_property
    def people(self) -> frozenset[str]:
        """The Latin names of people, and their surnames alone, as the article gives them by title or role."""
        names = {known.text for known in self.persons if not HAN.search(known.text)}
        names |= {known.text for known in self.known if known.text[:1].isupper() and self._has_role(known)}
        return frozenset(names | {name.split()[-1] for name in names})

    def _has_role(self, known: Known) -> bool:
        text = self.article.text
        before, after = text[max(0, known.start - 20) : known.start], text[known.end : known.end + 60]
        return len(known.text.split()) <= 3 and has_role(known.text, before, after)

    @cached_property
    def bearers(self) -> tuple[tuple[str, Known], ...]:
        """The Chinese roles right behind which a name stands, such as 控股股东甬江控股, each with that name."""
        names = {known.start: known for known in (*self.known, *self.persons)}
        found = ((match.group(), names.get(match.end())) for match in role_pattern().finditer(self.article.text))
        return tuple((role, known) for role, known in found if known is not None)

    def bearers_near(self, position: int, *, reach: int) -> Sequence[tuple[str, Known]]:
        """Return the roles with their names that stand at most ``reach`` characters from a position."""
        first, last = (
            bisect_left(self.bearers, place, key=lambda pair: pair[1].start)
            for place in (position - reach, position + reach)
        )
        return self.bearers[first:last]

    @cached_property
    def owners(self) -> frozenset[str]:
        """The keys of those who own or control another company of the article."""
        found = (known for role, known in self.bearers if role[-2:] in ("股东", "股東", "制人", "控人"))
        return frozenset(self.key(known) for known in found)

    @cached_property
    def _person_names(self) -> frozenset[str]:
        return frozenset(person.text for person in self.persons)

    @cached_property
    def _sentences(self) -> list[int]:
        """Where sentences start; by punctuation in an article that was not split."""
        if self.article.sentences:
            return [sentence.start for sentence in self.article.sentences]
        return [0, *(match.end() for match in _SENTENCE_END.finditer(self.article.text))]

    @cached_property
    def _lines(self) -> list[int]:
        return [match.end() for match in re.finditer(r"\n+", self.article.text)]

    @cached_property
    def _starts(self) -> list[int]:
        return [known.start for known in self.known]

    @cached_property
    def _ends(self) -> list[int]:
        return [known.end for known in self.known]

    def _placed(self, text: str, start: int, end: int) -> Entity:
        if text not in self._named:
            self._named[text] = self._look_up(text)
        entity, company = self._named[text]
        return entity if company else replace(entity, kind=self._kind(entity.name, start, end))

    def _look_up(self, text: str) -> tuple[Entity, Company | None]:
        key = name_key(text)
        full = self.definitions.get(key, text)
        company = self.names.find(text) or self.names.find(full) or self._listed(key) or self._listed(name_key(full))
        rule = "alias_table"
        if company is None:
            rule = "article_alias"
            if full == text:
                full = self.longer.get(key, text)
                company = self.names.find(full)
        name = company.name(self.article.language) if company else full
        kind: PartyKind = company.kind if company else "company"
        return Entity(name, company.id if company else None, kind, rule if name != text else None), company

    def _listed(self, key: str) -> Company | None:
        return self.names.find_ticker(self.tickers[key]) if key in self.tickers else None

    def _kind(self, name: str, start: int, end: int) -> PartyKind:
        text = self.article.text
        if name_key(name) in self.tickers:
            return "company"
        known = name in self._person_names
        return (
            "person" if known or is_person(name, text[max(0, start - 12) : start], text[end : end + 4]) else "company"
        )
