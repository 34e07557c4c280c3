"""Finds and reads single mentions of percentages: figures, fractions, tenths, points, and growth words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from quintuple.postprocess.folding import expand, fold, table
from quintuple.postprocess.numbers import read_number

Unit = Literal["percent", "points", "growth"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention: where it stands, what it says in percent, and in which unit; a range has two values."""

    start: int
    end: int
    values: tuple[float, ...]
    unit: Unit = "percent"


Reader = Callable[[re.Match[str]], Mention | None]


def iterate_mentions(folded: str, start: int, end: int, *, loose: bool = False) -> Iterator[Mention]:
    """Yield the mentions in a range of folded text, in order and without overlap.

    ``loose`` also reads words that are percentages only now and then ("a third", "quarter", "1/10").
    """
    pattern, readers = _grammar(loose)
    place = start
    while (match := pattern.search(folded, place, end)) is not None:
        name = match.lastgroup or ""
        inner, reader = readers[name]
        found = inner.match(folded, match.start(), end)
        mention = reader(found) if found is not None else None
        if mention is not None:
            yield mention
        place = max(mention.end if mention else match.end(), match.start() + 1)


def mention_values(text: str) -> tuple[float, ...]:
    """Return the values of all mentions in a text that is known to be about percentages."""
    folded = fold(text)
    return tuple(value for mention in iterate_mentions(folded, 0, len(folded), loose=True) for value in mention.values)


@cache
def _grammar(loose: bool) -> tuple[re.Pattern[str], dict[str, tuple[re.Pattern[str], Reader]]]:
    rules = table("percent.toml")
    entries = [*rules["lists"], *rules["mentions"], *rules["loose"]] if loose else rules["mentions"]
    patterns = [expand(entry["pattern"], rules["fragments"]) for entry in entries]
    named = {f"rule{index}": (re.compile(pattern, re.IGNORECASE), _READERS[entries[index]["reader"]])
             for index, pattern in enumerate(patterns)}  # fmt: skip
    bare = [
        f"(?P<rule{index}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', pattern)})" for index, pattern in enumerate(patterns)
    ]
    head = expand("<<head>>", rules["fragments"])
    return re.compile(f"{head}(?:{'|'.join(bare)})", re.IGNORECASE), named


def _read_percent(match: re.Match[str]) -> Mention | None:
    groups = match.groupdict()
    unit = groups["unit"].strip(" -").lower()
    scale = next((value for prefix, value in table("percent.toml")["units"].items() if unit.startswith(prefix)), 1.0)
    low, high = _number(groups["low"]), _number(groups.get("high"))
    start = match.start()
    if high is not None and low is not None and low >= 1900 and high < low:
        low, high, start = high, None, match.start("high")
    if low is None:
        return None
    kind: Unit = "points" if _is_points(unit) else "percent"
    return Mention(start, match.end(), _scaled((low, high), scale), kind)


def _is_points(unit: str) -> bool:
    return (
        "点" in unit
        or "point" in unit
        or unit == "个pct"
        or unit.lstrip("个").startswith(("bp", "pp", "p.p"))
        or unit.endswith("pts")
    )


def _read_over(match: re.Match[str]) -> Mention | None:
    named = {"百": 100.0, "千": 1000.0, "万": 10000.0}
    below = named.get(match["low"]) or read_number(match["low"])
    above = [_number(match["high"]), _number(match["top"])]
    if not below or above[0] is None:
        return None
    return Mention(match.start(), match.end(), _scaled((above[0], above[1]), 100.0 / below))


def _read_tenths(match: re.Match[str]) -> Mention | None:
    values = (_number(match["low"] or match["one"]), _number(match["high"]))
    if values[0] is None or max(value or 0.0 for value in values) > 10:
        return None
    tail = 0.5 if match["tail"] == "半" else (_number(match["tail"]) or 0.0) / 10
    first = values[0] if values[1] is not None else values[0] + tail
    second = None if values[1] is None else values[1] + tail
    return Mention(match.start(), match.end(), _scaled((first, second), 10.0))


def _read_doubling(match: re.Match[str]) -> Mention | None:
    if match["n"]:
        return Mention(match.start(), match.end(), (100.0 * (2 ** int(_number(match["n"]) or 1) - 1),), "growth")
    return Mention(
        match.start(), match.end(), (100.0 * ((_number(match["x"]) if match["x"] else None) or 1.0),), "growth"
    )


def _read_times(match: re.Match[str]) -> Mention | None:
    value = _number(match["low"] or match["times"])
    if value is None or not _is_growth(match.string, match.start(), match.end()):
        return None
    return Mention(
        match.start(), match.end(), _scaled((value + (0.5 if match["half"] else 0.0), None), 100.0), "growth"
    )


def _is_growth(folded: str, start: int, end: int) -> bool:
    """Tell growth ("增长3倍") from a level ("增至3倍", "是去年的3倍"), which is no percentage."""
    patterns = _times()
    before = patterns["approx"].sub("", folded[max(0, start - 14) : start])
    return bool(patterns["before"].search(before) or patterns["after"].match(folded, end))


def _read_half(match: re.Match[str]) -> Mention | None:
    return Mention(match.start(), match.end(), (50.0,), "growth" if match[0] in ("减半", "腰斩") else "percent")


def _read_multiple(match: re.Match[str]) -> Mention | None:
    multiples: dict[str, float] = table("percent.toml")["multiples"]
    verb = match["verb"].lower()
    value = next(value for stem, value in multiples.items() if verb.startswith(stem))
    return Mention(match.start(), match.end(), (value,), "growth")


def _read_fold(match: re.Match[str]) -> Mention | None:
    value = _number(match["low"])
    if value is None or value <= 1:
        return None
    return Mention(match.start(), match.end(), _scaled((value - 1.0, None), 100.0), "growth")


def _read_fraction(match: re.Match[str]) -> Mention | None:
    value = _number(match["low"] or match["low2"])
    if value is None or not 0 < value < 1:
        return None
    return Mention(match.start(), match.end(), _scaled((value, None), 100.0))


def _number(text: str | None) -> float | None:
    return None if text is None else read_number(text)


def _scaled(values: tuple[float | None, float | None], scale: float) -> tuple[float, ...]:
    return tuple(round(value * scale, 4) for value in values if value is not None)


@cache
def _times() -> dict[str, re.Pattern[str]]:
    return {key: re.compile(pattern, re.IGNORECASE) for key, pattern in table("percent.toml")["times"].items()}


_READERS: dict[str, Reader] = {
    "percent": _read_percent,
    "over": _read_over,
    "tenths": _read_tenths,
    "doubling": _read_doubling,
    "times": _read_times,
    "half": _read_half,
    "multiple": _read_multiple,
    "fold": _read_fold,
    "fraction": _read_fraction,
}
