"""Long articles: the work grows with their length, not with its square; no clock is asked."""

from __future__ import annotations

import random
import sys
from types import FrameType
from typing import Any

import pytest

from quintuple.events import Article, Language, TaggedSpan, Trigger
from quintuple.postprocess import assemble
from quintuple.preprocess import make_article
from quintuple.settings import load_settings

SETTINGS = load_settings()
HEADS = {
    "zh": ["星澜", "瑞川", "衡达", "东隅", "海棠", "南屿", "广原", "沐风"],
    "en": ["Borley", "Calford", "Dunwick", "Felgate", "Halstead", "Jorton"],
}
TAILS = {"zh": ["科技", "电子", "传媒", "药业", "能源"], "en": [" Foods", " Systems", " Energy", " Labs", " Motors"]}
VERBS = {"zh": ("收购", "出售", "减持"), "en": ("bought", "sold", "cut")}
TYPES = ("acquire", "dispose", "reduce_stake")
GENERAL = {"zh": "公司", "en": "the company"}


def long_article(language: Language, sentences: int) -> tuple[Article, list[Trigger]]:
    """Return one long line of invented sentences, every one with a tagged trigger."""
    draw, text, triggers = random.Random(0), "", []
    for _ in range(sentences):
        seller, other = (draw.choice(HEADS[language]) + draw.choice(TAILS[language]).rstrip() for _ in range(2))
        acting = GENERAL[language] if draw.random() < 0.3 else seller
        kind = draw.randrange(3)
        gap, stop = ("", "。") if language == "zh" else (" ", ". ")
        places = []
        for word in (acting, VERBS[language][kind], other, f"{draw.randint(1, 99)}%"):
            places.append((len(text), len(text) + len(word)))
            text += word + gap
        text = text.rstrip() + stop
        spans = [
            TaggedSpan(*place, label, 0.9) for place, label in zip(places[::2], ("COMPANY", "TARGET"), strict=True)
        ]
        spans.append(TaggedSpan(*places[3], "PERCENTAGE", 0.9))
        triggers.append(Trigger(TaggedSpan(*places[1], TYPES[kind], 0.9), tuple(spans)))
    return make_article(text.strip(), id="long", settings=SETTINGS.preprocess), triggers


def calls(article: Article, triggers: list[Trigger]) -> int:
    """Count the calls of functions, of generators too, that the rules make."""
    count = 0

    def see(_frame: FrameType, _event: str, _arg: Any) -> None:
        nonlocal count
        count += 1

    old = sys.getprofile()
    sys.setprofile(see)
    try:
        assemble(article, triggers, settings=SETTINGS.postprocess)
    finally:
        sys.setprofile(old)
    return count


@pytest.mark.parametrize("language", ["zh", "en"])
def test_work_grows_with_the_length(language: Language) -> None:
    assemble(*long_article(language, 200), settings=SETTINGS.postprocess)  # fills the caches
    short, long = (calls(*long_article(language, size)) for size in (200, 800))
    # Four times the text; what is quadratic would come to sixteen. Company, type and target soon meet in every pair.
    assert long < 7 * short


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_event_told_again_and_again_stays_one(language: Language) -> None:
    words = {"zh": ("瑞川科技", "收购", "衡达电子", "。"), "en": ("Borley Labs ", "bought ", "Calford Foods", ". ")}[
        language
    ]
    sentence = "".join(words)
    article = make_article(sentence * 300, id="again", settings=SETTINGS.preprocess)
    triggers = []
    for number in range(300):
        start = number * len(sentence)
        company = TaggedSpan(start, start + len(words[0].rstrip()), "COMPANY", 0.9)
        verb = TaggedSpan(start + len(words[0]), start + len(words[0] + words[1].rstrip()), "acquire", 0.9)
        begin = start + len(words[0] + words[1])
        target = TaggedSpan(begin, begin + len(words[2]), "TARGET", 0.9)
        triggers.append(Trigger(verb, (company, target)))
    assert len(assemble(article, triggers, settings=SETTINGS.postprocess)) == 1
