"""The server as it is started, with the shipped model: many requests at once all answer, and memory stays flat."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
httpx = pytest.importorskip("httpx", reason="needs httpx")
psutil = pytest.importorskip("psutil", reason="needs psutil to see the memory")

_REQUESTS = 200
_BYTES = 5000
_ZH = (
    "{n}月，松亭集团将其在青岚科技的持股由{n}2.5%降至{n}.8%，并计划收购远岸物流。公司营业收入同比增长{n}%。",
    "会场设在河边的旧厂房里，来的人比主办方想的多，走廊上也摆了椅子。有人问起海外的门店，负责人说天气转暖以后再谈。",
)
_EN = (
    "In 202{d}, Aldermere cut its stake in Finch Robotics from {n}1.3% to {n}.7%. Revenue rose {n}% and costs fell. ",
    "The hall was colder than anyone had expected, and the coffee ran out before the first speaker did. Why? A smile. ",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address and process id of a running `quintuple review`."""
    folder = tmp_path_factory.mktemp("server")
    command = [sys.executable, "-m", "quintuple", "review", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            found = re.search(r"http://\S+", line)
            assert found is not None, line + process.stderr.read()
            yield found[0], process.pid
        finally:
            process.terminate()


def article(number: int) -> str:
    """Return some 5 kB of text, another for every number: news first, then talk, as articles are."""
    news, talk = _ZH if number % 2 else _EN
    text = news.format(n=number % 9 + 1, d=number % 5) + talk * 50
    return text.encode()[:_BYTES].decode("utf-8", "ignore") + str(number)


async def ask_all(url: str, numbers: range) -> list[dict[str, object]]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=None, limits=limits) as client:
        answers = await asyncio.gather(
            *(client.post("/extract", json={"text": article(number), "id": str(number)}) for number in numbers)
        )
    assert {answer.status_code for answer in answers} == {200}
    return [answer.json() for answer in answers]


def test_two_hundred_requests_at_once(server: tuple[str, int]) -> None:
    url, pid = server
    process = psutil.Process(pid)
    # The first articles fill caches and the arenas of the runtime.
    first = asyncio.run(ask_all(url, range(20)))
    before = process.memory_info().rss
    records = asyncio.run(ask_all(url, range(_REQUESTS)))
    after = process.memory_info().rss
    assert [record["id"] for record in records] == [str(number) for number in range(_REQUESTS)]
    assert all(record["events"] for record in records)
    assert records[:20] == first, "what else is going on must not change an answer"
    figures = f"{before / 1e6:.0f} MB before, {after / 1e6:.0f} MB after"
    logging.getLogger(__name__).info(figures)
    assert after < before * 1.1, figures


def test_ctrl_c_ends_it_and_says_how_to_train(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("no SIGINT for a child on Windows")
    import signal

    command = [sys.executable, "-m", "quintuple", "review", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stderr is not None
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found is not None
        with httpx.Client(base_url=found[0], timeout=60) as client:
            entry = client.post("/review/documents", json={"text": "Nothing happened."}).json()
            assert client.put(f"/review/documents/{entry['key']}", json={"events": []}).status_code == 200
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert "0 corrections in 1 articles -> pasted.reviewed.jsonl; to train on them:" in rest
    assert "  quintuple data check pasted.reviewed.jsonl" in rest
