"""Reads an article for whom its names mean: definitions in brackets, tickers, short forms."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from quintuple.events import Article, TaggedSpan, Trigger
from quintuple.postprocess.folding import expand
from quintuple.postprocess.kinds import is_person, is_post_holder
from quintuple.postprocess.lexicon import Known, Lexicon
from quintuple.postprocess.matching import index_names
from quintuple.postprocess.names import HAN, Names, name_key, no_names, tables
from quintuple.postprocess.references import is_fragment, is_generic
from quintuple.postprocess.shortforms import is_short_form, longer_forms
from quintuple.postprocess.spotting import headline_subjects, name_before, signature, spotted_names, stripped_end
from quintuple.postprocess.trimming import around, trim, unglue
from quintuple.settings import RuleGroup

#: Longer names are not looked for elsewhere in the article, in characters.
_LONGEST_REPEATED = 40
#: A name's first places in the article, which may tell that it is a person's.
_PLACES = 20


def read_lexicon(
    article: Article, triggers: Sequence[Trigger], names: Names, *, off: Collection[RuleGroup] = ()
) -> Lexicon:
    """Collect the named parties of an article and what it says about their names.

    With the group ``names`` off, a name means what it says; with ``pronouns`` off, so does a general word.
    """
    text = _visible_text(article)
    definitions: dict[str, str] = {}
    tickers: dict[str, str] = {}
    known: dict[tuple[int, int], Known] = {}
    _add(known, _table_hits(text, names))
    _add(known, headline_subjects(text))
    _add(known, _tagged(text, triggers))
    _add(known, spotted_names(text))
    for short, full in _definitions(text, known.values()):
        definitions.setdefault(name_key(short), full.text)
        _add(known, (full,))
    for name, ticker in _coded(text, known.values()):
        tickers.setdefault(name_key(name.text), ticker)
        _add(known, (name,))
    _add(known, _repeated(text, known.values()))
    mentions = tuple(_mark(text, mention) for mention in _outermost(known.values()))
    pronouns = "pronouns" not in off
    if "names" in off:
        return Lexicon(article, no_names(), mentions, {}, pronouns=pronouns)
    longer = longer_forms((mention.text for mention in mentions), others=set(_daughters(text, mentions)))
    persons = tuple(sorted(_everywhere(text, set(_persons(text, triggers))), key=lambda person: person.start))
    return Lexicon(article, names, mentions, definitions, tickers, longer, persons, signature(text), pronouns)


def _visible_text(article: Article) -> str:
    """Return the text with its hidden ranges blank: front matter and boilerplate name no party."""
    pieces, place = [], 0
    for start, end in sorted(article.hidden):
        pieces += [article.text[place:start], " " * (end - max(start, place))]
        place = max(place, end)
    return "".join((*pieces, article.text[place:]))


def _add(known: dict[tuple[int, int], Known], found: Iterable[Known]) -> None:
    """Add mentions, joining the marks of two at one place."""
    for mention in list(found):
        place = (mention.start, mention.end)
        old = known.get(place, mention)
        marks = old.subject or mention.subject, old.declarer or mention.declarer, old.spotted and mention.spotted
        known[place] = Known(mention.start, mention.end, mention.text, *marks)


def _outermost(known: Iterable[Known]) -> list[Known]:
    """Return the mentions in text order, without those inside a longer one and spotted ones that touch another."""
    mentions = list(known)
    sure = list(_longest(mention for mention in mentions if not mention.spotted))
    free, place = [], 0
    for mention in _longest(mention for mention in mentions if mention.spotted):
        while place < len(sure) and sure[place].end <= mention.start:
            place += 1
        if place == len(sure) or mention.end <= sure[place].start:
            free.append(mention)
    return sorted((*sure, *free), key=lambda mention: mention.start)


def _longest(known: Iterable[Known]) -> Iterator[Known]:
    end = -1
    for mention in sorted(known, key=lambda mention: (mention.start, -mention.end)):
        if mention.end > end:
            end = mention.end
            yield mention


def _tagged(text: str, triggers: Sequence[Trigger]) -> Iterator[Known]:
    party_targets = tables()["words"]["party_targets"]
    for trigger in triggers:
        for tagged in trigger.arguments:
            span = unglue(text, trim(text, tagged))
            named = span.label in ("COMPANY", "COUNTERPARTY") or (
                span.label == "TARGET" and trigger.span.label in party_targets
            )
            name = text[span.start : span.end]
            held = _holders().match(name)
            if named and held is not None and held.end() < len(name):
                yield Known(span.start + held.end(), span.end, name[held.end() :])
            elif named and name and not is_generic(name) and not is_fragment(name):
                yield Known(span.start, span.end, name, subject=span.label == "COMPANY")


def _persons(text: str, triggers: Sequence[Trigger]) -> Iterator[Known]:
    """Yield who takes or leaves a post, and who acts and has a person's name."""
    posts, seen = tables()["words"]["person_targets"], dict[str, bool]()
    for trigger in triggers:
        for tagged in trigger.arguments:
            span = trim(text, tagged)
            name = text[span.start : span.end]
            holder = span.label == "TARGET" and trigger.span.label in posts
            if not name or is_generic(name) or not (holder or span.label == "COMPANY"):
                continue
            named = holder and (is_person(name, "董事", text[span.end : span.end + 4]) or is_post_holder(name))
            if named or _is_person_near(seen, text, span):
                yield Known(span.start, span.end, name)


def _is_person_near(seen: dict[str, bool], text: str, span: TaggedSpan) -> bool:
    """Tell whether what stands around a name, here or at places near by, makes it a person's; ``seen`` remembers."""
    name = text[span.start : span.end]
    if name not in seen:
        near = around(text, span.start, span.end)
        places = (match.span() for match in islice(re.finditer(re.escape(name), near), _PLACES))
        seen[name] = any(
            is_person(name, near[max(0, start - 12) : start], near[end : end + 4]) for start, end in places
        )
    return seen[name]


def _everywhere(text: str, persons: Collection[Known]) -> set[Known]:
    """Return the persons with all the other places where their names stand."""
    finder = index_names(person.text for person in persons)
    return {*persons, *(Known(start, end, text[start:end]) for start, end in finder.find(text))}


def _table_hits(text: str, names: Names) -> Iterator[Known]:
    """Yield the names of the table; two that touch are one name of another party: 广汽丰田 is neither 广汽 nor 丰田."""
    joined: list[tuple[int, int]] = []
    for start, end, _ in names.hits(text):
        if joined and joined[-1][1] == start and HAN.search(text[start]):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return (Known(start, end, text[start:end]) for start, end in joined)


def _definitions(text: str, known: Iterable[Known]) -> Iterator[tuple[str, Known]]:
    """Yield the other names that brackets give, each with the name that stands before the bracket."""
    ends = {mention.end: mention for mention in sorted(known, key=lambda mention: -mention.start)}
    for match in _defining().finditer(text):
        groups, named = match.groupdict(), ends.get(stripped_end(text, match.start()))
        full = named or name_before(text, match.start())
        if full is None or (groups["latin"] and groups["latin"].isupper() and (named is None or named.spotted)):
            continue
        if groups["acronym"]:
            if is_short_form(groups["acronym"], full.text):
                yield groups["acronym"], full
        elif groups["zh_short"] or groups["latin"]:
            yield (groups["zh_short"] or groups["latin"]).strip(), full
        elif groups["en_quoted"] or groups["said"] or _is_whole(full.text):
            for short in _quoted().findall(groups["en_quoted"] or groups["zh_quoted"]):
                yield short.strip(), full


def _is_whole(name: str) -> bool:
    """Tell whether a name is such that a quoted word in brackets behind it is another name of its bearer."""
    return HAN.search(name) is None or re.search(tables()["definition"]["zh_whole"], name) is not None


def _coded(text: str, known: Iterable[Known]) -> Iterator[tuple[Known, str]]:
    """Yield the names that a ticker in brackets follows, as in 瑞川科技(600123.SH) or "Kodiak Corp (KDK.N)"."""
    ends = {mention.end: mention for mention in sorted(known, key=lambda mention: -mention.start)}
    for match in _code().finditer(text):
        name = ends.get(stripped_end(text, match.start())) or name_before(text, match.start())
        if name is not None:
            ticker = match["code"] or match["listed"] or match["coded"]
            yield Known(name.start, name.end, name.text, True, HAN.search(name.text) is not None), ticker


def _repeated(text: str, known: Iterable[Known]) -> Iterator[Known]:
    """Yield the other places where names of the article stand: outside longer names, or over a piece of them."""
    mentions = list(known)
    taken = _outermost(mentions)
    surely = {mention.text for mention in mentions if not mention.spotted}
    finder = index_names(mention.text for mention in mentions if len(mention.text) <= _LONGEST_REPEATED)
    place = 0
    for start, end in finder.find(text):
        while place < len(taken) and taken[place].end <= start:
            place += 1
        free = place == len(taken) or end <= taken[place].start
        if free or (taken[place].start == start and taken[place].end < end and HAN.match(text, start)):
            yield Known(start, end, text[start:end], spotted=text[start:end] not in surely)


def _daughters(text: str, mentions: Iterable[Known]) -> Iterator[str]:
    """Yield the names of units and subsidiaries: they are no long forms of their parents' names."""
    for mention in mentions:
        if _kin().search(text[max(0, mention.start - 24) : mention.start]) is not None:
            yield mention.text


def _mark(text: str, mention: Known) -> Known:
    """Mark a mention as the declarer where a verb of announcing follows it."""
    says = _says(bool(HAN.search(mention.text)))
    declares = mention.declarer or says.match(text[mention.end : mention.end + 60]) is not None
    return Known(mention.start, mention.end, mention.text, mention.subject or declares, declares, mention.spotted)


@cache
def _defining() -> re.Pattern[str]:
    table = tables()["definition"]
    return re.compile("|".join(table[name] for name in ("zh", "zh_bare", "en", "en_acronym", "latin")))


@cache
def _kin() -> re.Pattern[str]:
    return re.compile(tables()["spotting"]["kin"])


@cache
def _holders() -> re.Pattern[str]:
    return re.compile(tables()["spotting"]["en_holders"])


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(tables()["definition"]["quoted"])


@cache
def _code() -> re.Pattern[str]:
    chinese, english = tables()["headline"]["zh_code"], tables()["definition"]["en_code"]
    return re.compile(rf"[（(](?:(?:股票|证券)代码[:：]?)?(?P<code>{chinese})[^（()）]{{0,20}}[）)]|{english}")


@cache
def _says(chinese: bool) -> re.Pattern[str]:
    table = tables()["headline"]
    return re.compile(expand(table["zh_says" if chinese else "en_says"], table), re.IGNORECASE)
