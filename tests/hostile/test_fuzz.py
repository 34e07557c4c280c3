"""Whatever is done to a valid file, the readers give articles or errors; whatever is tagged, offsets hold."""

from __future__ import annotations

import gzip
import json
import string
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hostile_inputs import CHINESE, ENGLISH, Case, all_cases
from hostile_inputs.sizes import ELEMENTS, LIMIT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quintuple.events import Article, ArticleError, Evidence, TaggedSpan, Trigger
from quintuple.postprocess import assemble
from quintuple.preprocess import make_article, read_bytes
from quintuple.preprocess.formats import READERS
from quintuple.resources import config_path
from quintuple.settings import load_settings, read_toml

SETTINGS = load_settings(overrides={"preprocess.max_bytes": LIMIT, "preprocess.max_elements": ELEMENTS})
LONG = settings(deadline=None, max_examples=400, suppress_health_check=list(HealthCheck))

#: What the formats are made of; put in the wrong place, it reaches further into a parser than random bytes do.
PIECES = [
    *(b"\0", b"\xff", b"\n", b"<", b">", b"&#0;", b"</p>", b"<!--", b"]]>", b"<table><td>", b"<?xml ", b"\xef\xbb\xbf"),
    *(b"{", b"[", b'"', b"\\ud800", b"NaN", b"1e999", b"-", b":", b",", b"null"),
    *(b" obj", b"endobj", b"stream\n", b"endstream", b"<<", b">>", b"(", b"0 R", b"/Kids [2 0 R]", b"xref", b"%%EOF"),
    *(b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b\x08", b"---\n", "\u202e。".encode(), "收购".encode("gb18030")),
]


def _seeds() -> dict[str, list[bytes]]:
    """Return what is in the hostile inputs, by suffix; the large ones would only be slow."""
    made = all_cases(limit=1000, elements=100, url="http://127.0.0.1:9")
    seeds: dict[str, list[bytes]] = {suffix: [ENGLISH.encode(), CHINESE.encode()] for suffix in READERS}
    for suffix in READERS:
        seeds[suffix] += [case.content for case in made if _is_seed(case, suffix)]  # type: ignore[misc]
    return seeds


def _is_seed(case: Case, suffix: str) -> bool:
    return isinstance(case.content, bytes) and len(case.content) < 60_000 and str(case.name).endswith(suffix)


SEEDS = _seeds()


@st.composite
def mutated(draw: st.DrawFn, suffix: str) -> bytes:
    """Draw a seed of a format with up to eight places cut out, doubled, overwritten or swapped for others."""
    data = bytearray(draw(st.sampled_from(SEEDS[suffix])))
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 8, 64, 1000])))
        other = draw(st.sampled_from(PIECES) | st.binary(max_size=8) | st.just(bytes(data[start:end]) * 2))
        data[start:end] = other
    return bytes(data)


def check(data: bytes, suffix: str) -> None:
    """Read some bytes; every article must be whole and every error one line that names its input."""
    for found in read_bytes(data, suffix=suffix, id="a", path=f"a{suffix}", settings=SETTINGS.preprocess):
        if isinstance(found, ArticleError):
            assert str(found).startswith(f"a{suffix}")
            assert str(found).isprintable()
        else:
            found.text.encode()
            ends = [0, *(place for each in found.sentences for place in (each.start, each.end)), len(found.text)]
            assert ends == sorted(ends)
            assert all(0 <= start < end <= len(found.text) for start, end in found.hidden)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", sorted(READERS))
@LONG
@given(data=st.data())
def test_mutated_files(suffix: str, data: st.DataObject) -> None:
    content = data.draw(mutated(suffix))
    check(content, suffix)
    if suffix.endswith(".gz"):
        check(gzip.compress(data.draw(mutated(suffix.removesuffix(".gz"))), mtime=0), suffix)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["text", "date", "id", "title"]), inner)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(records=st.lists(_JSON, max_size=5))
def test_any_json(records: list[Any]) -> None:
    check(json.dumps(records).encode(), ".json")
    check("\n".join(map(json.dumps, records)).encode(), ".jsonl")


TYPES = sorted(read_toml(config_path("actions.toml")))
ROLES = ["COMPANY", "TARGET", "PERCENTAGE", "DATE", "COUNTERPARTY"]
WORDS = [
    *(
        "Tencent",
        "Sea Ltd",
        "it",
        "the company",
        "21.3%",
        "from",
        "to",
        "by",
        "half",
        "one third of",
        "last",
        "quarter",
    ),
    *("Jan 5, 2021", "Feb 30", "fiscal", "ago", "percent", "pct", "points", "respectively", "and", "who", "its", "was"),
    *(
        "腾讯",
        "京东股份",
        "公司",
        "其",
        "三成",
        "百分之",
        "一一一一",
        "去年",
        "2021年13月",
        "同比",
        "分别",
        "被",
        "以下简称“",
        "”",
    ),
    *(
        "%",
        "％",
        "．",
        "(",
        "）",
        "“",
        "'s",
        "$",
        "-",
        "—",
        "\n\n",
        "\u3000",
        "\u200b",
        "\u202e",
        "e\u0301",
        "🚀",
        "𠀀",
        "\0",
        "9" * 40,
    ),
    *string.punctuation,
]


@st.composite
def tagged(draw: st.DrawFn) -> tuple[Article, tuple[Trigger, ...]]:
    """Draw a text and any spans over it; like those of the classifier, they neither begin nor end in white space."""
    text = draw(st.sampled_from(["", " "])).join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60)))
    article = make_article(
        text, id="a", settings=SETTINGS.preprocess, published=draw(st.none() | st.just("2022-01-10"))
    )
    places = [index for index, char in enumerate(article.text) if not char.isspace()]
    if not places:
        return article, ()

    def span(labels: list[str]) -> TaggedSpan:
        first = draw(st.integers(0, len(places) - 1))
        last = min(len(places) - 1, first + draw(st.integers(0, 12)))
        score = draw(st.floats(0, 1))
        return TaggedSpan(places[first], places[last] + 1, draw(st.sampled_from(labels)), score)

    arguments = (tuple(span(ROLES) for _ in range(draw(st.integers(0, 6)))) for _ in range(draw(st.integers(0, 6))))
    return article, tuple(Trigger(span(TYPES), each) for each in arguments)


def evidence(record: Any) -> list[Evidence]:
    """Return all the evidence in an event, nested spans included."""
    if isinstance(record, tuple):
        return [found for item in record for found in evidence(item)]
    if not is_dataclass(record):
        return []
    own = [record] if isinstance(record, Evidence) else []
    return own + [found for field in fields(record) for found in evidence(getattr(record, field.name))]


def _holds(found: tuple[Article, tuple[Trigger, ...]]) -> None:
    article, triggers = found
    for event in assemble(article, triggers, settings=SETTINGS.postprocess):
        for slot in evidence(event):
            assert article.text[slot.start : slot.end] == slot.text
        json.dumps(event.to_dict(), allow_nan=False)


@settings(deadline=None, max_examples=100)
@given(found=tagged())
def test_any_spans_keep_their_offsets(found: tuple[Article, tuple[Trigger, ...]]) -> None:
    _holds(found)


@pytest.mark.slow
@settings(parent=LONG, max_examples=4000)
@given(found=tagged())
def test_many_spans_keep_their_offsets(found: tuple[Article, tuple[Trigger, ...]]) -> None:
    _holds(found)
