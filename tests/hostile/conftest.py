"""The hostile inputs, in a folder."""

from __future__ import annotations

import pytest
from hostile_inputs import Case, abilities, all_cases
from hostile_inputs.sizes import ELEMENTS, LIMIT


@pytest.fixture(scope="session")
def able(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """What this system can do, of what the inputs need."""
    return abilities(tmp_path_factory.mktemp("able"))


@pytest.fixture(scope="session")
def cases(able: frozenset[str]) -> list[Case]:
    """The inputs that this system can hold; 127.0.0.1:9 answers nobody."""
    made = all_cases(limit=LIMIT, elements=ELEMENTS, url="http://127.0.0.1:9")
    return [case for case in made if not case.needs or case.needs in able]
