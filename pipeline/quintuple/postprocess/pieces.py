"""Rules that put together the names that the tagger broke: 瑞川科技股份有 and 限公司, "Conduct" and "Authority"."""

from __future__ import annotations

import re
from functools import cache

from quintuple.events import TaggedSpan
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.names import HAN, tables
from quintuple.postprocess.references import is_fragment, is_generic

_SLOTS = ("companies", "targets", "counterparties")
_OFTEN = 2  # times that a name stands in the article before a span is taken for a piece of it


def close_names(draft: Draft) -> Draft:
    """Extend a span that ends inside a legal form, inside a name of the article, or after a person's surname."""
    return draft.respan(_SLOTS, lambda spans: tuple(_closed(draft, span) for span in spans))


def join_pieces(draft: Draft) -> Draft:
    """Join spans of one slot that touch: they are pieces of one name, or a name and the noun before it, left out."""
    return draft.respan(_SLOTS, lambda spans: joined(draft, spans))


def joined(draft: Draft, spans: tuple[TaggedSpan, ...]) -> tuple[TaggedSpan, ...]:
    """Return spans of one slot in text order, pieces of one name as one."""
    whole: list[TaggedSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        last = whole[-1] if whole else None
        if last is not None and _are_pieces(draft, last, span):
            start = span.start if _is_noun_before_name(draft, last, span) else last.start
            whole[-1] = TaggedSpan(start, span.end, last.label, min(last.score, span.score))
        else:
            whole.append(span)
    return tuple(whole) if len(whole) < len(spans) else spans


def _are_pieces(draft: Draft, left: TaggedSpan, right: TaggedSpan) -> bool:
    """Tell whether two spans follow one another as parts of a name do, no general words and not both known names."""
    find, names = draft.context.lexicon.names.find, (draft.text(left), draft.text(right))
    if not (_touch(draft.article.text, left, right) or _are_words(draft.article.text, left, right)):
        return False
    return not any(map(is_generic, names)) and any(find(name) is None for name in names)


def _touch(text: str, left: TaggedSpan, right: TaggedSpan) -> bool:
    return left.end == right.start and all(HAN.match(text, place) for place in (right.start, left.end - 1))


def _are_words(text: str, left: TaggedSpan, right: TaggedSpan) -> bool:
    """Tell whether two companies are one run of words with capitals: no comma or "and" sets them apart."""
    if left.label != "COMPANY":
        return False
    words = text[left.start : right.end].split(" ")
    return text[left.end : right.start] == " " and all(word[:1].isupper() and word.isascii() for word in words)


def _is_noun_before_name(draft: Draft, left: TaggedSpan, right: TaggedSpan) -> bool:
    """Tell whether the left one of two pieces only says what the right one is: 乳业公司 before 妙飞."""
    text = draft.text(right)
    return _noun().search(draft.text(left)) is not None and not text.endswith(("公司", "集团", "团体"))


def _closed(draft: Draft, span: TaggedSpan) -> TaggedSpan:
    if not HAN.search(draft.text(span)[-1:]):
        return span
    end = _form_end(draft, span) or _name_end(draft, span) or _person_end(draft, span)
    return TaggedSpan(span.start, end, span.label, span.score) if end else span


def _form_end(draft: Draft, span: TaggedSpan) -> int | None:
    """Return where the legal form ends that a span breaks off in."""
    text = draft.article.text
    for match in _forms().finditer(text, max(span.start + 1, span.end - 8), span.end + 8):
        if match.start() < span.end < match.end():
            return match.end()
    return None


def _name_end(draft: Draft, span: TaggedSpan) -> int | None:
    """Return where the name ends that begins where a span does, if the span stands nowhere outside that name."""
    text, name, lexicon = draft.article.text, draft.text(span), draft.context.lexicon
    known = lexicon.starting(span.start)
    if known is None or known.spotted or known.end <= span.end or is_generic(name):
        return None
    often = text.count(known.text)
    if often < _OFTEN or text.count(name) > often or lexicon.names.find(name) is not None:
        return None
    return None if _joint().search(text, span.end, known.end) else known.end


def _person_end(draft: Draft, span: TaggedSpan) -> int | None:
    """Return where the name of a person ends of whom a span holds the first character."""
    if draft.action not in tables()["words"]["person_targets"] or not is_fragment(draft.text(span)):
        return None
    match = _person().match(draft.article.text, span.start)
    return None if match is None else match.end("name")


@cache
def _forms() -> re.Pattern[str]:
    return re.compile(wording()["spans"]["zh_forms"])


@cache
def _noun() -> re.Pattern[str]:
    return re.compile(wording()["spans"]["zh_noun"])


@cache
def _joint() -> re.Pattern[str]:
    return re.compile(wording()["spans"]["zh_joint"])


@cache
def _person() -> re.Pattern[str]:
    return re.compile(wording()["spans"]["zh_person"])
