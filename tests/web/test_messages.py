"""The words of the page: the same keys in both languages, and every key that is used."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from quintuple.events import TYPES_WITHOUT_COMPANY
from quintuple.train.data.settings import action_types
from quintuple.web.page import LANGUAGES, messages

ROOT = files("quintuple.web")
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "static" / "js").iterdir()}
TEMPLATES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "templates").iterdir()}
#: Words with a dot in quotes; those that begin like a table of the messages are keys.
QUOTED = re.compile(r"""['"]([a-z_]+\.[a-z_-]+)['"]""")
#: Keys that are put together: t(`slot.${name}`).
MADE = re.compile(r"`([a-z_]+\.[a-z_]*)\$\{")


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    zh, en = messages("zh"), messages("en")
    assert zh.keys() == en.keys()
    for key, words in zh.items():
        assert words.strip(), key
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", en[key])), key


def test_every_type_has_a_name_in_both_languages() -> None:
    for language in LANGUAGES:
        assert {f"type.{name}" for name in action_types()} <= messages(language).keys()


@pytest.mark.parametrize("name", [*SCRIPTS, *TEMPLATES])
def test_every_key_that_is_used_is_there(name: str) -> None:
    known = messages("en")
    tables = {key.partition(".")[0] for key in known if "." in key}
    text = (SCRIPTS | TEMPLATES)[name]
    fields = {"percentage.values", "date.edtf", "percentage.kind"}  # of the form, not words
    used = {key for key in QUOTED.findall(text) if key.partition(".")[0] in tables} - fields
    assert used <= known.keys()
    for prefix in MADE.findall(text):
        if prefix.partition(".")[0] in tables and prefix != "percentage.":
            assert any(key.startswith(prefix) for key in known), prefix


def test_every_key_is_used() -> None:
    text = "\n".join((SCRIPTS | TEMPLATES).values())
    made = tuple(MADE.findall(text))
    unused = [key for key in messages("en") if not re.search(rf"['\"]{re.escape(key)}['\"]", text)]
    assert [key for key in unused if not key.startswith(made)] == []


def test_the_page_knows_which_types_need_no_company() -> None:
    listed = re.search(r"WITHOUT_COMPANY = new Set\(\[(.*?)\]\)", SCRIPTS["model.js"])
    assert listed is not None
    assert set(re.findall(r"'(\w+)'", listed[1])) == TYPES_WITHOUT_COMPANY
