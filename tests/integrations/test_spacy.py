"""The spaCy component: events, spans, processes, and what is written and read back."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from quintuple.events import FormatError, ModelError, SettingsError
from quintuple.extract import load

TEXT = {
    "zh": "昨天，甲减持乙，由7%降至5%。甲又购乙。",
    "en": "Tencent cuts its stake in Sea by 5% from 7%. Tencent buys Sea.",
}
JIEBA = {"nlp": {"tokenizer": {"segmenter": "jieba"}}}
KINDS = [("zh", {}), ("zh", JIEBA), ("en", {})]


def pipeline(model: Path, lang: str = "zh", config: dict[str, Any] | None = None, **options: Any) -> Language:
    nlp = spacy.blank(lang, config=config or {})
    nlp.add_pipe("quintuple", config={"model": str(model), **options})
    return nlp


@cache
def shared_pipeline(model: Path) -> Language:
    return pipeline(model)


def spans(doc: Doc, key: str = "quintuple") -> list[tuple[str, str, str]]:
    return [(span.text, span.label_, span.id_) for span in doc.spans[key]]


@pytest.mark.parametrize(("lang", "config"), KINDS, ids=["zh-char", "zh-jieba", "en"])
def test_the_events_are_those_of_the_library(rule_model: Path, lang: str, config: dict[str, Any]) -> None:
    doc = pipeline(rule_model, lang, config)(TEXT[lang])
    assert doc.text == TEXT[lang]
    assert list(doc._.quintuples) == load(rule_model).extract(TEXT[lang])
    assert [event.action.type for event in doc._.quintuples] == ["reduce_stake", "acquire"]


def test_spans_carry_slot_and_event(rule_model: Path) -> None:
    # The rules tag every argument in reach for either trigger.
    arguments = [("甲", "COMPANY"), ("乙", "TARGET"), ("昨天", "DATE"), ("7%", "PERCENTAGE"), ("5%", "PERCENTAGE")]
    assert spans(pipeline(rule_model)(TEXT["zh"])) == [
        (*span, number)
        for number, trigger in (("0", ("减持", "reduce_stake")), ("1", ("购", "acquire")))
        for span in (trigger, *arguments)
    ]


@hypothesis_settings(deadline=None, max_examples=40)
@given(st.text(alphabet="甲乙购减持5%😀 a\n\u3000", max_size=40))
def test_spans_lie_where_the_slots_are(rule_model: Path, text: str) -> None:
    doc = shared_pipeline(rule_model)(text)
    for span in doc.spans["quintuple"]:
        event = doc._.quintuples[int(span.id_)]
        slot = event.action if span.label_ == event.action.type else getattr(event, span.label_.lower())
        assert (span.start_char, span.end_char) == (slot.start, slot.end)
        assert span.text == slot.text == text[slot.start : slot.end]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("expand", ["减持甲乙", "减持甲乙", "5%"]), ("contract", ["5%"]), ("strict", ["5%"])],
)
def test_a_token_that_splits_a_slot(rule_model: Path, mode: str, expected: list[str]) -> None:
    nlp = pipeline(rule_model, alignment_mode=mode)
    doc = nlp(Doc(nlp.vocab, words=["减持甲乙", "5", "%", "。"], spaces=[False] * 4))
    (event,) = doc._.quintuples
    assert (event.action.text, event.action.start, event.action.end) == ("减持", 0, 2)
    assert (event.target and (event.target.text, event.target.start, event.target.end)) == ("乙", 3, 4)
    found = [text for text, label, _ in spans(doc) if label != "COMPANY"]
    assert found == expected


def test_jieba_joins_what_the_event_keeps_apart(rule_model: Path) -> None:
    doc = pipeline(rule_model, "zh", JIEBA)("甲收购乙。")
    assert "收购" in [token.text for token in doc]
    (event,) = doc._.quintuples
    assert (event.action.text, event.action.start) == ("购", 2)
    assert ("收购", "acquire", "0") in spans(doc)


@pytest.mark.parametrize("day", ["2022-01-10", date(2022, 1, 10)])
def test_relative_dates_lean_on_the_day_of_publication(rule_model: Path, day: object) -> None:
    nlp = pipeline(rule_model)
    doc = nlp.make_doc("甲昨天购乙。")
    doc._.published = day
    (event,) = nlp(doc)._.quintuples
    assert event.date
    assert event.date.edtf == "2022-01-09"
    assert doc._.published == day


def test_a_day_found_in_the_text_is_told(rule_model: Path) -> None:
    nlp = pipeline(rule_model, published="printed")
    doc = nlp("发布时间：2022-01-10\n甲昨天购乙。")
    assert doc._.printed == "2022-01-10"
    assert nlp("甲购乙。")._.printed is None


def test_a_doc_without_text_or_events_has_none(rule_model: Path) -> None:
    nlp = pipeline(rule_model)
    for text in ("", " \n", "无事。"):
        doc = nlp(text)
        assert doc._.quintuples == ()
        assert spans(doc) == []
    assert spacy.blank("zh")("甲购乙。")._.quintuples == ()


# Python 3.12 warns of any fork beside threads; here the child touches none of them.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_two_processes_find_what_one_finds(rule_model: Path) -> None:
    nlp = pipeline(rule_model, spans_key="events")
    texts = [*TEXT.values(), "无事。"] * 4
    one = list(nlp.pipe(texts))
    two = list(nlp.pipe(texts, n_process=2, batch_size=2))
    assert [doc._.quintuples for doc in two] == [doc._.quintuples for doc in one]
    assert [spans(doc, "events") for doc in two] == [spans(doc, "events") for doc in one]
    assert sum(len(doc._.quintuples) for doc in two) == 16


SPAWN = """
import json, multiprocessing, sys, spacy
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    nlp = spacy.blank("zh")
    nlp.add_pipe("quintuple", config={"model": sys.argv[1], "published": "printed"})
    docs = [nlp.make_doc(text) for text in json.loads(sys.argv[2])]
    for doc in docs:
        doc._.printed = "2022-01-10"
    done = nlp.pipe(docs, n_process=2, batch_size=1)
    print(json.dumps([[event.as_tuple() for event in doc._.quintuples] for doc in done]))
"""


@pytest.mark.slow
def test_processes_that_are_not_forked_load_their_own(rule_model: Path, tmp_path: Path) -> None:
    script = tmp_path / "spawn.py"
    script.write_text(SPAWN, encoding="utf-8")
    texts = ["甲昨天购乙。", "无事。"]
    done = subprocess.run(
        [sys.executable, script, rule_model, json.dumps(texts)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[["甲", "acquire", "乙", None, "2022-01-09"]], []]


def test_a_pickled_component_leaves_the_model_behind(rule_model: Path) -> None:
    nlp = pipeline(rule_model)
    nlp(TEXT["zh"])
    copy = pickle.loads(pickle.dumps(nlp.get_pipe("quintuple")))
    assert copy(nlp.make_doc("甲购乙。"))._.quintuples == nlp("甲购乙。")._.quintuples


def test_from_disk_needs_neither_model_folder_nor_settings_file(rule_model: Path, tmp_path: Path) -> None:
    model, options = tmp_path / "model", tmp_path / "mine.toml"
    shutil.copytree(rule_model, model)
    options.write_text("[preprocess]\nlanguage = 'en'\n", encoding="utf-8")
    nlp = pipeline(model, settings=str(options))
    before = nlp(TEXT["zh"])._.quintuples
    nlp.to_disk(tmp_path / "pipeline")
    data = nlp.to_bytes()
    shutil.rmtree(model)
    options.unlink()
    read = spacy.load(tmp_path / "pipeline")
    assert read(TEXT["zh"])._.quintuples == before
    assert read.get_pipe("quintuple").extractor.settings.preprocess.language == "en"
    assert pipeline(model).from_bytes(data)(TEXT["zh"])._.quintuples == before
    read.to_disk(tmp_path / "again")
    assert (tmp_path / "again/quintuple/model/model.onnx").is_file()


def test_a_shipped_model_is_kept_by_name(tmp_path: Path) -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("quintuple", config={"settings": {"classify": {"threads": 1}}})
    nlp.to_disk(tmp_path)
    assert [path.name for path in (tmp_path / "quintuple").iterdir()] == ["settings.json"]
    assert len(nlp.to_bytes()) < 1_000_000
    read = spacy.load(tmp_path)
    assert [event.action.type for event in read("腾讯收购搜狗。")._.quintuples] == ["acquire"]
    assert read.get_pipe("quintuple").extractor.settings.classify.threads == 1


def test_docs_keep_their_events_as_bytes_and_in_a_bin(rule_model: Path) -> None:
    nlp = pipeline(rule_model)
    doc = nlp(TEXT["zh"])
    copy = Doc(spacy.blank("zh").vocab).from_bytes(doc.to_bytes())
    assert copy._.quintuples == doc._.quintuples
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (read,) = DocBin().from_bytes(stored).get_docs(spacy.blank("zh").vocab)
    assert read._.quintuples == doc._.quintuples
    assert spans(read) == spans(doc)


def test_displacy_shows_the_spans(rule_model: Path) -> None:
    doc = pipeline(rule_model)(TEXT["zh"])
    page = displacy.render(doc, style="span", options={"spans_key": "quintuple"}, jupyter=False)
    for label in ("reduce_stake", "acquire", "COMPANY", "TARGET", "DATE", "PERCENTAGE"):
        assert label in page


def test_a_doc_that_fails_costs_itself_alone(rule_model: Path) -> None:
    nlp = pipeline(rule_model)
    docs = [nlp.make_doc("甲购乙。") for _ in range(3)]
    docs[1]._.published = "someday"
    with pytest.raises(FormatError, match="published: expected a date such as 2022-01-10, got 'someday'"):
        list(nlp.pipe(docs))
    failed: list[str] = []
    nlp.set_error_handler(lambda name, component, docs, exc: failed.append(f"{name}: {exc}"))
    assert len(list(nlp.pipe(docs))) == 2
    assert len(failed) == 1
    assert failed[0].startswith("quintuple: ")
    assert nlp(docs[1])._.quintuples == ()
    assert len(failed) == 2


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"model": "nowhere"}, ModelError, "expected a folder with config.json or a shipped model"),
        ({"settings": {"classify": {"windou": 3}}}, SettingsError, r"classify\.windou"),
    ],
)
def test_wrong_options_are_named(rule_model: Path, options: dict[str, Any], error: type, message: str) -> None:
    nlp = pipeline(**{"model": rule_model, **options})
    with pytest.raises(error, match=message):
        nlp("甲购乙。")


def test_importing_the_library_does_not_import_the_component() -> None:
    probe = "import sys, quintuple; quintuple.load; quintuple.extract; print([n for n in sys.modules if 'integ' in n])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert "quintuple.integrations" not in done.stdout
