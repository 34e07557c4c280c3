"""What is done where a group of rules is switched off: spans as they are, with a plain number parse."""

from __future__ import annotations

import re

from quintuple.events import Date, Evidence, Percentage
from quintuple.postprocess.drafts import Draft

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def plain_percentage(draft: Draft) -> Draft:
    """Take the numbers written in digits in the percentage spans."""
    text = draft.article.text
    spans = tuple(Evidence(text[span.start : span.end], span.start, span.end) for span in draft.percentages)
    values = tuple(float(number) for span in spans for number in _NUMBER.findall(span.text))
    if not values:
        return draft
    start, end = spans[0].start, max(span.end for span in spans)
    score = min(span.score for span in draft.percentages)
    return draft.evolve(percentage=Percentage(text[start:end], start, end, spans, values, confidence=score))


def plain_date(draft: Draft) -> Draft:
    """Take the most certain date span as it is."""
    if not draft.dates:
        return draft
    span = max(draft.dates, key=lambda span: span.score)
    text = draft.article.text[span.start : span.end]
    return draft.evolve(date=Date(text, span.start, span.end, confidence=span.score))
