"""Learns from an article whom its names mean: definitions in brackets, tickers, short forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from quintuple.events import Article, PartyKind, Trigger
from quintuple.postprocess.kinds import is_generic, is_person
from quintuple.postprocess.names import HAN, Company, Names, name_key, stands_alone, tables
from quintuple.postprocess.trimming import trim


@dataclass(frozen=True, slots=True)
class Known:
    """A mention of a named party. ``subject``: it acts; ``declarer``: it is the one who announces."""

    start: int
    end: int
    text: str
    subject: bool = False
    declarer: bool = False


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
    """What one article says about the names in it."""

    article: Article
    names: Names
    known: tuple[Known, ...]
    definitions: Mapping[str, str]
    tickers: Mapping[str, str] = field(default_factory=dict)
    longer: Mapping[str, str] = field(default_factory=dict)

    def entity(self, text: str, start: int, end: int) -> Entity:
        """Return whom a name means that stands at ``start``–``end``."""
        key = name_key(text)
        full = self.definitions.get(key, text)
        company = self.names.find(text) or self.names.find(full) or self._listed(key) or self._listed(name_key(full))
        if company is not None:
            name = company.name(self.article.language)
            return Entity(name, company.id, company.kind, "alias_table" if name != text else None)
        if full == text:
            full = self.longer.get(key, text)
            company = self.names.find(full)
        name = company.name(self.article.language) if company else full
        kind = company.kind if company else self._kind(name, start, end)
        return Entity(name, company.id if company else None, kind, "article_alias" if name != text else None)

    def _listed(self, key: str) -> Company | None:
        return self.names.find_ticker(self.tickers[key]) if key in self.tickers else None

    def _kind(self, name: str, start: int, end: int) -> PartyKind:
        text = self.article.text
        return "person" if is_person(name, text[max(0, start - 12) : start], text[end : end + 4]) else "company"


def read_lexicon(article: Article, triggers: Sequence[Trigger], names: Names) -> Lexicon:
    """Collect the named parties of an article and what it says about their names."""
    text = _visible_text(article)
    definitions: dict[str, str] = {}
    tickers: dict[str, str] = {}
    known: dict[tuple[int, int], Known] = {}
    _add(known, _table_hits(text, names))
    _add(known, _headline_subjects(text))
    _add(known, _tagged(text, triggers))
    for short, full in _definitions(text, known.values()):
        definitions.setdefault(name_key(short), full.text)
        _add(known, (full,))
    for name, ticker in _coded(text, known.values()):
        tickers.setdefault(name_key(name.text), ticker)
        _add(known, (name,))
    _add(known, _repeated(text, known.values()))
    mentions = tuple(_mark(text, mention) for mention in _outermost(known.values()))
    return Lexicon(article, names, mentions, definitions, tickers, _longer_forms(mention.text for mention in mentions))


def _visible_text(article: Article) -> str:
    """Return the text with its hidden ranges blank: front matter and boilerplate name no party."""
    text = article.text
    for start, end in article.hidden:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _add(known: dict[tuple[int, int], Known], found: Iterable[Known]) -> None:
    """Add mentions, joining the marks of two at one place."""
    for mention in list(found):
        place = (mention.start, mention.end)
        old = known.get(place, mention)
        marks = old.subject or mention.subject, old.declarer or mention.declarer
        known[place] = Known(mention.start, mention.end, mention.text, *marks)


def _outermost(known: Iterable[Known]) -> Iterator[Known]:
    """Yield the mentions in text order, without those inside a longer one."""
    end = -1
    for mention in sorted(known, key=lambda mention: (mention.start, -mention.end)):
        if mention.end > end:
            end = mention.end
            yield mention


def is_short_form(short: str, long: str) -> bool:
    """Tell whether one name is a short form of another: 立屿 of 济南立屿科技, "Harley" of "Harley Systems"."""
    if len(short) >= len(long) or len(name_key(short)) < 2:
        return False
    return _is_short_chinese(name_key(short), name_key(long)) if HAN.search(short) else _is_short_latin(short, long)


def _is_short_chinese(short: str, long: str) -> bool:
    if short == long or short in tables()["short"]["tails"] or short in tables()["words"]["common"]:
        return False
    rest = long if long.startswith(short) else _places().sub("", long)
    if rest.startswith(short):
        return rest == short or _tails().fullmatch(rest[len(short) :]) is not None
    return bool(
        len(short) >= 4
        and len(rest) >= 6
        and rest[:2] == short[:2]
        and short[-2:] in rest[2:]
        and _tails().search(rest)
    )


def _is_short_latin(short: str, long: str) -> bool:
    few, many = re.findall(r"[\w&']+", short.casefold()), re.findall(r"[\w&']+", long.casefold())
    if not few or len(few) >= len(many):
        return False
    if len(few) == 1:
        initials = "".join(word[0] for word in many if word not in ("of", "and", "the"))
        if len(short) < 3 or few[0] in tables()["words"]["common"]:
            return False
        if (short.isupper() and few[0] == initials) or (few[0] == many[-1] and is_person(long)):
            return True
    return many[: len(few)] == few


def _longer_forms(texts: Iterable[str]) -> dict[str, str]:
    """Map the key of each name to the longest name of the article that surely means the same party."""
    longest: dict[str, str] = {}
    for text in texts:
        key = name_key(text)
        longest[key] = max(longest.get(key, ""), text.strip(), key=lambda name: (len(name), not name.isupper()))
    forms = dict(longest)
    for key, text in longest.items():
        others = {other for other, long in longest.items() if other != key and is_short_form(text, long)}
        rivals = {other for other in longest if other != key and other.startswith(key)}
        if len(others) == 1 and rivals <= others:
            forms[key] = longest[others.pop()]
    return forms


def _tagged(text: str, triggers: Sequence[Trigger]) -> Iterator[Known]:
    party_targets = tables()["words"]["party_targets"]
    for trigger in triggers:
        for tagged in trigger.arguments:
            span = trim(text, tagged)
            named = span.label in ("COMPANY", "COUNTERPARTY") or (
                span.label == "TARGET" and trigger.span.label in party_targets
            )
            if named and span.start < span.end and not is_generic(text[span.start : span.end]):
                yield Known(span.start, span.end, text[span.start : span.end], subject=span.label == "COMPANY")


def _table_hits(text: str, names: Names) -> Iterator[Known]:
    return (Known(start, end, text[start:end]) for start, end, _ in names.hits(text))


def _headline_subjects(text: str) -> Iterator[Known]:
    """Yield the X of a headline 【X：…】 or "X：…", and the X of "X发布公告"."""
    for match in _headline().finditer(text):
        group = "name" if match["name"] else "announcer"
        yield Known(*match.span(group), match[group], subject=True, declarer=True)


def _definitions(text: str, known: Iterable[Known]) -> Iterator[tuple[str, Known]]:
    ends = {mention.end: mention for mention in sorted(known, key=lambda mention: -mention.start)}
    defining, acronym = _definition_patterns()
    for match in [*defining.finditer(text), *acronym.finditer(text)]:
        full = ends.get(len(text[: match.start()].rstrip())) or _name_before(text, match.start())
        short = next(group for group in match.groups() if group).strip()
        if full is not None and (match.re is defining or is_short_form(short, full.text)):
            yield short, full


def _coded(text: str, known: Iterable[Known]) -> Iterator[tuple[Known, str]]:
    """Yield the names that a ticker in brackets follows, as in 瑞川科技(600123.SH) or "Kodiak Corp (KDK.N)"."""
    ends = {mention.end: mention for mention in sorted(known, key=lambda mention: -mention.start)}
    for match in _code().finditer(text):
        name = ends.get(len(text[: match.start()].rstrip())) or _name_before(text, match.start())
        if name is not None:
            ticker = match["code"] or match["listed"] or match["coded"]
            yield Known(name.start, name.end, name.text, True, HAN.search(name.text) is not None), ticker


def _name_before(text: str, end: int) -> Known | None:
    """Return the name that ends at a bracket: back to the last mark or cutting word, or over capitalised words."""
    end = len(text[:end].rstrip())
    window = text[max(0, end - 30) : end]
    if window and HAN.search(window[-1]):
        name = re.split(r"[，。；：、“”《》（）()【】\s,:;]", window)[-1]
        name = re.split(tables()["definition"]["zh_cut"], name)[-1]
    else:
        match = re.search(r"(?:[A-Z][\w&.'’-]*(?:\s+(?:of|and|&|the)\s+|\s+|$)){1,6}$", text[max(0, end - 80) : end])
        name = match.group().strip() if match else ""
    whole = len(name) <= 8 or not HAN.search(name) or re.search(tables()["definition"]["zh_whole"], name)
    return Known(end - len(name), end, name) if len(name) >= 2 and whole and not is_generic(name) else None


def _repeated(text: str, known: Iterable[Known]) -> Iterator[Known]:
    """Yield the other places where names of the article stand, outside longer names."""
    taken = [(mention.start, mention.end) for mention in known]
    names = sorted(
        {mention.text for mention in known if 2 <= len(mention.text) <= 40}, key=lambda name: (-len(name), name)
    )
    if not names:
        return
    for match in re.finditer("|".join(map(re.escape, names)), text):
        if stands_alone(text, *match.span()) and not any(
            start < match.end() and match.start() < end for start, end in taken
        ):
            yield Known(*match.span(), match.group())


def _mark(text: str, mention: Known) -> Known:
    """Mark a mention as the declarer where a verb of announcing follows it."""
    says = _says(bool(HAN.search(mention.text)))
    declares = mention.declarer or says.match(text[mention.end : mention.end + 60]) is not None
    return Known(mention.start, mention.end, mention.text, mention.subject or declares, declares)


@cache
def _definition_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = tables()["definition"]
    return re.compile(f"{table['zh']}|{table['en']}", re.IGNORECASE), re.compile(table["en_acronym"])


@cache
def _code() -> re.Pattern[str]:
    chinese, english = tables()["headline"]["zh_code"], tables()["definition"]["en_code"]
    return re.compile(rf"[（(](?:(?:股票|证券)代码[:：]?)?(?P<code>{chinese})[^（()）]{{0,20}}[）)]|{english}")


@cache
def _headline() -> re.Pattern[str]:
    table = tables()["headline"]
    return re.compile(f"{table['zh_headline']}|{table['zh_announces']}")


@cache
def _says(chinese: bool) -> re.Pattern[str]:
    return re.compile(tables()["headline"]["zh_says" if chinese else "en_says"], re.IGNORECASE)


@cache
def _places() -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(tables()['short']['places'])})(?:省|市)?")


@cache
def _tails() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(tables()['short']['tails'], key=len, reverse=True))})+")
