"""schemathesis against the OpenAPI document: whatever is asked, no answer is a server error or breaks its promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from quintuple.web.access import LOOPBACK, Access
from quintuple.web.app import create_app
from quintuple.web.desk import Desk

pytestmark = pytest.mark.slow
schemathesis = pytest.importorskip("schemathesis", reason="fuzzing needs schemathesis")
from schemathesis import checks

_CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_no_request_breaks_the_server(make_desk: Callable[..., Desk], results: Path, mode: Any) -> None:
    desk = make_desk(results)
    # "testserver" is the host that the client inside schemathesis names.
    app = create_app(desk, Access(LOOPBACK | {"testserver"}))
    # Without its pytest plugin, which leans on the insides of older pytests.
    operations = [found.ok() for found in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()]
    assert len(operations) == 11
    answers: Counter[str] = Counter()
    for operation in operations:
        try:
            fuzz(operation, mode, answers)
        except Unsatisfiable:
            # There is no wrong request where there is nothing to send.
            assert mode is schemathesis.GenerationMode.NEGATIVE
    expected = "200" if mode is schemathesis.GenerationMode.POSITIVE else "422"
    assert answers[f"POST /extract {expected}"], answers


def fuzz(operation: Any, mode: Any, answers: Counter[str]) -> None:
    """Ask an operation many things and hold every answer against the document."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(operation.as_strategy(mode))
    def ask(case: Any) -> None:
        response = case.call()
        answers[f"{operation.label} {response.status_code}"] += 1
        case.validate_response(response, checks=_CHECKS)

    ask()
