"""A copy of the sample home for tests that write to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.settings import load_settings


@pytest.fixture
def sample_copy(own_home: Path) -> Iterator[KnowledgeBase]:
    """Return the open knowledge base of a copy of the shipped corpus."""
    with KnowledgeBase.open(load_settings(own_home)) as knowledge:
        yield knowledge
