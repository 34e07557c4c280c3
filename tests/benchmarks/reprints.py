"""How a wire story looks when others print it, and stories that only look like one another."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Edit = Callable[[str, str, random.Random], str]


def wire(text: str, language: str, chance: random.Random) -> str:
    """Another outlet's source and editor around the text."""
    if language == "en":
        return f"(Source: Harbour Wire) {text}\nAdditional reporting by our staff."
    return f"（来源：海港通讯）{text}\n（责任编辑：陈一）"


def marks(text: str, language: str, chance: random.Random) -> str:
    """Full-width digits and marks, other line ends, capitals."""
    wide = "".join(chr(ord(char) + 0xFEE0) if char in "0123456789" else char for char in text)
    return wide.replace(",", "，").replace("\n", "\r\n\r\n").upper()


def cut(text: str, language: str, chance: random.Random) -> str:
    """The last tenth left out."""
    sentences = re.split(r"(?<=[.。])\s*", text)
    return " ".join(sentences[: -max(1, len(sentences) // 10) - 1])


def headline(text: str, language: str, chance: random.Random) -> str:
    """A headline of the outlet's own."""
    return (
        "EXCLUSIVE: What we know about today's deal\n\n" if language == "en" else "独家｜今日这桩交易的来龙去脉\n\n"
    ) + text


def words(text: str, language: str, chance: random.Random) -> str:
    """One word in a hundred replaced."""
    parts, new = (text.split(" "), "newly") if language == "en" else (list(text), "新")
    for _ in range(max(1, len(parts) // 100)):
        parts[chance.randrange(len(parts))] = new
    return (" " if language == "en" else "").join(parts)


EDITS: list[Edit] = [wire, marks, cut, headline, words]


def other_story(text: str, language: str, chance: random.Random) -> str:
    """The same sentences about other companies and figures, as announcements by form are."""
    text = re.sub(r"\d", lambda _: chance.choice("23456789"), text)
    if language == "zh":
        return re.sub(
            r"公司|集团|股份|科技", lambda found: "".join(chance.sample("华安金海宁远东方", 2)) + found[0], text
        )
    return re.sub(r"\b[A-Z][a-z]{3,}\b", lambda found: "".join(chance.choices("aeioklmnrst", k=len(found[0]))), text)
