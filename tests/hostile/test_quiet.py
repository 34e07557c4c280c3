"""Nothing is fetched, sent or executed whatever an input says."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_inputs import abilities, all_cases
from hostile_inputs.sizes import ELEMENTS, LIMIT

# In a process of its own: an audit hook cannot be taken away again.
_PROGRAM = """
import sys
from pathlib import Path
# urllib3, which trafilatura imports, opens a socket to see whether there is IPv6: importing is not reading.
import charset_normalizer, docx, pypdf, trafilatura
from quintuple.events import Article
from quintuple.preprocess import find_inputs, read_path
from quintuple.preprocess.formats import READERS
from quintuple.settings import load_settings

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile",
             "urllib.", "ftplib.", "http.", "smtplib.", "webbrowser.", "pty.")
folder = Path(sys.argv[1])
reading = False

def hook(event, arguments):
    if reading and (event.startswith(FORBIDDEN) or event == "open" and outside(arguments)):
        print("FORBIDDEN", event, arguments, flush=True)

def outside(arguments):
    path, mode, _ = arguments
    return str(path).startswith("/etc/passwd") or bool(mode and set(mode) & set("wax+"))

options = {"preprocess.max_bytes": int(sys.argv[2]), "preprocess.max_elements": int(sys.argv[3])}
settings = load_settings(overrides=options).preprocess
sys.addaudithook(hook)
reading = True
inputs = find_inputs([folder])
items = [(path, item) for path, root in inputs.files for item in read_path(path, settings=settings, root=root)]
reading = False
good = [path.name for path, item in items if isinstance(item, Article)]
print("articles of", " ".join(sorted(suffix for suffix in READERS if any(name.endswith(suffix) for name in good))))
import socket
reading = True
socket.socket().close()
"""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


def test_readers_fetch_and_execute_nothing(server: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = server
    able = abilities(tmp_path)
    folder = tmp_path / "inputs"
    for case in all_cases(limit=LIMIT, elements=ELEMENTS, url=url):
        if not case.needs or case.needs in able:
            case.put(folder)
    command = [sys.executable, "-c", _PROGRAM, str(folder), str(LIMIT), str(ELEMENTS)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    first, *others = done.stdout.splitlines()
    assert first == "articles of .docx .html .json .jsonl .md .pdf .txt .txt.gz"
    # The hook works: it sees the socket that the program itself makes at its end, and nothing before it.
    assert [line.split(" ")[1] for line in others] == ["socket.__new__"]
    assert asked == []
