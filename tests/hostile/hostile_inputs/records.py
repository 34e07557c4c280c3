"""JSON that parsers fall over."""

from __future__ import annotations

import json

from hostile_inputs.cases import CHINESE, ENGLISH, Case, bad, good

_TEXT = json.dumps(ENGLISH)
_NUMBERS = '{"id": 1e999, "n": NaN, "m": -Infinity, "published": 1' + "0" * 400 + f', "text": {_TEXT}}}'
_LINES = (
    json.dumps({"text": ENGLISH}).encode(),
    b'{"text": "Tencent cut ',
    b'{"text": "Tencent \xe6\x99 cut its stake"}',
    b'{"text": "Tencent \0 cut its stake"}',
    b"[" * 100_000,
    b'{"text": ["Tencent"]}',
    b'{"' + b"k" * 100_000 + b'": 1}',
    b"  ",
    json.dumps({"id": "last", "text": CHINESE}).encode(),
)
_REASONS = (
    r"lines.jsonl:2: expected JSON, got: Unterminated string",
    r"lines.jsonl:3: expected UTF-8, got: invalid continuation byte at byte 18",
    r"lines.jsonl:4: expected JSON, got: Invalid control character",
    r"lines.jsonl:5: expected JSON, got lists or objects nested too deeply",
    r"lines.jsonl:6: expected text in a field text or content or body, got \['Tencent'\]",
    r"lines.jsonl:7: expected text in a field text or content or body, got the fields k+…",
)


def cases(elements: int) -> list[Case]:
    """Return the cases; JSON with more than ``elements`` lists and objects is refused."""
    return [
        good("numbers.json", _NUMBERS.encode()),
        good("twice.json", f'{{"text": "", "id": [1], "text": {_TEXT}, "title": {{}}}}'.encode()),
        good("halves.json", rb'{"text": "Tencent \ud800 cut its stake in Sea.", "id": "\udfff", "title": "\udc00"}'),
        good("separators.jsonl", f'{{"text": "{ENGLISH}\u2028{ENGLISH}"}}'.encode(), "\u2028"),
        good("false-day.json", f'{{"text": {_TEXT}, "date": [2022], "time": "99999999999999"}}'.encode()),
        Case("lines.jsonl", b"\n".join(_LINES), articles=2, reasons=_REASONS),
        bad("deep.json", b"[" * 100_000 + b"]" * 100_000, "expected JSON, got lists or objects nested too deeply"),
        bad("deep-objects.json", b'{"text":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        bad("deep-enough.json", b'{"text":' * 900 + b"1" + b"}" * 900, "(nested too deeply|expected text in a field)"),
        bad(
            "many.json", b"[" + b"[]," * elements + b"1]", r"expected at most \d+ lists and objects .max_elements., got"
        ),
        bad("number.json", b"9" * 5000, "expected JSON, got: Exceeds the limit"),
        bad("no-number.json", b"NaN", "expected an object with a field text or content or body, got nan"),
        bad("no-records.json", b"[]", "expected at least one record, got an empty list"),
        bad(
            "numbers.jsonl",
            b"1\n" * 5000,
            "expected records, got none in the first 100; the first: .*:1: expected an obj",
        ),
        bad("prose.jsonl", f"{ENGLISH}\n".encode() * 5000, "expected records, got none in the first 100"),
        bad("no-text.json", b'{"text": 5, "content": "x"}', "expected text in a field text or content or body, got 5"),
        bad("blank-text.json", b'{"text": " \\u200b"}', "expected text in a field text or content or body, got"),
        bad("yaml.json", b"text: Tencent", "expected JSON, got: Expecting value .line 1, column 1"),
    ]
