"""Language by script."""

from __future__ import annotations

import pytest

from quintuple.preprocess.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("晨星收购远山。", "zh"),
        ("晨星Alpha收购Beta Software部分股权，CEO辞任。", "zh"),
        ("Alpha Holdings (晨星) bought a stake in Beta.", "en"),
        ("Alpha bought Beta.", "en"),
    ],
)
def test_share_of_script(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("default", ["zh", "en"])
def test_no_letters(default: str) -> None:
    assert detect_language("12.5% — 2022", default=default) == default  # type: ignore[arg-type]
