"""Both passes over articles, with a network that tags by rule."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from quintuple.classify.backend import OnnxBackend
from quintuple.classify.classifier import Classifier, load_classifier, load_tokenizer
from quintuple.classify.decode import unique
from quintuple.events import Article, ModelError, Sentence, TaggedSpan
from quintuple.settings import Settings


def article(text: str) -> Article:
    return Article("a", text, "zh", (Sentence(0, len(text), "zh"),))


def test_arguments_belong_to_their_trigger(classifier: Classifier) -> None:
    (triggers,) = classifier.classify([article("甲购乙" + "，" * 30 + "甲购")])
    spans = [[(a.start, a.end, a.label) for a in trigger.arguments] for trigger in triggers]
    assert spans == [[(0, 1, "COMPANY"), (2, 3, "TARGET")], [(33, 34, "COMPANY")]]


def test_no_article_is_truncated(classifier: Classifier) -> None:
    text = ("无" * 199 + "购") * 100
    (triggers,) = classifier.classify([article(text)])
    assert [trigger.span.start for trigger in triggers] == list(range(199, 20_000, 200))


def test_batches_stay_within_the_token_budget(classifier: Classifier) -> None:
    classifier.classify([article("购" * 100), article("甲购乙")])
    assert max(classifier.backend.sizes) <= classifier.settings.batch_tokens


def test_articles_do_not_mix_and_empty_ones_have_no_events(classifier: Classifier) -> None:
    articles = [article("甲购乙"), Article("b", "", "zh"), article("购")]
    assert [[t.span.start for t in triggers] for triggers in classifier.classify(articles)] == [[1], [], [0]]


@hypothesis_settings(deadline=None)
@given(st.text(alphabet="甲乙购a1 😀\r\n％", max_size=80))
def test_every_span_lies_where_its_character_is(classifier: Classifier, text: str) -> None:
    tagged = classifier.classify([article(text)])[0]
    assert [text[t.span.start : t.span.end] for t in tagged] == ["购"] * text.count("购")


def test_of_overlapping_spans_of_one_label_the_best_stays() -> None:
    spans = [TaggedSpan(0, 3, "x", 0.6), TaggedSpan(2, 4, "x", 0.9), TaggedSpan(0, 3, "y", 0.5)]
    assert unique(spans) == (spans[2], spans[1])


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from("xy"), st.integers(1, 9)), max_size=25)
)
def test_the_best_spans_are_kept_and_none_of_a_label_overlap(drawn: list[tuple[int, int, str, int]]) -> None:
    spans = [TaggedSpan(start, start + length, label, score / 10) for start, length, label, score in drawn]
    kept: list[TaggedSpan] = []
    for span in sorted(spans, key=lambda span: -span.score):
        if all(span.label != other.label or span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    assert set(unique(spans)) == set(kept)
    assert len(unique(spans)) == len(kept)


def test_pieces_taken_group_by_group_give_the_same(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [article("甲购乙" * number) for number in range(1, 9)]
    whole = classifier.classify(articles)
    monkeypatch.setattr("quintuple.classify.backend._GROUP", 3)
    assert classifier.classify(articles) == whole


def test_missing_files_are_named(tmp_path, settings: Settings) -> None:
    with pytest.raises(ModelError, match=r"expected model\.int8\.onnx or model\.onnx"):
        load_classifier(tmp_path, settings=settings.classify)
    with pytest.raises(ModelError, match=r"tokenizer\.json: expected a tokenizer"):
        load_tokenizer(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="expected an ONNX model"):
        OnnxBackend(tmp_path / "model.onnx")
