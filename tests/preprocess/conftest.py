"""Texts and settings that the tests of the preprocessing stage share."""

from __future__ import annotations

import pytest

from quintuple.settings import PreprocessSettings, load_settings

SIMPLIFIED = (
    "晨星电子昨日公告，公司拟以不超过三亿元收购远山软件百分之五十一的股权。交易完成后，远山软件将成为其控股子公司。"
    "公司董事长表示，这次收购有助于扩大企业服务业务，也符合集团的长期战略。"
)
TRADITIONAL = (
    "晨星電子昨日公告，公司擬以不超過三億元收購遠山軟體百分之五十一的股權。交易完成後，遠山軟體將成為其控股子公司。"
    "公司董事長表示，這次收購有助於擴大企業服務業務，也符合集團的長期戰略。"
)
ENGLISH = (
    "Morning Star Electronics Ltd. said on Tuesday it would buy 51% of Farhill Software for up to 300 million yuan. "
    "“The deal widens our services business,” its chairman said, adding that a café chain remains a client."
)


@pytest.fixture(scope="session")
def settings() -> PreprocessSettings:
    return load_settings().preprocess


@pytest.fixture(scope="session")
def simplified() -> str:
    return SIMPLIFIED


@pytest.fixture(scope="session")
def traditional() -> str:
    return TRADITIONAL


@pytest.fixture(scope="session")
def english() -> str:
    return ENGLISH
